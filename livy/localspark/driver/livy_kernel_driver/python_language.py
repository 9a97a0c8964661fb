# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Python cells, with the meaning that Livy gives them."""
import __future__
import ast
import os
import sys
import traceback
import types

from . import capture, output, python_magics
from .cancel import guarded

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
HELPER = "livy_kernel_display"  # what a kernel has given this interpreter, if one has
HERE = os.path.dirname(os.path.abspath(__file__))


class PythonLanguage:
    def __init__(self, spark):
        from pyspark.sql import SQLContext
        main = sys.modules["__main__"] = types.ModuleType("__main__")  # pickle finds the classes of cells there
        self.names = main.__dict__
        self.names.update(spark=spark, sc=spark.sparkContext, sqlContext=SQLContext(spark.sparkContext, spark))
        self._streams = capture.Streams()
        self._flags = 0  # of imports from __future__: they hold for later cells
        sys.argv = [""]

    def run(self, statement):
        with self._streams.captured(statement.printed) as printed:
            try:
                data = guarded(self._run_cell, statement.code)
            except BaseException as e:  # SystemExit and KeyboardInterrupt are a cell's own, too
                return failure(e)
            shown = printed()
        shown = shown[:-1] if shown.endswith("\n") else shown
        if data is None:
            return output.text(shown)
        if shown or "image/png" in data:
            data = {**data, "text/plain": shown}
        return output.ok(data)

    def _run_cell(self, code):
        helper = sys.modules.get(HELPER)
        if helper is None:
            return self._run_nodes(code)
        helper.begin_cell()
        try:
            return self._run_nodes(code)
        finally:
            helper.end_cell("\n%matplot " in "\n" + code)

    def _run_nodes(self, code):
        """Runs stretches of Python and magics in turn; the data is that of the last one."""
        data = None
        nodes = list(python_magics.split(code))
        trees = [None if is_magic else self._parse(text, line) for is_magic, text, line in nodes]
        for (is_magic, text, _), tree in zip(nodes, trees):
            data = python_magics.run(text, self.names) if is_magic else self._run_python(tree)
        return data

    def _parse(self, text, line):
        """Parses text, whose first line is number line of the cell."""
        tree = compile(text, "<stdin>", "exec", ast.PyCF_ONLY_AST | self._flags, dont_inherit=True)
        return ast.increment_lineno(tree, line - 1)

    def _run_python(self, tree):
        """The last statement runs as at a prompt, so that an expression shows
        its value."""
        body, last = tree.body[:-1], tree.body[-1:]
        for part, mode in ((ast.Module(body, []), "exec"), (ast.Interactive(last), "single")):
            if part.body:
                code = compile(part, "<stdin>", mode, self._flags, dont_inherit=True)
                self._flags |= code.co_flags & FUTURE
                exec(code, self.names)

    def complete(self, _code, _cursor):
        return []


def failure(e):
    """The error as Python prints it, without the frames of this driver."""
    try:
        report = traceback.TracebackException.from_exception(e)
        part = report
        while part is not None:
            part.stack[:] = [frame for frame in part.stack if os.path.dirname(frame.filename) != HERE]
            part = part.__cause__ or part.__context__
        lines = list(report.format())
        if isinstance(e, SyntaxError) and not report.stack:
            lines = lines[1:]  # nothing was called: there is no traceback to announce
        return output.error(type(e).__name__, str(e), lines)
    except Exception as unprintable:  # an exception whose own methods fail
        return output.error(type(e).__name__, f"the error cannot be shown: {unprintable!r}", [])
