# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Scala cells: Spark's own REPL in the JVM of the session."""
import jsontext
import scala_text
from jvm import python_list, scala_list

# What spark-shell binds before its first prompt, one statement a line.
PRELUDE = """
@transient val spark = org.apache.spark.sql.SparkSession.active
@transient val sc = spark.sparkContext
import org.apache.spark.SparkContext._
import spark.implicits._
import spark.sql
import org.apache.spark.sql.functions._
"""


class ScalaLanguage:
    # An interrupt of Python would leave the JVM at work; see interrupt.
    interrupted_by_signal = False

    def __init__(self, gateway, settings):
        """Makes the interpreter and gives this thread its class loader, which
        the SparkContext that is made next hands on to its executors."""
        self._gateway = gateway
        self._jvm = jvm = gateway.jvm
        self._thread = None
        self._interrupts = 0
        options = jvm.scala.tools.nsc.Settings()
        options.processArguments(scala_list(gateway, [
            "-Yrepl-class-based", "-Yrepl-outdir", settings["conf"]["spark.repl.class.outputDir"],
            "-classpath", jvm.java.lang.System.getProperty("java.class.path")]), True)
        self._echo = jvm.java.io.StringWriter()
        nothing = getattr(getattr(jvm.scala, "None$"), "MODULE$")
        loop = jvm.org.apache.spark.repl.SparkILoop(nothing, jvm.java.io.PrintWriter(self._echo, True))
        getattr(loop, "settings_$eq")(options)
        loop.createInterpreter()
        self._repl = loop.intp()
        self._repl.initializeSynchronous()
        jvm.java.lang.Thread.currentThread().setContextClassLoader(self._repl.classLoader())
        self._printed = jvm.java.io.ByteArrayOutputStream()
        self._print = jvm.java.io.PrintStream(self._printed, True, "UTF-8")
        self._parse = self._repl.parse()
        self._prelude = PRELUDE.strip().split("\n")

    def warm_up(self):
        """Runs the next line of the prelude; False when there is none left.

        It takes seconds in all, and must run in the thread that runs the
        statements: the REPL's class loader asks its compiler, and neither is
        for two threads. Hence line by line, between statements."""
        if self._prelude:
            self._repl.interpret(self._prelude.pop(0))
        return bool(self._prelude)

    def run(self, _number, code):
        while self.warm_up():
            pass
        system, thread = self._jvm.java.lang.System, self._jvm.java.lang.Thread
        before = system.out
        self._thread, self._interrupts = thread.currentThread(), 0
        self._jvm.scala.Console.setOut(self._print)
        system.setOut(self._print)
        try:
            return self._run_parts(code)
        finally:
            self._thread = None
            thread.interrupted()  # forget an interrupt that came too late
            system.setOut(before)

    def _run_parts(self, code):
        """Gives the REPL one top-level statement after the other: a case class
        and a Dataset of it in one piece would not find each other's encoder."""
        shown = []
        self._take()
        for part in self._split(code):
            self._reset_echo()
            result = self._repl.interpret(part).toString()
            printed, echo = self._take()
            if result == "Success":
                shown += [printed, echo]
            elif result == "Incomplete":
                return jsontext.error("Error", "incomplete statement", [])
            else:
                first, *rest = scala_text.lines(echo) or ["the statement failed"]
                return jsontext.error("Error", first.rstrip("\n"), rest)
        return jsontext.text("".join(shown))

    def _take(self):
        """What was printed and what the REPL said since the last call."""
        self._print.flush()
        printed, echo = self._printed.toString("UTF-8"), self._echo.toString()
        self._printed.reset()
        self._reset_echo()
        return printed, echo

    def _reset_echo(self):
        self._echo.getBuffer().setLength(0)

    def _split(self, code):
        return scala_text.split(code, self._is_incomplete)

    def _is_incomplete(self, text):
        return self._parse.apply(text).getClass().getName().rstrip("$").endswith("Incomplete")

    def interrupt(self):
        """Interrupts the thread that runs the cell; code that does not listen
        is stopped, as far as this JVM still can (up to Java 19)."""
        thread = self._thread
        if thread is None:
            return
        self._interrupts += 1
        if self._interrupts <= 3:
            thread.interrupt()
            return
        try:
            thread.stop()
        except Exception:
            pass  # a newer JVM: the code goes on until it ends

    def complete(self, code, cursor):
        """Candidates for the identifier before cursor. No cell may run."""
        try:
            completer = self._jvm.scala.tools.nsc.interpreter.PresentationCompilerCompleter(self._repl)
            found = completer.complete(code, min(cursor, len(code)))
            return list(dict.fromkeys(python_list(self._gateway, found.candidates())))
        except Exception:
            return []
