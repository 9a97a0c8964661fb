# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The session: one JVM, one SparkContext, three languages.

The main thread runs the statements, one after the other. Others read the
requests, so that a statement can be cancelled while it runs; get Scala ready;
complete code; report progress; and watch Java.
"""
import os
import queue
import shutil
import signal
import sys
import threading
import traceback

from . import cancel, output
from .jvm import JavaEnded, end_tree
from .log import log
from .printed import Printed, Teller
from .progress import Reporter
from .spark import Spark

QUIET = 1.0  # seconds without a statement after which Scala is got ready


def serve(channel):
    """Runs a session until the owner has gone, then ends the process."""
    settings = channel.read()
    if settings is None:
        os._exit(0)
    session = Session(settings, channel)
    threading.Thread(target=session.take_requests, daemon=True, name="requests").start()
    try:
        session.start()
        session.run()
    except JavaEnded:
        channel.send(type="failed", javaEnded=True)
    except BaseException as e:
        log(traceback.format_exc())
        channel.send(type="failed", reason=reason(e))
    finally:
        session.end()


def reason(e):
    """An exception in one line; of a Java exception, Java's own words."""
    java = getattr(e, "java_exception", None)
    return str(java.toString() if java is not None else e).strip().split("\n")[0]


class Session:
    def __init__(self, settings, channel):
        self._settings = settings
        self._channel = channel
        self._pid = os.getpid()
        self._queue = queue.SimpleQueue()
        self._completions = queue.SimpleQueue()
        self._changed = threading.Condition()  # of the two that follow
        self._statements = {}  # those that wait or run, by number
        self._scala_wanted = False
        self._ending = threading.Lock()
        self._spark = Spark(settings)
        self._languages = {}

    # Start

    def start(self):
        """Starts Spark. The SparkContext and the Scala interpreter, which take
        seconds each, come up side by side."""
        import pyspark  # noqa: F401 — beside the start of Java
        from .python_language import PythonLanguage
        from .scala_language import ScalaLanguage
        from .sql_language import SQLLanguage
        self._spark.connect()
        threading.Thread(target=self._watch_java, daemon=True, name="java").start()
        scala = ScalaLanguage(self._spark.gateway, self._spark.classes)
        spark_up = threading.Event()
        threading.Thread(target=self._start_scala, args=(scala, spark_up), daemon=True, name="scala").start()
        self._spark.start_context()
        spark_up.set()
        self._languages = {
            "pyspark": PythonLanguage(self._spark.first),
            "sql": SQLLanguage(self._spark.session),
            "spark": scala,
        }
        self._reporter = Reporter(self._channel)
        self._teller = Teller()
        threading.Thread(target=self._complete, daemon=True, name="completion").start()
        sys.path[0] = ""  # as at a prompt; here was the driver's own folder
        sc = self._spark.first.sparkContext
        self._channel.send(type="ready", appId=sc.applicationId, uiUrl=sc.uiWebUrl or "")

    def _start_scala(self, scala, spark_up):
        try:
            scala.make(self._settings["outputDir"], self._spark.local_jars())
            spark_up.wait()
            scala.prepare(self._wait_for_quiet)
        except Exception as e:
            log(traceback.format_exc())
            scala.fail(reason(e))

    def _wait_for_quiet(self):
        """Returns when no statement has run for a while, so that the first
        cells have the machine to themselves, or when one of Scala waits."""
        with self._changed:
            while not self._scala_wanted:
                if self._statements:
                    self._changed.wait()
                elif not self._changed.wait(QUIET):
                    return

    def _watch_java(self):
        status = self._spark.jvm.process.wait()
        if not self._ending.locked():
            log(f"the Java process of Spark has ended with exit status {status}, and this session with it")
        self.end()

    # Requests

    def take_requests(self):
        try:
            while request := self._channel.read():
                self._take(request)
        finally:
            self.end()

    def _take(self, request):
        kind, number = request["type"], request["id"]
        if kind == "run":
            with self._changed:
                statement = self._statements[number] = cancel.Statement(request, Printed(self._channel, number))
                self._changed.notify()
            self._queue.put(statement)
        elif kind == "cancel":
            statement = self._statements.get(number)
            if statement is not None:
                threading.Thread(target=self._cancel, args=(statement,), daemon=True, name="cancel").start()
        elif kind == "complete":
            self._completions.put(request)

    def _cancel(self, statement):
        interrupt = self._languages["spark"].interrupt if statement.kind == "spark" else self._spark.interrupt
        cancel.insist(statement, self._spark.cancel_jobs, interrupt)

    def _complete(self):
        while True:
            request = self._completions.get()
            try:
                candidates = self._languages[request["kind"]].complete(request["code"], request["cursor"])
            except Exception as e:
                log(f"completion: {e}")
                candidates = []
            self._channel.send(type="candidates", id=request["id"], candidates=candidates)

    # Statements

    def run(self):
        """Runs statements for ever."""
        while True:
            statement = self._queue.get()
            try:
                result = self._run(statement)
                if result["status"] == "error":
                    statement.printed.owed = True
                text = output.encode(result)
            except Exception as e:  # of the driver itself, or a value that has no JSON
                log(traceback.format_exc())
                text = output.encode(output.error(type(e).__name__, str(e), []))
            if os.getpid() != self._pid:
                os._exit(0)  # a fork that a cell made has run to the end of the cell
            statement.printed.finish()
            statement.ended.set()
            with self._changed:
                del self._statements[statement.number]
                self._changed.notify()
            self._channel.send_text(f'{{"type":"output","id":{statement.number},"output":{text}}}')

    def _run(self, statement):
        language = self._languages.get(statement.kind)
        if language is None:
            return output.error("Error", f"This Spark has no language {statement.kind!r}.", [])
        self._spark.enter(statement)
        statement.begun = True
        if statement.cancelled:
            return output.cancelled()
        if self._spark.jobs is not None:
            self._reporter.watch(statement, self._spark.jobs)
        self._teller.watch(statement)
        if statement.kind == "spark":
            with self._changed:
                self._scala_wanted = True
                self._changed.notify()
        return language.run(statement)

    # End

    def end(self):
        """Ends this process, the JVM and all else that was started here."""
        self._ending.acquire()  # the first thread to come here does not return
        try:
            end_tree(self._spark.jvm.process)
            shutil.rmtree(self._settings["scratch"], ignore_errors=True)
            if os.name == "posix" and os.getpgrp() == os.getpid():
                os.killpg(0, signal.SIGKILL)
        finally:
            os._exit(0)
