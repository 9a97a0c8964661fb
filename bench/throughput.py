# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Throughput: queued cells and display updates on a scripted server that
answers at once; 10 and 100 MB of output and a table of 1,000 × 100 on real
Spark."""
import json
import subprocess
import time

import room
from client import Kernel
from record import quick, save, say, summary

UPDATER = room.CACHE / "bench" / "bin" / "updatekernel"
TABLE = "select " + ", ".join(f"id * {i} as c{i}" for i in range(100)) + " from range(1000)"
SILENCE_MS = 10_000  # after which nothing more is expected
NAMES = {"livy-kernel": room.OURS, "sparkmagic": room.THEIRS, "ipykernel": "python3"}


LONGEST = 120  # seconds for a queue: what has not ended then is counted as it is


def queued(name, place, n):
    """All requests at once; every reply and every idle should come, in order."""
    kernel = Kernel(name, place)
    kernel.execute("1+1")
    began = time.perf_counter()
    position = {kernel.begin("1+1"): i for i in range(n)}
    replies, idles, at = [], [], began
    while (len(replies) < n or len(idles) < n) and at - began < LONGEST:
        try:
            channel, message = kernel.receive(patience_ms=SILENCE_MS)
        except TimeoutError:
            break  # what has not come is lost
        i = position.get(message["parent_header"].get("msg_id"))
        if i is None:
            continue
        at = time.perf_counter()
        if channel == "shell":
            replies.append(i)
        elif message["content"].get("execution_state") == "idle":
            idles.append(i)
    seconds = at - began
    kernel.close()
    return {"n": n, "seconds": seconds, "per second": max(len(replies), len(idles)) / seconds, "idles": len(idles), "in order": replies == idles == list(range(n))}


def output(label, place, size):
    """A cell's output: how long, how much of it came, how it ends, and the memory."""
    kernel, ends = Kernel(NAMES[label], place), [""]
    kernel.execute("1+1")
    before = kernel.memory()

    def seen(message, _):
        content = message["content"]
        if message["msg_type"] == "error":
            ends.append(f"{content['ename']}: {content['evalue']}")
        elif message["msg_type"] == "stream":
            ends.append(content["text"][-400:].rstrip().rpartition("\n")[2])
    cell = kernel.execute(f"print(('x' * 99 + '\\n') * {size // 100}, end='')", seen, may_fail=True)
    result = {"bytes": size, "ms": cell.ms, "characters": cell.printed, "messages": len(ends) - 1, "before": before,
              "peak": kernel.peak_memory(), "end": ends[-1][:300]}
    time.sleep(2)
    result["after"] = kernel.memory()
    kernel.close()
    return result


def updates(name, place, code):
    kernel, got = Kernel(name, place), [0]

    def seen(message, _):
        got[0] += message["msg_type"] in ("update_display_data", "display_data")
    cell = kernel.execute(code, seen)
    kernel.close()
    return {"messages": got[0], "ms": cell.ms, "per second": got[0] / cell.ms * 1e3}


def table(name, place, code, repetitions):
    kernel, times, sizes = Kernel(name, place), [], []

    def seen(message, _):
        if "data" in message["content"]:
            sizes.append(len(json.dumps(message["content"]["data"])))
    kernel.execute(code)
    for _ in range(repetitions):
        times.append(kernel.execute(code, seen).ms)
    kernel.close()
    return summary(times) | {"bytes": max(sizes, default=0)}


def main():
    few = quick(__doc__)
    room.build()
    subprocess.run(["go", "build", "-trimpath", "-o", UPDATER, "./bench/updatekernel"], cwd=room.ROOT, check=True)
    result = {}
    with room.Scripted() as place:
        spec = place.home / ".local/share/jupyter/kernels/updatekernel"
        spec.mkdir(parents=True)
        (spec / "kernel.json").write_text(json.dumps({"argv": [str(UPDATER), "{connection_file}"], "display_name": "u", "language": "number"}))
        say("throughput: queued cells")
        result["queued"] = {label: [queued(name, place, n) for n in ((50,) if few else (500, 5000) if label != "sparkmagic" else (500,))]
                            for label, name in NAMES.items()}
        say("throughput: display updates")
        n = 500 if few else 5000
        code = f"h = display(0, display_id='d')\nfor i in range({n}): h.update(str(i))"
        result["updates"] = {"livy-kernel": updates("updatekernel", place, str(n)), "ipykernel": updates("python3", place, code)}
    say("throughput: output and a table")
    with room.Served() as place:
        sizes = (10**6,) if few else (10**7, 10**8)
        result["output"] = {label: [output(label, place, n) for n in (*sizes, *[3 * sizes[-1]] * (label == "livy-kernel"))] for label in NAMES}
        result["table"] = {"livy-kernel": table(room.OURS, place, "%%sql\n" + TABLE, 1 if few else 10),
                           "sparkmagic": table(room.THEIRS, place, "%%sql -n 1000\n" + TABLE, 1 if few else 10)}
    save("throughput", result)


if __name__ == "__main__":
    main()
