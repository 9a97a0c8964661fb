# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Start: from exec to kernel_info_reply, from Run on the first cell to its
output, and where the time goes.

Kernels start turn by turn. The embedded Spark is cold when none of its files is
in the page cache, and warm when all are; that Spark is set up is given.
"""
import os
import pathlib
import time

import psutil

import room
from client import Kernel
from floor import Bare
from record import quick, save, say, summary

# The line of the driver's log that tells of each stage's end.
STAGES = {"Python starts a JVM": "Setting default log level", "Spark's classes and the Scala REPL": "NativeCodeLoader"}
LAST_STAGE = "SparkContext, until the session is idle"


def processes(starts, place):
    """exec to kernel_info_reply, in ms."""
    values = {}
    for i in range(starts):
        for label, name in (("livy-kernel", room.OURS), ("sparkmagic", room.THEIRS), ("ipykernel", "python3")):
            if label != "livy-kernel" and i * 3 >= starts:
                continue  # they take long, and vary little
            kernel = Kernel(name, place)
            values.setdefault(label, []).append(kernel.start_ms)
            kernel.close()
    return {label: summary(v) for label, v in values.items()}


def forget_files(folder):
    """Drops the files of a folder from the page cache (Linux), no privilege needed."""
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file() and not path.is_symlink():
            fd = os.open(path, os.O_RDONLY)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)


def first_cell(name, place, code="print(1)"):
    """Run on the first cell of a kernel that is up to its first output, in ms."""
    kernel, outputs = Kernel(name, place), []
    # sparkmagic shows a table of its session before; that is not the output.
    kernel.execute(code, lambda m, ms: outputs.append(ms) if m["msg_type"] == "stream" and m["content"]["text"].strip() == "1" else None)
    job = kernel.execute("spark.range(3).count()").ms
    kernel.close()
    return outputs[0], job


def embedded(repetitions):
    """The first cell on a Spark that the kernel starts itself, warm and cold."""
    values = {}
    with room.Local() as place:
        first_cell("livy-local-pyspark", place)  # all files are read
        for _ in range(repetitions):
            for label in ("warm", "cold"):
                if label == "cold":
                    forget_files(room.SPARK)
                output, job = first_cell("livy-local-pyspark", place)
                values.setdefault(f"{label}: first output", []).append(output)
                values.setdefault(f"{label}: first Spark job", []).append(job)
    return {label: summary(v) for label, v in values.items()}


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
        result = {"process": processes(3 if few else 21, place)}
    say("start: the first cell on the embedded Spark")
    result["embedded"] = embedded(1 if few else 3)
    say("start: the first cell on livy-kernel serve")
    with room.Served() as place:
        result["served"] = served(1 if few else 3, place)
        result["stages"] = stages(1 if few else 3, place)
    save("start", result)


if __name__ == "__main__":
    main()
