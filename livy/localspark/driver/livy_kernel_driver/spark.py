# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Spark as the statements find it: JVM, class loader, SparkContext."""
from . import cancel, repl_classes
from .jvm import JVM, python_list
from .progress import Jobs


class Spark:
    """The JVM starts at once. connect waits for it, start_context goes on from
    there in the thread that will run the statements."""

    def __init__(self, settings):
        self.jvm = JVM(settings)
        self.gateway = self.classes = self.first = None
        self.jobs = None  # of the current SparkContext
        self._thread = None  # of the JVM, for statements

    def connect(self):
        self.gateway = self.jvm.connect()
        self.classes = repl_classes.make(self.gateway)

    def start_context(self):
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession
        self._enter_thread()
        self.first = SparkSession(SparkContext(conf=SparkConf(_jvm=self.gateway.jvm), gateway=self.gateway))

    def enter(self, statement):
        """Readies Spark for a statement of this thread."""
        cancel.take_signals()
        self._enter_thread()
        sc = self._context()
        if sc is None:
            self.jobs = None
            return
        if self.jobs is None or self.jobs.sc is not sc:
            self.jobs = Jobs(sc)
        sc.setJobGroup(str(statement.number), statement.code[:200], interruptOnCancel=True)

    def _enter_thread(self):
        """Readies this thread's peer in the JVM, which may be a new one: after
        an interrupt py4j makes another connection."""
        thread = self.gateway.jvm.java.lang.Thread
        self._thread = thread.currentThread()
        self._thread.setContextClassLoader(self.classes)
        thread.interrupted()  # forget an interrupt that came too late

    def _context(self):
        """The SparkContext of now: a cell may have stopped the first one."""
        from pyspark import SparkContext
        return SparkContext._active_spark_context

    def session(self):
        """The SparkSession of now."""
        from pyspark.sql import SparkSession
        return SparkSession._instantiatedSession or self.first

    def cancel_jobs(self, statement):
        """Cancels the running jobs of statement and tells whether there were any."""
        return self.jobs is not None and self.jobs.cancel(str(statement.number))

    def interrupt(self):
        """Interrupts the Python of a statement, and what the JVM does for it,
        which would go on there."""
        if cancel.in_java():
            self._thread.interrupt()
        cancel.interrupt_python()

    def local_jars(self):
        """The jars of the session that lie on this machine, for the compiler."""
        jvm = self.gateway.jvm
        jars = jvm.org.apache.spark.util.Utils.getLocalUserJarsForShell(jvm.org.apache.spark.SparkConf())
        return [jvm.java.io.File(jvm.java.net.URI(jar)).getPath() if jar.startswith("file:") else jar
                for jar in python_list(self.gateway, jars)]
