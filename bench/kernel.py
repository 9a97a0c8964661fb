# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The kernel by itself, beside ipykernel in one run: start, memory, the round
trip of a trivial cell, a queue of cells, 10 MB of output, interrupt, shutdown.

livy-kernel's cells go to a scripted Livy server that answers everything at
once, so that the figures are the kernel's own. Both kernels are measured by
kernel_bench.py, in turn: each four times, and of these the shortest times count,
since what disturbs a run only makes it slower, and the largest memory.
"""
import json
import subprocess
import sys

import room
import tables
from record import quick, save, say

HARNESS = room.ROOT / "bench" / "kernel_bench.py"
BIG = 10_000_000
CELLS = {  # by kernel: its kernelspec and its cells
    "livy-kernel": (room.OURS, "1+1", f"print {BIG}", "sleep 60"),
    "ipykernel": ("python3", "1+1", f"print(('x'*99+'\\n')*{BIG // 100}, end='')", "import time; time.sleep(60)"),
}


def measure(label, place, few):
    name, trivial, big, sleep = CELLS[label]
    env = {**place.env, "JUPYTER_PATH": f"{place.home}/.local/share/jupyter:{sys.prefix}/share/jupyter"}
    less = ["--starts", "2", "--trips", "20", "--pipeline", "50", "--executes", "100", "--interrupts", "1"] if few else []
    done = subprocess.run([sys.executable, HARNESS, name, "--trivial", trivial, "--big", big, "--big-bytes", str(BIG), "--sleep", sleep, *less],
                          env=env, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name}: {done.stdout}\n{done.stderr}")
    result = json.loads(done.stdout)
    if result["errors"]:
        raise RuntimeError(f"{name}: {result['errors']}")
    return figures(result)


def figures(result):
    """The figures of one run; the less the better, but for cells a second."""
    queue, busy, interrupt = result["pipelined"], result["shutdown_busy"], result["interrupt_ms"]
    start, first, after = (result[name]["rss_mib"] for name in ("memory_start", "memory_first", "memory_1000"))
    whole = [queue["in_order"] and queue["replies"] == queue["idles"] == queue["n"], result["big_output"]["complete"], not busy["leftover"],
             interrupt["usable_after"] == "ok"]
    return {
        "exec": result["exec_to_info_ms"]["median"], "least exec": result["exec_to_info_ms"]["min"],
        "start": result["cold_start_ms"]["median"], "launch": result["launch_ms"]["median"],
        "memory": start, "first growth": round(first - start, 1), "growth": round(after - start, 1), "cells": result["memory_1000"]["executes"],
        "round trip": result["round_trip_ms"]["median"], "least round trip": result["round_trip_ms"]["min"],
        "queued": queue["per_second"], "output": result["big_output"]["ms"], "interrupt": interrupt["median"],
        "shutdown": result["shutdown_idle_ms"]["median"], "busy shutdown": busy["exit_ms"], "sound": all(whole),
    }


def together(runs):
    """The better time of each, the worse memory; sound if all runs are."""
    one = {name: min((run[name] for run in runs if run[name] is not None), default=None) for name in runs[0]}
    return one | {name: max(run[name] for run in runs) for name in ("queued", "memory", "first growth", "growth")}


def main():
    few, runs = quick(__doc__), {label: [] for label in CELLS}
    room.build()
    with room.Scripted() as place:
        for i in range(1 if few else 4):
            for label, taken in runs.items():
                say(f"kernel: {label}, run {i + 1}")
                taken.append(measure(label, place, few))
    result = {label: together(taken) for label, taken in runs.items()}
    save("kernel", result)
    print(tables.kernel(result))


if __name__ == "__main__":
    main()
