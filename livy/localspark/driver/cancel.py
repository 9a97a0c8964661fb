# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Cancel that is real: Spark jobs by their job group, code by an interrupt."""
import contextlib
import signal
import threading
import time

# A Spark job that is cancelled ends its statement by itself, with the error
# that people know. Code that goes on this many seconds after it is interrupted.
PATIENCE = 1.0


class Canceller:
    def __init__(self, sc):
        self._sc = sc
        self._lock = threading.Lock()
        self._current = None  # number of the running statement
        self._language = None
        self._ended = -1  # number of the last statement that ended
        self._interruptible = False
        self._cancelled = set()
        self._main = threading.main_thread()
        signal.signal(signal.SIGINT, self._on_signal)

    @contextlib.contextmanager
    def statement(self, number, language):
        with self._lock:
            self._current, self._language = number, language
        try:
            self._interruptible = language.interrupted_by_signal
            yield
        finally:
            self._interruptible = False
            with self._lock:
                self._current = self._language = None
                self._ended = number
                self._cancelled.discard(number)

    def cancel(self, number):
        with self._lock:
            if number <= self._ended or number in self._cancelled:
                return
            self._cancelled.add(number)
            if self._current != number:
                return  # it waits, and will not begin: see is_cancelled
        threading.Thread(target=self._insist, args=(number,), daemon=True, name="cancel").start()

    def is_cancelled(self, number):
        with self._lock:
            return number in self._cancelled

    def _insist(self, number):
        interrupt_at, wait = time.monotonic(), 0.02
        while self._runs(number):
            if self._cancel_jobs(str(number)):
                interrupt_at = max(interrupt_at, time.monotonic() + PATIENCE)
            elif time.monotonic() >= interrupt_at:
                self._interrupt(number)
            time.sleep(wait)
            wait = min(wait * 2, 0.5)

    def _cancel_jobs(self, group):
        """Cancels the running jobs of group and tells whether there were any."""
        tracker = self._sc.statusTracker()
        jobs = map(tracker.getJobInfo, tracker.getJobIdsForGroup(group))
        if not any(job and job.status == "RUNNING" for job in jobs):
            return False
        self._sc.cancelJobGroup(group)
        return True

    def _runs(self, number):
        with self._lock:
            return self._current == number

    def _interrupt(self, number):
        with self._lock:
            if self._current != number:
                return
            language = self._language
        if language.interrupted_by_signal:
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(self._main.ident, signal.SIGINT)
            else:
                import _thread
                _thread.interrupt_main()
        else:
            language.interrupt()

    def _on_signal(self, _number, _frame):
        if self._interruptible:
            raise KeyboardInterrupt
