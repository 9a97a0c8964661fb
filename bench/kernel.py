# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""livy-kernel beside ipykernel, in one run: `make bench-kernel`.

livy-kernel's cells go to a scripted Livy server that answers at once, so that
the figures are the kernel's own. Prints a Markdown table.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HARNESS = ROOT / "bench" / "kernel_bench.py"
BIG = 10_000_000


def measure(name, env, *args):
    done = subprocess.run([sys.executable, HARNESS, name, "--executes", "1000", "--big-bytes", str(BIG), *args],
                          env=env, capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stdout}\n{done.stderr}")
    return json.loads(done.stdout)


def at(result, path):
    for key in path.split("."):
        result = (result or {}).get(key)
    return result


ROWS = [
    ("start to kernel_info_reply, min (ms)", "cold_start_ms.min"),
    ("start to kernel_info_reply, median (ms)", "cold_start_ms.median"),
    ("round trip of a trivial cell, min (ms)", "round_trip_ms.min"),
    ("round trip of a trivial cell, median (ms)", "round_trip_ms.median"),
    ("pipelined cells a second", "pipelined.per_second"),
    ("10 MB of output to idle (ms)", "big_output.ms"),
    ("interrupt to idle, median (ms)", "interrupt_ms.median"),
    ("shutdown while idle, median (ms)", "shutdown_idle_ms.median"),
    ("shutdown while busy (ms)", "shutdown_busy.exit_ms"),
]


def main():
    with tempfile.TemporaryDirectory() as home:
        server_binary = pathlib.Path(home) / "livytest-server"
        subprocess.run(["go", "build", "-trimpath", "-o", server_binary, "./test/livytest-server"], cwd=ROOT, check=True)
        server = subprocess.Popen([server_binary], stdout=subprocess.PIPE, text=True)
        try:
            env = {**os.environ, "HOME": home, "JUPYTER_PATH": f"{sys.prefix}/share/jupyter"}
            url = server.stdout.readline().strip()
            subprocess.run([os.environ["LIVY_KERNEL_TEST_BIN"], "install", "bench", "--endpoint", url, "--kinds", "pyspark"],
                           env=env, check=True, capture_output=True)
            theirs = measure("python3", env, "--trivial", "1+1", "--big", f"print(('x'*99+'\\n')*{BIG // 100}, end='')",
                             "--sleep", "import time; time.sleep(60)")
            ours = measure("livy-bench-pyspark", env, "--trivial", "1+1", "--big", f"print {BIG}", "--sleep", "sleep 60")
        finally:
            server.terminate()
    if "--json" in sys.argv:
        print(json.dumps({"livy-kernel": ours, "ipykernel": theirs}, indent=1))
        return
    print("| | livy-kernel | ipykernel |\n|---|---:|---:|")
    for label, path in ROWS:
        print(f"| {label} | {at(ours, path)} | {at(theirs, path)} |")
    print("errors:", ours.get("errors"), theirs.get("errors"), file=sys.stderr)


if __name__ == "__main__":
    main()
