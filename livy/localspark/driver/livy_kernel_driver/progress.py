# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The Spark jobs of a statement, by its job group: how far they are."""
import threading

PERIOD = 0.2  # seconds; a statement that ends sooner is never looked at


class Jobs:
    """Asks the status tracker of a SparkContext. An array of py4j is a call
    for each element, hence Arrays.toString."""

    def __init__(self, sc):
        self.sc = sc
        self._arrays = sc._jvm.java.util.Arrays
        self._tracker = sc._jsc.statusTracker()

    def cancel(self, group):
        """Cancels the running jobs of group and tells whether there were any."""
        running = set(self._of(group)) & set(self._ints(self._tracker.getActiveJobIds()))
        if running:
            self.sc.cancelJobGroup(group)
        return bool(running)

    def progress(self, group, ended):
        """Completed over known tasks of the group's jobs; None without any.
        ended remembers jobs that need not be asked for again."""
        known = done = 0
        for job in self._of(group):
            counts, over = ended.get(job), True
            if counts is None:
                counts, over = self._tasks(job)
            if over:
                ended[job] = counts
            known, done = known + counts[0], done + counts[1]
        return done / known if known else None

    def _tasks(self, job):
        info = self._tracker.getJobInfo(job)
        if info is None:
            return (0, 0), False
        known = done = 0
        for stage in self._ints(info.stageIds()):
            found = self._tracker.getStageInfo(stage)
            if found is not None:
                known, done = known + found.numTasks(), done + found.numCompletedTasks()
        return (known, done), info.status().toString() in ("SUCCEEDED", "FAILED")

    def _of(self, group):
        return self._ints(self._tracker.getJobIdsForGroup(group))

    def _ints(self, array):
        return [int(n) for n in self._arrays.toString(array).strip("[]").split(", ") if n]


class Reporter:
    """Tells the owner how far the running statement is, in its own thread."""

    def __init__(self, channel):
        self._channel = channel
        self._statements = threading.Condition()
        self._statement = self._jobs = None
        threading.Thread(target=self._report, daemon=True, name="progress").start()

    def watch(self, statement, jobs):
        """Reports on statement until it has ended."""
        with self._statements:
            self._statement, self._jobs = statement, jobs
            self._statements.notify()

    def _report(self):
        while True:
            with self._statements:
                while self._statement is None:
                    self._statements.wait()
                statement, jobs = self._statement, self._jobs
                self._statement = None
            told, ended = None, {}
            while not statement.ended.wait(PERIOD):
                try:
                    share = jobs.progress(str(statement.number), ended)
                except Exception:
                    break  # a SparkContext that is ending
                if share not in (None, told):
                    told = share
                    self._channel.send(type="progress", id=statement.number, progress=share)
