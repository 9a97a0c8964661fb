# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""What a statement prints."""
import contextlib
import io
import os
import sys

# Livy refuses a statement's text above 20 MB; here it is cut, and says so.
LIMIT = 20_000_000


class Text:
    """Collects one stream of one statement, up to LIMIT bytes."""

    def __init__(self, printed):
        self._printed = printed
        self._parts = []
        self._size = 0

    def add(self, data):
        room = LIMIT - self._size
        if room > 0:
            kept = bytes(data[:room])
            self._parts.append(kept)
            self._printed.add(kept, self)
        self._size += len(data)

    def note(self):
        """What is to be said of the rest."""
        return cut_note(self._size) if self._size > LIMIT else ""

    def __str__(self):
        return b"".join(self._parts).decode("utf-8", "replace") + self.note()


def cut_note(size):
    return f"\n[cut: {size - LIMIT:,} of {size:,} bytes of this output are left out; print less in one cell, or write it to a file]"


class _Sink(io.RawIOBase):
    """Takes bytes while a statement runs. What threads print at other times
    goes to the log."""

    def __init__(self, log):
        self._log = log
        self.text = None

    def writable(self):
        return True

    def fileno(self):
        return self._log

    def write(self, data):
        target = self.text
        if target is None:
            return os.write(self._log, data)
        target.add(data)
        return len(data)


class Streams:
    """Stand for sys.stdin, which has nothing, sys.stdout and sys.stderr."""

    def __init__(self):
        self._put()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._to_log)

    def _put(self):
        self._out, self._err = _Sink(1), _Sink(2)
        sys.stdin = open(0, encoding="utf-8", closefd=False)
        sys.stdout, sys.stderr = (
            io.TextIOWrapper(sink, encoding="utf-8", errors="backslashreplace", write_through=True)
            for sink in (self._out, self._err))

    @contextlib.contextmanager
    def captured(self, printed):
        """Yields the function that tells what was printed until then: stdout,
        then stderr. printed takes it as it comes."""
        if sys.stdout.closed or sys.stderr.closed or sys.stdin.closed:  # exit() closes the last one
            self._put()
        out, err = self._out.text, self._err.text = Text(printed), Text(printed)
        try:
            yield lambda: str(out) + str(err)
        finally:
            self._to_log()
            for text in out, err:
                if text.note():
                    printed.add(text.note().encode(), text)

    def _to_log(self):
        self._out.text = self._err.text = None
