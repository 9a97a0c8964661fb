# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Headless: a notebook of 50 short cells by nbconvert, its whole time, beside
sparkmagic and beside the floor, a bare HTTP client that runs the same cells. On
`livy-kernel serve` with real Spark; the session's start is part of each."""
import json
import subprocess
import sys
import time

import room
from floor import Bare
from record import quick, save, say, summary


def notebook(path, cells):
    sources = ["import time", "data = spark.range(10)"] + [f"x = {i}\nprint(x * 2)" for i in range(cells - 2)]
    path.write_text(json.dumps({"metadata": {}, "nbformat": 4, "nbformat_minor": 5, "cells": [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": None, "outputs": [], "source": s} for i, s in enumerate(sources)]}))
    return sources


def nbconvert(name, place, path):
    """Seconds of a run, as a user has it: the converter's own start included."""
    began = time.perf_counter()
    env = {**place.env, "JUPYTER_PATH": str(place.home / ".local/share/jupyter")}
    done = subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", f"--ExecutePreprocessor.kernel_name={name}",
                           "--output", "out.ipynb", path], env=env, cwd=place.home, capture_output=True, text=True, timeout=600)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    executed = json.loads((place.home / "out.ipynb").read_text())["cells"]
    last = "".join(executed[-1]["outputs"][-1]["text"]).strip()
    if last != str(2 * (len(executed) - 3)):
        raise RuntimeError(f"the last cell says {last!r}")
    return seconds


def bare(place, sources):
    began = time.perf_counter()
    client = Bare(place)
    for source in sources:
        client.execute(source)
    client.close()
    return time.perf_counter() - began


def converter(place, path):
    """Seconds that nbconvert takes without a kernel."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--output", "plain.ipynb", path], env=place.env, cwd=place.home,
                   capture_output=True, check=True, timeout=600)
    return time.perf_counter() - began


def main():
    few = quick(__doc__)
    values = {}
    with room.Served() as place:
        path = place.home / "cells.ipynb"
        sources = notebook(path, 10 if few else 50)
        for i in range(1 if few else 5):
            say(f"headless: round {i + 1}")
            for label, seconds in (("livy-kernel", lambda: nbconvert(room.OURS, place, path)), ("sparkmagic", lambda: nbconvert(room.THEIRS, place, path)),
                                   ("floor", lambda: bare(place, sources)), ("nbconvert without a kernel", lambda: converter(place, path))):
                values.setdefault(label, []).append(seconds())
    save("headless", {"cells": len(sources), "seconds": {label: summary(v) for label, v in values.items()}})


if __name__ == "__main__":
    main()
