# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""What a statement prints."""
import io
import threading

# Livy refuses a statement's text above 20 MB; here it is cut, and says so.
LIMIT = 20_000_000


class Text:
    """Collects one stream of one statement, up to LIMIT characters."""

    def __init__(self):
        self._parts = []
        self._size = 0
        self._lock = threading.Lock()

    def add(self, text):
        with self._lock:
            room = LIMIT - self._size
            if room > 0:
                self._parts.append(text[:room])
            self._size += len(text)

    def __str__(self):
        with self._lock:
            text = "".join(self._parts)
            if self._size > LIMIT:
                text += f"\n[cut: {self._size - LIMIT:,} of {self._size:,} characters of this output are left out]"
            return text


class Stream(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr. While a statement runs its text is
    collected; what threads print at other times goes to the log."""

    def __init__(self, log):
        self._log = log
        self.text = None

    encoding = "utf-8"
    errors = "backslashreplace"

    def writable(self):
        return True

    def isatty(self):
        return False

    def fileno(self):
        return self._log.fileno()

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        target = self.text
        if target is None:
            self._log.write(text)
        else:
            target.add(text)
        return len(text)

    def flush(self):
        if self.text is None:
            self._log.flush()
