# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the Python interpreter of Apache Livy, as far as the prologue
has to do with it: answers are lines of JSON on file descriptor 1, the functions
that make them stand in __main__, and of a traceback all is dropped up to the
frame of the cell itself. Its first argument tells whether
outputs are cleared before an error is put into words or not at all."""
import io
import json
import re
import sys
import traceback

CLEARS = sys.argv[1] == "clears"
names = {}


def clearOutputs():
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()


def execute_reply_error(kind, value, tb):
    lines = traceback.format_exception(kind, value, tb, chain=False)
    top = next((i for i, line in enumerate(lines) if re.match(r'\s*File "<stdin>".*in <module>', line)), 0)
    return {"ename": kind.__name__, "traceback": lines[:1] + lines[top + 1:]}


def execute(code):
    try:
        cell = compile(code, "<stdin>", "exec")
    except SyntaxError as e:
        return execute_reply_error(type(e), e, None)
    try:
        exec(cell, names)
    except BaseException:
        failure = sys.exc_info()
        if CLEARS:
            clearOutputs()
        return execute_reply_error(*failure)
    text = sys.stdout.getvalue() + sys.stderr.getvalue()
    clearOutputs()
    return {"text": text.rstrip()}


def main():
    answers = sys.stdout
    clearOutputs()
    for line in sys.stdin:
        answers.write(json.dumps(execute(json.loads(line))) + "\n")
        answers.flush()


main()
