# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""What a statement prints, told to the owner while the statement runs."""
import codecs
import collections
import os
import threading

PERIOD = 0.05  # seconds; of a statement that ends sooner the output alone tells


class Printed:
    """Takes what one statement prints, in the order in which it does.

    Other clients know the output alone, which has the streams one after the
    other and, after an error, nothing of them. So a statement that used both,
    or failed, or was told of already, is told of to its end."""

    def __init__(self, channel, number):
        self.lock = threading.Lock()  # of the one who tells, and of pull
        self.pull = None  # where what was printed has to be fetched: add(...) it
        self.owed = False  # the output leaves something out
        self._channel = channel
        self._number = number
        self._pid = os.getpid()
        self._fresh = collections.deque()  # appended by any thread
        self._streams = set()
        self._told = self._over = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def add(self, data, stream=None):
        self._streams.add(stream)
        self._fresh.append(data)

    def tell(self, last=False):
        """Tells what is new."""
        if os.getpid() != self._pid:
            return  # a fork that a cell made; the lock may be held for ever here
        with self.lock:
            if self._over:
                return
            if self.pull:
                self.pull()
            data = b"".join(self._fresh.popleft() for _ in range(len(self._fresh)))
            text = self._decoder.decode(data, last)
            if text:
                self._told = True
                self._channel.send(type="printed", id=self._number, text=text)

    def finish(self):
        """Tells the rest, where the output does not do so, and no more."""
        if self._told or self.owed or len(self._streams) > 1:
            self.tell(last=True)
        with self.lock:
            self._over = True


class Teller:
    """Tells what the running statement prints, in its own thread."""

    def __init__(self):
        self._statements = threading.Condition()
        self._statement = None
        threading.Thread(target=self._tell, daemon=True, name="printed").start()

    def watch(self, statement):
        """Tells of statement until it has ended."""
        with self._statements:
            self._statement = statement
            self._statements.notify()

    def _tell(self):
        while True:
            with self._statements:
                while self._statement is None:
                    self._statements.wait()
                statement, self._statement = self._statement, None
            while not statement.ended.wait(PERIOD):
                statement.printed.tell()
