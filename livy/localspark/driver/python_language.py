# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Python cells, with the meaning that Livy gives them."""
import ast
import os
import sys
import traceback
import types

import capture
import jsontext
import python_magics


HERE = os.path.dirname(os.path.abspath(__file__))


class PythonLanguage:
    interrupted_by_signal = True

    def __init__(self, spark):
        main = sys.modules["__main__"] = types.ModuleType("__main__")  # pickle finds the classes of cells there
        self.names = main.__dict__
        self.names.update(spark=spark, sc=spark.sparkContext, sqlContext=_sql_context(spark))
        self._stdout = sys.stdout = capture.Stream(sys.stdout)
        self._stderr = sys.stderr = capture.Stream(sys.stderr)

    def run(self, _number, code):
        out, err = capture.Text(), capture.Text()
        self._stdout.text, self._stderr.text = out, err
        try:
            data = self._run_nodes(code)
        except BaseException as e:  # SystemExit and KeyboardInterrupt are a cell's own, too
            return self._failure(e)
        finally:
            self._stdout.text = self._stderr.text = None
        printed = str(out) + str(err)
        printed = printed[:-1] if printed.endswith("\n") else printed
        if data is None:
            return jsontext.text(printed)
        if printed or "image/png" in data:
            data = {**data, "text/plain": printed}
        return {"status": "ok", "data": data}

    def _run_nodes(self, code):
        """Runs stretches of Python and magics in turn; the data is that of the last one."""
        data = None
        for is_magic, text, line in python_magics.split(code):
            if is_magic:
                data = python_magics.run(text, self.names)
            else:
                self._run_python(text, line)
                data = None
        return data

    def _run_python(self, text, line):
        """Runs text, whose first line is number line of the cell. The last
        statement runs as at a prompt, so that an expression shows its value."""
        tree = compile(text, "<stdin>", "exec", ast.PyCF_ONLY_AST)
        ast.increment_lineno(tree, line - 1)
        body, last = tree.body[:-1], tree.body[-1:]
        for part, mode in ((ast.Module(body, []), "exec"), (ast.Interactive(last), "single")):
            if part.body:
                exec(compile(part, "<stdin>", mode, dont_inherit=True), self.names)

    def _failure(self, e):
        """The error as Python prints it, without the frames of this driver."""
        report = traceback.TracebackException.from_exception(e)
        part = report
        while part is not None:
            part.stack[:] = [frame for frame in part.stack if os.path.dirname(frame.filename) != HERE]
            part = part.__cause__ or part.__context__
        lines = list(report.format())
        if isinstance(e, SyntaxError) and not report.stack:
            lines = lines[1:]  # nothing was called: there is no traceback to announce
        return jsontext.error(type(e).__name__, str(e), lines)

    def complete(self, _code, _cursor):
        return []


def _sql_context(spark):
    from pyspark.sql import SQLContext
    return SQLContext(spark.sparkContext, spark)
