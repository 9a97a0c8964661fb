# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Hot paths: time and allocations of a message and of a cell, by the benchmarks
of the Go package bench/hotpath, and how many its test allows."""
import re
import subprocess
import sys

from record import quick, save, say
from room import ROOT

LINE = re.compile(r"^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op\s+(\d+) B/op\s+(\d+) allocs/op$", re.M)
BOUND = re.compile(r"(\S+): (\d+) allocations, at most (\d+)$", re.M)


def main():
    few = quick(__doc__)
    say("hot paths")
    done = subprocess.run(["go", "test", "-count=1", "-v", "-run", "^TestAllocations$", "-bench", ".", "-benchtime", "100x" if few else "1s",
                           "./bench/hotpath"], cwd=ROOT, capture_output=True, text=True, check=False)
    bounds = {path: int(most) for path, _, most in BOUND.findall(done.stdout)}
    save("hotpaths", [{"path": path, "ns": float(ns), "bytes": int(size), "allocations": int(n), "at most": bounds[path]}
                      for path, ns, size, n in LINE.findall(done.stdout)])
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)


if __name__ == "__main__":
    main()
