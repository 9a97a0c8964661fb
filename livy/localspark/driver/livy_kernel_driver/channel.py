# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The channel to the owner of this process, out of the reach of users' code.

JSON objects, one a line: requests come in on one file descriptor, answers go
out on another. Where they are stdin and stdout, which is how Windows hands
them over, they move elsewhere first.
"""
import contextlib
import json
import os
import sys
import threading


class Channel:
    def __init__(self, requests, answers):
        # Copies are not inherited by child processes: none of them can write
        # into the answers or keep the pipe open. A fork has no exec, and so
        # lets go of them by hand.
        self._requests = os.fdopen(os.dup(requests), "rb")
        self._answers = os.dup(answers)
        self._lock = threading.Lock()
        for fd in {requests, answers} - {0, 1}:
            os.close(fd)
        _replace_standard_streams()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._leave)

    def read(self):
        """The next request; None when the owner has gone."""
        line = self._requests.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def send(self, **answer):
        self.send_text(json.dumps(answer))

    def send_text(self, text):
        """Sends one JSON object that is encoded already."""
        data = memoryview(text.encode("utf-8", "replace") + b"\n")
        with self._lock, contextlib.suppress(OSError):  # the owner has gone; read will say so
            while data:
                data = data[os.write(self._answers, data):]

    def _leave(self):
        os.close(self._answers)
        os.close(self._requests.fileno())


def _replace_standard_streams():
    """No input, and a stdout that is stderr, which is the session's log: what
    the process and its children write to it cannot be told apart from each
    other, so none of it can be a cell's output."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
