# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The pipe to the owner of this process, out of the reach of users' code."""
import json
import os
import sys
import threading


class Channel:
    """Takes stdin and stdout for itself and gives the process others.

    The copies are not inherited by child processes, so that none of them can
    write into the answers or keep the pipe open. What the process and its
    children write to file descriptor 1 goes to the session's log instead.
    """

    def __init__(self):
        self._requests = os.fdopen(os.dup(0), "rb")
        self._answers = os.dup(1)
        self._lock = threading.Lock()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        sys.stdin = open(0, encoding="utf-8", closefd=False)
        sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)

    def read(self):
        """The next request; empty when the owner has gone."""
        return self._requests.readline()

    def send(self, **answer):
        self.send_text(json.dumps(answer))

    def send_text(self, text):
        """Sends one JSON object that is encoded already."""
        data = memoryview(text.encode("utf-8", "replace") + b"\n")
        with self._lock:
            while data:
                data = data[os.write(self._answers, data):]
