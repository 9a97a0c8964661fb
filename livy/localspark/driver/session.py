# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The session: one JVM, one SparkContext, three languages."""
import os
import queue
import shutil
import signal
import sys
import threading

import jsontext
from cancel import Canceller
from progress import Progress
from jvm import launch
from python_language import PythonLanguage
from scala_language import ScalaLanguage
from sql_language import SQLLanguage


# Seconds without a statement after which Scala is warmed up.
IDLE = 1.0


class Session:
    def __init__(self, settings, channel):
        self._settings = settings
        self._channel = channel
        self._queue = queue.SimpleQueue()
        self._busy = threading.Lock()  # held while a statement runs
        self._languages = {}
        self._gateway = self._sc = self._scala = self._canceller = self._progress = None

    def start(self):
        """Starts Spark. Order matters: the Scala interpreter comes before the
        SparkContext, or executors would not find the classes of Scala cells."""
        self._gateway = launch(self._settings)
        scala = ScalaLanguage(self._gateway, self._settings)
        from pyspark.context import SparkContext
        from pyspark.sql import SparkSession
        from pyspark import SparkConf
        sc = SparkContext(conf=SparkConf(_jvm=self._gateway.jvm), gateway=self._gateway)
        spark = SparkSession(sc)
        spark._jvm.org.apache.spark.sql.SparkSession.setDefaultSession(spark._jsparkSession)
        self._canceller = Canceller(sc)
        self._progress = Progress(sc, self._channel)
        self._languages = {
            "pyspark": PythonLanguage(spark),
            "sql": SQLLanguage(spark),
            "spark": scala,
        }
        self._channel.send(type="ready", appId=sc.applicationId, uiUrl=sc.uiWebUrl or "")
        self._sc = sc
        self._scala = scala

    def submit(self, request):
        self._queue.put(request)

    def run(self):
        """Runs statements for ever, in the main thread."""
        while True:
            try:
                request = self._next()
                with self._busy:
                    self._run_one(request)
            except KeyboardInterrupt:
                pass  # a cancel that came as its statement ended

    def _next(self):
        """The next statement. Until it comes Scala is warmed up, but not in
        the moments between statements that follow each other."""
        while True:
            try:
                return self._queue.get(timeout=IDLE)
            except queue.Empty:
                with self._busy:
                    if not self._scala.warm_up():
                        break
        return self._queue.get()

    def _run_one(self, request):
        number, language = request["id"], self._languages.get(request["kind"])
        if language is None:
            output = jsontext.error("Error", f"This Spark has no language {request['kind']!r}.", [])
        else:
            self._sc.setJobGroup(str(number), request["code"][:200], interruptOnCancel=True)
            with self._progress.of(number), self._canceller.statement(number, language):
                if self._canceller.is_cancelled(number):
                    output = jsontext.error("KeyboardInterrupt", "the statement was cancelled before it began", [])
                else:
                    output = language.run(number, request["code"])
        self._channel.send_text(f'{{"type":"output","id":{number},"output":{jsontext.encode(output)}}}')

    def cancel(self, number):
        if self._canceller:
            self._canceller.cancel(number)

    def complete(self, request):
        def answer():
            language = self._languages.get(request["kind"])
            candidates = []
            if language and self._busy.acquire(timeout=0.2):
                try:
                    candidates = language.complete(request["code"], request["cursor"])
                finally:
                    self._busy.release()
            self._channel.send(type="candidates", id=request["id"], candidates=candidates)
        threading.Thread(target=answer, daemon=True, name="completion").start()

    def end(self):
        """Ends this process, the JVM and all else that was started here."""
        shutil.rmtree(self._settings["scratch"], ignore_errors=True)
        try:
            if self._gateway is not None:
                self._gateway.proc.kill()
            if os.name == "posix" and os.getpgrp() == os.getpid():
                os.killpg(0, signal.SIGKILL)
        finally:
            sys.stderr.flush()
            os._exit(0)
