# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Start: from exec to kernel_info_reply, from Run on the first cell to its
output, and where the time goes.

Kernels start turn by turn. The embedded Spark is cold when none of its files is
in the page cache, and warm when all are; that Spark is set up is given. What it
is held against is a plain PySpark script, which starts the same Spark.
"""
import json
import os
import pathlib
import subprocess
import time

import psutil
import zmq

import room
from client import Kernel
from floor import Bare
from kernel_bench import exec_to_info
from record import quick, save, say, summary

# The line of the driver's log that tells of each stage's end.
STAGES = {"Python, and the JVM beside its imports": "Setting default log level", "Spark's classes": "NativeCodeLoader"}
LAST_STAGE = "SparkContext beside the Scala interpreter, until idle"
TYPING = 15  # seconds that a user takes to write the first cell
PLAIN = """
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[*]").getOrCreate()
print(1, flush=True)
began = time.perf_counter()
spark.range(3).count()
print((time.perf_counter() - began) * 1e3)
"""


def processes(starts, place):
    """exec to kernel_info_reply, in ms, and what a front-end waits in all."""
    values, parts, context = {}, {}, zmq.Context.instance()
    for i in range(starts):
        for label, name in (("livy-kernel", room.OURS), ("sparkmagic", room.THEIRS), ("ipykernel", "python3")):
            if label != "livy-kernel" and i * 3 >= starts:
                continue  # they take long, and vary little
            kernel = Kernel(name, place)
            kernel.close()
            values.setdefault(label, []).append(exec_to_info(kernel.manager.kernel_spec, place.env, context, place.log, 30))
            if label == "livy-kernel":
                parts.setdefault("a front-end of jupyter_client, from its `start_kernel` to the reply", []).append(kernel.start_ms)
                parts.setdefault("of that in `start_kernel`, while the kernel starts beside it", []).append(kernel.launch_ms)
        began = time.perf_counter()
        subprocess.run([room.BINARY, "version"], env=place.env, stdout=subprocess.DEVNULL, check=True)
        parts.setdefault("for comparison: the same binary's `version`, whole", []).append((time.perf_counter() - began) * 1e3)
    return {label: summary(v) for label, v in values.items()}, {label: summary(v) for label, v in parts.items()}


def forget_files(folder):
    """Drops the files of a folder from the page cache (Linux), no privilege needed."""
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file() and not path.is_symlink():
            fd = os.open(path, os.O_RDONLY)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)


def first_cell(name, place, code="print(1)", typing=0):
    """Run on the first cell of a kernel that is up to its first output, in ms."""
    kernel, outputs = Kernel(name, place), []
    time.sleep(typing)
    # sparkmagic shows a table of its session before; that is not the output.
    kernel.execute(code, lambda m, ms: outputs.append(ms) if m["msg_type"] == "stream" and m["content"]["text"].strip() == "1" else None)
    job = kernel.execute("spark.range(3).count()").ms
    kernel.close()
    return outputs[0], job


def plain(place):
    """The same of a PySpark script: its start to its first output, and a job."""
    found = json.loads(pathlib.Path(room.SPARK, "installation.json").read_text())
    env = {**place.env, "SPARK_HOME": found["sparkHome"], "JAVA_HOME": found["javaHome"], "PYSPARK_PYTHON": found["python"], "SPARK_LOCAL_IP": "127.0.0.1"}
    began = time.perf_counter()
    with subprocess.Popen([found["python"], "-c", PLAIN], env=env, cwd=place.home, stdout=subprocess.PIPE, stderr=place.log, text=True) as script:
        script.stdout.readline()
        output = (time.perf_counter() - began) * 1e3
        return output, float(script.stdout.read())


def embedded(repetitions):
    """The first cell on a Spark that the kernel starts itself, warm and cold, by
    two clients; and where the kernel starts Spark with itself."""
    values = {}
    with room.Local() as place, room.Local(start="kernel") as ahead:
        runs = {"livy-kernel": lambda: first_cell("livy-local-pyspark", place), "plain PySpark": lambda: plain(place)}
        for run in runs.values():
            run()  # all files are read
        for _ in range(repetitions):
            for state in ("warm", "cold"):
                for label, run in runs.items():
                    if state == "cold":
                        forget_files(room.SPARK)
                    output, job = run()
                    values.setdefault(state, {}).setdefault(label, {"output": [], "job": []})["output"].append(output)
                    values[state][label]["job"].append(job)
            began = values.setdefault("ahead", {}).setdefault("livy-kernel", {"output": [], "job": []})
            for key, ms in zip(began, first_cell("livy-local-pyspark", ahead, typing=TYPING)):
                began[key].append(ms)
    return {state: {label: {k: summary(v) for k, v in pair.items()} for label, pair in row.items()} for state, row in values.items()}


def settle(place):
    """Waits until the drivers of the sessions before have ended: that takes processors."""
    while psutil.Process(place.server.pid).children(True):
        time.sleep(0.2)


def bare_first_cell(place):
    started = time.perf_counter()
    client = Bare(place)
    client.execute("print(1)")
    ms = (time.perf_counter() - started) * 1e3
    client.close()
    return ms


def served(repetitions, place):
    """The first cell on `livy-kernel serve`, by three clients."""
    values = {}
    for _ in range(repetitions):
        for label, run in (("livy-kernel", lambda: first_cell(room.OURS, place)[0]), ("sparkmagic", lambda: first_cell(room.THEIRS, place)[0]),
                           ("floor", lambda: bare_first_cell(place))):
            settle(place)
            values.setdefault(label, []).append(run())
    return {label: summary(v) for label, v in values.items()}


class Watched(Bare):
    """A session whose start is watched through its log."""

    def __init__(self, place):
        self.marks, self.started = {}, time.perf_counter()
        super().__init__(place)

    def call(self, method, path, body=None):
        answer = super().call(method, path, body)
        while method == "POST" and super().call("GET", f"/sessions/{answer['id']}/state")["state"] == "starting":
            log = "\n".join(super().call("GET", f"/sessions/{answer['id']}/log?size=1000")["log"])
            for stage, line in STAGES.items():
                if line in log:
                    self.marks.setdefault(stage, self.elapsed())
            time.sleep(0.01)
        if method == "POST":
            self.marks[LAST_STAGE] = self.elapsed()
        return answer

    def elapsed(self):
        return (time.perf_counter() - self.started) * 1e3


def stages(repetitions, place):
    values = {}
    for _ in range(repetitions):
        settle(place)
        client, before = Watched(place), 0
        for stage in (*STAGES, LAST_STAGE):
            values.setdefault(stage, []).append(client.marks[stage] - before)
            before = client.marks[stage]
        client.close()
    return {stage: summary(v) for stage, v in values.items()}


def main():
    few = quick(__doc__)
    room.build()
    say("start: processes")
    with room.Scripted() as place:
        process, parts = processes(3 if few else 21, place)
    result = {"process": process, "process parts": parts}
    say("start: the first cell on the embedded Spark")
    result["embedded"] = embedded(1 if few else 3)
    say("start: the first cell on livy-kernel serve")
    with room.Served() as place:
        result["served"] = served(1 if few else 3, place)
        result["stages"] = stages(1 if few else 3, place)
    save("start", result)


if __name__ == "__main__":
    main()
