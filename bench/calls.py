# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Requests per cell, and many notebooks of one identity.

Instant cells and cells of 1.3 s are counted at the server, beside sparkmagic.
Cells of ten minutes and crowds of notebooks pass in simulated time: they are
tests of the Go package bench/simulation, which fail when a bound is exceeded.
"""
import collections
import json
import subprocess
import sys

import room
from client import Kernel
from floor import Bare
from record import RESULTS, quick, save, say

# What sparkmagic's own rule for its pauses makes of a cell; every request takes
# no time here, so that it is not fewer in fact.
SPARKMAGIC_POLLS = """
from sparkmagic.livyclientlib.configurableretrypolicy import ConfigurableRetryPolicy
policy = ConfigurableRetryPolicy(retry_seconds_to_sleep_list=[0.2, 0.5, 0.5, 1, 1, 2], max_retries=5000)
for lasts in (4.1, 30, 600):
    at, n = 0, 0
    while at < lasts:
        n += 1
        at += policy.seconds_to_sleep(n)
    print(lasts, n + 2, at - lasts)
"""


def counted(repetitions):
    """The requests of a statement, by client and length, the most of any."""
    most, codes = {}, {}
    with room.Scripted() as place:
        clients = {"livy-kernel": Kernel(room.OURS, place), "sparkmagic": Kernel(room.THEIRS, place), "floor": Bare(place)}
        for label, client in clients.items():
            client.execute("first")
            for seconds in (0, 1.3):
                for i in range(repetitions):
                    code = (f"sleep {seconds}" if seconds else "instant") + f"\n# {label} {i}"
                    codes[code] = (label, seconds)
                    client.execute(code)
        for client in clients.values():
            client.close()
        journal = place.journal()
    statements, asked = collections.defaultdict(list), collections.Counter()
    for request in journal:
        parts = request["path"].strip("/").split("/")
        if len(parts) < 3 or parts[2] != "statements":
            continue
        if request["method"] == "POST":
            statements[parts[1]].append(request["body"]["code"].strip())  # their ids are their order
        if len(parts) > 3 or request["method"] == "POST":
            number = int(parts[3].split("?")[0]) if len(parts) > 3 else len(statements[parts[1]]) - 1
            asked[parts[1], number] += 1
    for (session, number), n in asked.items():
        if key := codes.get(statements[session][number]):
            row = most.setdefault(str(key[1]), {})
            row[key[0]] = max(n, row.get(key[0], 0))
    return most


def sparkmagic_polls():
    """(seconds, requests, seconds of dead time) of cells, by sparkmagic's own rule."""
    out = subprocess.run([room.SPARKMAGIC, "-c", SPARKMAGIC_POLLS], capture_output=True, text=True, check=True).stdout
    return [[float(word) for word in line.split()] for line in out.splitlines()]


def main():
    few = quick(__doc__)
    room.build()
    say("calls: counted at the server")
    result = {"counted": counted(3 if few else 20), "sparkmagic": sparkmagic_polls()}
    say("calls: simulated")
    folder = RESULTS / "simulation"
    folder.mkdir(parents=True, exist_ok=True)
    short = ["-short"] if few else []
    done = subprocess.run(["go", "test", "./bench/simulation", "-count=1", "-timeout=10m", *short, "-args", "-json", folder], cwd=room.ROOT, check=False)
    result |= {name: json.loads((folder / f"{name}.json").read_text()) for name in ("calls", "notebooks")}
    save("calls", result)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
