# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# What a cell prints, sent into the session's log as well while the cell runs:
# Apache Livy gives a statement's output out at its end alone. Each line of the
# log is the nonce and JSON, which tells the statement and the place of the text.
import collections, threading, time

LIVE_PAUSE = 0.25  # seconds between two looks at what was printed
LIVE_PART = 4000  # characters in a line of the log
LIVE_PARTS = 16  # lines at once: a server keeps the last 200 or so
LIVE_FRAME = 16000  # characters of a frame; with a larger one this ends
LIVE_MOST = 1000000  # characters of a statement; the rest comes at its end


class LiveCell(object):
    """What one statement prints. It is known by its job group."""

    def __init__(self, group, ready):
        self.group, self.ready = group, ready
        self.fresh, self.pending, self.at, self.taken = collections.deque(), "", 0, 0

    def tie(self, out):
        plain = out.write

        def write(text):
            result = plain(text)
            text = text.decode("utf-8") if isinstance(text, bytes) else text
            frame = text.startswith(state["nonce"])
            if self.taken is not None and self.taken + len(text) <= LIVE_MOST and not (frame and len(text) > LIVE_FRAME):
                self.taken += len(text)
                self.fresh.append(text)
                self.ready.set()
            else:
                self.taken = None
            return result

        out.write = write

    def lines(self):
        """What is new, and whether there is more."""
        self.pending += "".join(self.fresh.popleft() for _ in range(len(self.fresh)))
        lines = []
        while self.pending and len(lines) < LIVE_PARTS:
            part, self.pending = self.pending[:LIVE_PART], self.pending[LIVE_PART:]
            lines.append(state["nonce"] + encode({"group": self.group, "at": self.at, "text": part}))
            self.at += len(part)
        return lines, bool(self.pending)


class Live(object):
    def __init__(self, names):
        self.names, self.ready, self.cell = names, threading.Event(), None
        thread = threading.Thread(target=self.run, name="livy-kernel-live")
        thread.daemon = True
        thread.start()

    def begin(self):
        """Follows the statement that begins."""
        self.cell = None
        try:
            group = self.names["sc"].getLocalProperty("spark.jobGroup.id")
        except Exception:
            return  # a SparkContext that was stopped: all comes at the end
        if group:
            self.cell = LiveCell(group, self.ready)
            self.cell.tie(sys.stdout)

    def run(self):
        while True:
            self.ready.wait()
            self.ready.clear()
            try:
                self.tell(self.cell)
            except Exception:
                self.cell = None
            time.sleep(LIVE_PAUSE)

    def tell(self, cell):
        lines, more = cell.lines() if cell else ((), False)
        for line in lines:
            self.names["sc"]._jvm.System.err.println(line)
        if more:
            self.ready.set()


def go_live():
    """Once in an interpreter of Apache Livy's."""
    names = getattr(sys.modules.get("__main__"), "global_dict", None)
    if names and "sc" in names and not state["live"]:
        state["live"] = Live(names)
