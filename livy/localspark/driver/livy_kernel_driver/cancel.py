# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Cancel that is real: Spark jobs by their job group, code by an interrupt."""
import signal
import sys
import threading
import time

from .log import log

# A Spark job that is cancelled ends its statement by itself, with the error
# that people know. Code that goes on this many seconds after it is interrupted.
PATIENCE = 1.0


class Statement:
    def __init__(self, request, printed):
        self.number = request["id"]
        self.printed = printed
        self.kind = request["kind"]
        self.code = request["code"]
        self.cancelled = False
        self.begun = False
        self.ended = threading.Event()


def guarded(function, *args):
    """Calls function. An interrupt strikes within this call and nowhere else,
    so that what surrounds it is never torn."""
    return function(*args)


def take_signals():
    """Makes SIGINT raise KeyboardInterrupt within guarded. Whoever starts a
    SparkContext changes the handler, hence before every statement."""
    if signal.getsignal(signal.SIGINT) is not _on_signal:
        signal.signal(signal.SIGINT, _on_signal)


def _on_signal(_number, frame):
    while frame is not None:
        if frame.f_code is guarded.__code__:
            raise KeyboardInterrupt
        frame = frame.f_back


def interrupt_python():
    """Interrupts the main thread, out of a blocking system call too."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        import _thread
        _thread.interrupt_main()


def in_java():
    """Whether the main thread waits for the JVM."""
    frame = sys._current_frames().get(threading.main_thread().ident)
    while frame is not None:
        if frame.f_code.co_name == "send_command":
            return True
        frame = frame.f_back
    return False


def insist(statement, cancel_jobs, interrupt):
    """Stops statement, as often as it takes. cancel_jobs(statement) cancels its Spark
    jobs and tells whether any were running; interrupt() interrupts its code."""
    statement.cancelled = True
    interrupt_at, pause = time.monotonic(), 0.02
    while not statement.ended.wait(pause):
        if not statement.begun:
            continue  # it will see for itself
        try:
            if cancel_jobs(statement):
                interrupt_at = max(interrupt_at, time.monotonic() + PATIENCE)
            elif time.monotonic() >= interrupt_at:
                interrupt()
        except Exception as e:  # a SparkContext that is ending
            log(f"cancel: {e}")
        pause = min(pause * 2, 0.5)
