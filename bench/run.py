# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Takes every figure, one after the other, and writes docs/benchmarks.md:
`make bench`. One that fails does not lose the others.

Figures may be named: `make bench FIGURES="start headless"`.
"""
import argparse
import os
import platform
import signal
import subprocess
import sys
import time

import psutil

from record import load, save, say
from room import BINARY, ROOT

FIGURES = {"kernel": 700, "start": 500, "headless": 600, "throughput": 600, "weight": 600, "calls": 500, "deadtime": 1200, "hotpaths": 120,
           "demo": 900}  # seconds, at most


def machine():
    """What a figure is taken on, and how busy that is."""
    def words(*argv):
        return subprocess.run(argv, capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()
    cpu = next((line.partition(":")[2].strip() for line in words("lscpu").splitlines() if line.startswith("Model name")), platform.machine())
    return {"day": time.strftime("%Y-%m-%d"), "load": round(os.getloadavg()[0], 1), "binary": words(BINARY, "--version"),
            "machine": f"{platform.system()}, {os.cpu_count()} processors ({cpu}), {psutil.virtual_memory().total / 2**30:.0f} GiB; "
                       f"Python {platform.python_version()}, {words('go', 'version').removeprefix('go version ')}"}


def end(process):
    """Ends a figure that runs on, and with it what it has started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def take(figure, few):
    """Whether a figure was taken."""
    began, taken = time.perf_counter(), machine()
    process = subprocess.Popen([sys.executable, ROOT / "bench" / f"{figure}.py", *["--quick"] * few])
    try:
        ok = process.wait(FIGURES[figure]) == 0
    except subprocess.TimeoutExpired:
        ok = False
    finally:
        end(process)
    if ok:
        save("taken", (load("taken") or {}) | {figure: taken})
    say(f"{figure}: {'done' if ok else 'FAILED'} in {time.perf_counter() - began:.0f} s")
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=", ".join(FIGURES))
    parser.add_argument("--quick", action="store_true", help="few repetitions; the document stays as it is")
    options = parser.parse_args()
    if unknown := set(options.figures) - set(FIGURES):
        parser.error(f"unknown: {', '.join(unknown)}")
    wanted = [f for f in FIGURES if f in options.figures or not options.figures]
    say(f"bench: {', '.join(wanted)}: about {'8' if options.quick else '30'} minutes for all")
    began = time.perf_counter()
    failed = [f for f in wanted if not take(f, options.quick)]
    if not options.quick:
        if subprocess.run([sys.executable, ROOT / "bench" / "document.py"], check=False).returncode != 0:
            failed.append("docs/benchmarks.md")
    say(f"bench: {(time.perf_counter() - began) / 60:.1f} minutes" + (f"; FAILED: {', '.join(failed)}" if failed else ""))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
