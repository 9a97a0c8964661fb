# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Scala cells: Spark's own REPL in the JVM of the session."""
import threading
import time

from . import capture, output, scala_magics, scala_text
from .jvm import python_list, scala_list

PATIENCE = 1.0  # seconds that a completion waits for the compiler
LARGE = 1_000_000  # characters of print whose memory Java is to have back

# What spark-shell binds before its first prompt, one statement a line.
PRELUDE = """
@transient val spark = org.apache.spark.sql.SparkSession.active
@transient val sc = spark.sparkContext
import org.apache.spark.SparkContext._
import spark.implicits._
import spark.sql
import org.apache.spark.sql.functions._
""".strip().split("\n")


class ScalaLanguage:
    """Made and prepared in any thread; statements, which come from one thread,
    wait for that. Completions come from another. They may ask the REPL while a
    cell's own code runs, but not while its compiler does, which is not made
    for two threads."""

    def __init__(self, gateway, classes):
        """classes is the loader behind which the REPL's classes are to be found."""
        self._gateway = gateway
        self._classes = classes
        self._compiler = threading.Lock()  # who holds it keeps the REPL from starting to compile
        self._started = threading.Event()
        self._failure = self._thread = None
        self._interrupts = 0

    def make(self, output_dir, jars):
        """Makes the interpreter; 2.5 seconds, for which no SparkContext is needed."""
        jvm = self._gateway.jvm
        options = jvm.scala.tools.nsc.Settings()
        options.embeddedDefaults(jvm.java.lang.Thread.currentThread().getContextClassLoader())
        class_path = jvm.java.io.File.pathSeparator.join([jvm.java.lang.System.getProperty("java.class.path"), *jars])
        options.processArguments(scala_list(self._gateway, [
            "-Yrepl-class-based", "-Yrepl-outdir", output_dir, "-classpath", class_path]), True)
        self._echo = jvm.java.io.StringWriter()
        nothing = getattr(getattr(jvm.scala, "None$"), "MODULE$")
        loop = jvm.org.apache.spark.repl.SparkILoop(nothing, jvm.java.io.PrintWriter(self._echo, True))
        getattr(loop, "settings_$eq")(options)
        loop.createInterpreter()
        self._repl = loop.intp()
        self._repl.initializeSynchronous()
        self._classes.setRepl(self._repl.classLoader())
        printed = jvm.java.io.StringWriter()
        self._printed = printed.getBuffer()  # each call of it is atomic
        self._print = jvm.java.io.PrintStream(
            jvm.org.apache.commons.io.output.WriterOutputStream(printed, "UTF-8", 8192, True), True, "UTF-8")
        self._pieces, self._size = [], 0  # what was fetched from there, and how much there was
        self._parse = self._repl.parse()
        self._magics = scala_magics.Magics(self._gateway, self.interpret)

    def prepare(self, pause):
        """Binds what cells expect to be there, 3 seconds in all, and lets
        statements in. pause() is called before each line."""
        for line in PRELUDE:
            pause()
            self.interpret(line)
        self._started.set()

    def fail(self, reason):
        """Says why there will be no Scala."""
        self._failure = reason
        self._started.set()

    def run(self, statement):
        self._started.wait()
        if self._failure:
            return output.error("Error", f"Scala did not start: {self._failure}", [])
        system = self._gateway.jvm.java.lang.System
        before = system.out
        with self._compiler:
            self._interrupts, self._thread = 0, self._gateway.jvm.java.lang.Thread.currentThread()
        self._gateway.jvm.scala.Console.setOut(self._print)
        system.setOut(self._print)
        self._printed.setLength(0)  # what threads printed since the last statement
        statement.printed.pull = lambda: self._pull(statement.printed)
        try:
            return self._run_parts(statement)
        finally:
            self._thread = None
            system.setOut(before)
            self._take(statement.printed)

    def _run_parts(self, statement):
        """Gives the REPL one top-level statement after the other: a case class
        and a Dataset of it in one piece would not find each other's encoder."""
        shown, data = [], None
        for line, part in scala_text.split(statement.code, self._is_incomplete):
            if statement.cancelled:
                return output.cancelled()
            magic = scala_text.MAGIC.match(part)
            if magic:
                data = self._magics.run(*magic.groups())
                statement.printed.owed = True  # its output has no text
                if data["status"] == "error":
                    return data
                continue
            data = None
            result, echo = self.interpret(part)
            if result == "Incomplete":
                return output.error("Error", "incomplete statement", [])
            if result != "Success":
                if statement.cancelled and not echo.strip():
                    return output.cancelled()
                return output.error("Error", *scala_text.failure(echo, line))
            shown += [self._take(statement.printed), echo]
            statement.printed.add(echo.encode("utf-8", "replace"))
        return data or output.text("".join(shown))

    def interpret(self, code):
        """Runs code; the result's name, and what the REPL said to it."""
        with self._compiler:
            self._echo.getBuffer().setLength(0)
        result = self._repl.interpret(code).toString()
        return result, self._echo.toString()

    def _take(self, printed):
        """What was printed since the last call."""
        with printed.lock:
            self._pull(printed)
            if self._size > capture.LIMIT:
                self._keep(capture.cut_note(self._size), printed)
            text = "".join(self._pieces)
            self._pieces, self._size = [], 0
        return text

    def _pull(self, printed):
        """Fetches what is new, up to the limit."""
        new = self._printed.length()
        if new == 0:
            return
        room = min(new, max(0, capture.LIMIT - self._size))
        if room:
            self._keep(self._printed.substring(0, room), printed)
        self._printed.delete(0, new)
        if new > LARGE:
            self._printed.trimToSize()
        self._size += new

    def _keep(self, text, printed):
        self._pieces.append(text)
        printed.add(text.encode("utf-8", "replace"))

    def _is_incomplete(self, text):
        result = self._parse.apply(text).getClass().getName()
        self._repl.reporter().reset()  # or it would not tell of the same error again
        return result.rstrip("$").endswith("Incomplete")

    def interrupt(self):
        """Interrupts the thread that runs the cell. A loop that does not
        listen is stopped, as far as this JVM still can (up to Java 19), but
        never the compiler: it would not be whole afterwards."""
        thread = self._thread
        if thread is None:
            return
        self._interrupts += 1
        if self._interrupts > 3 and self._runs_code(thread):
            try:
                thread.stop()
                return
            except Exception:
                pass  # a newer JVM: the code goes on until it ends
        thread.interrupt()

    def _runs_code(self, thread):
        """Whether thread is in the code of a cell, and so not in the compiler."""
        return any(frame.getClassName().startswith("$line") for frame in thread.getStackTrace())

    def complete(self, code, cursor):
        """Candidates for the identifier before cursor, an offset in code points."""
        if not 0 <= cursor <= len(code):
            return []
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            with self._compiler:
                if self._is_free():
                    completer = self._gateway.jvm.scala.tools.nsc.interpreter.PresentationCompilerCompleter(self._repl)
                    found = completer.complete(code, len(code[:cursor].encode("utf-16-le")) // 2)
                    return list(dict.fromkeys(python_list(self._gateway, found.candidates())))
            time.sleep(0.02)
        return []

    def _is_free(self):
        """Whether the compiler has nothing to do, and will not as long as
        the caller holds it."""
        thread = self._thread
        return self._started.is_set() and not self._failure and (thread is None or self._runs_code(thread))
