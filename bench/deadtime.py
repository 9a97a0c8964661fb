# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Dead time per cell: from the statement's end on the server to idle.

livy-kernel, sparkmagic, a bare HTTP client that polls every 5 ms (the floor)
and one that polls every 5 s, side by side on `livy-kernel serve` with real
Spark, and on a scripted server behind networks of 0, 20 and 150 ms. Short
cells go turn by turn, so that no client disturbs another; long ones side by
side, since waiting takes no processor.
"""
import concurrent.futures
import contextlib
import itertools

import room
from client import Kernel
from floor import Bare, ends
from record import quick, save, say, summary

SHORT = {0: 30, 0.01: 30, 0.1: 20}  # seconds: repetitions
LONG = {1.3: 8, 4.1: 6, 30: 3}
SPREAD = [1 + 4 * (i * 0.618 % 1) for i in range(24)]  # even over 1 to 5 s: no client is lucky with all of them
LOOP = "loop of 5 s"
serial = itertools.count()


def code(seconds, real):
    """A cell of a length, in words that no other cell has."""
    line = ("1+1" if seconds == 0 else f"import time; time.sleep({seconds})") if real else f"sleep {seconds}" if seconds else "instant"
    return f"{line}\n# cell {next(serial)}"


class Bench:
    """A server and its four clients."""

    def __init__(self, name, place, real):
        self.name, self.real, self.place, self.cells, self.ended = name, real, place, [], {}
        self.clients = {"livy-kernel": Kernel(room.OURS, place), "sparkmagic": Kernel(room.THEIRS, place),
                        "floor": Bare(place), LOOP: Bare(place, pause=5)}
        for label, client in self.clients.items():  # the first cells start the sessions
            for _ in range(1 if label == LOOP else 5):
                client.execute(code(0, real))

    def run(self, label, seconds, row=None):
        text = code(seconds, self.real)
        self.cells.append((label, row or seconds, text, self.clients[label].execute(text)))

    def short(self, repetitions):
        for seconds, n in repetitions.items():
            for i in range(n):
                for label in self.clients:
                    if label != LOOP or i == 0:
                        self.run(label, seconds)
        self.ended |= ends(self.place)  # a server retains the last hundred

    def long(self, repetitions, spread):
        def lane(label):
            for seconds, n in repetitions.items():
                for _ in range(min(n, 3) if label == LOOP else n):
                    self.run(label, seconds)
            for seconds in spread:
                self.run(label, round(seconds, 3), "1 to 5")
        with concurrent.futures.ThreadPoolExecutor() as lanes:
            for done in [lanes.submit(lane, label) for label in self.clients]:
                done.result()

    def result(self):
        """By length and client: the cell's time and its dead time, in ms."""
        ended, table = self.ended | ends(self.place), {}
        for label, seconds, text, cell in self.cells:
            values = table.setdefault(str(seconds), {}).setdefault(label, {"cell": [], "dead": []})
            values["cell"].append(cell.ms)
            # The server's clock has whole milliseconds: the middle of one is meant.
            values["dead"].append((cell.idle_at - ended[text]) * 1e3 - 0.5)
        return {s: {label: {k: summary(v) for k, v in values.items()} for label, values in row.items()} for s, row in table.items()}

    def close(self):
        for client in self.clients.values():
            client.close()


def main():
    few = quick(__doc__)
    short = dict.fromkeys(SHORT, 3) if few else SHORT
    long, spread = ({1.3: 1}, SPREAD[:1]) if few else (LONG, SPREAD)
    room.build()
    with contextlib.ExitStack() as stack:
        benches = []
        for name, make in [("scripted 0 ms", lambda: room.Scripted(0)), ("scripted 20 ms", lambda: room.Scripted(20)),
                           ("scripted 150 ms", lambda: room.Scripted(150)), ("serve", room.Served)]:
            say(f"dead time: {name}")
            bench = Bench(name, stack.enter_context(make()), name == "serve")
            stack.callback(bench.close)
            bench.short(short)
            benches.append(bench)
        for group in (benches[:-1], benches[-1:]):  # real Spark is left to itself
            say(f"dead time: the long cells, {', '.join(bench.name for bench in group)}")
            with concurrent.futures.ThreadPoolExecutor() as lanes:
                for done in [lanes.submit(bench.long, long, spread) for bench in group]:
                    done.result()
        save("deadtime", {bench.name: bench.result() for bench in benches})


if __name__ == "__main__":
    main()
