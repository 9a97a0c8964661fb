# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""How far a statement's Spark jobs are."""
import contextlib
import threading

PERIOD = 0.25  # seconds; a statement that ends sooner is never looked at


class Progress:
    def __init__(self, sc, channel):
        self._tracker = sc.statusTracker()
        self._channel = channel
        self._started = threading.Condition()
        self._current = None
        threading.Thread(target=self._watch, daemon=True, name="progress").start()

    @contextlib.contextmanager
    def of(self, number):
        """Reports on statement number as long as the context lasts."""
        with self._started:
            self._current = number
            self._started.notify()
        try:
            yield
        finally:
            with self._started:
                self._current = None
                self._started.notify()

    def _watch(self):
        told = None
        while True:
            with self._started:
                while self._current is None:
                    self._started.wait()
                number = self._current
                self._started.wait(PERIOD)
                if self._current != number:
                    continue
            share = self._share(str(number))
            if share is not None and (number, share) != told:
                told = number, share
                self._channel.send(type="progress", id=number, progress=share)

    def _share(self, group):
        """Completed over known tasks of the group's jobs; None without any."""
        known = done = 0
        for job in filter(None, map(self._tracker.getJobInfo, self._tracker.getJobIdsForGroup(group))):
            for stage in filter(None, map(self._tracker.getStageInfo, job.stageIds)):
                known += stage.numTasks
                done += stage.numCompletedTasks
        return done / known if known else None
