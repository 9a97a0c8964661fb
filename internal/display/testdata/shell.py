# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for an interpreter. Its argument tells which: "livy" has the
functions by which Apache Livy's runs a cell, any other has none of them. It
reads cells, one JSON string a line, and answers each with what was printed and
the data of its last part. An error that Livy's does not expect is its end."""
import ast
import io
import json
import re
import sys

import livy_log

global_dict = {"sc": livy_log.Context()}
magic_router = {"json": lambda name: {"application/json": global_dict[name]}, "table": lambda name: {"table": global_dict[name]},
                "matplot": lambda name: {"image/png": name}}


class ExecutionError(Exception):
    pass


class Output(io.StringIO):
    def write(self, s):
        super(Output, self).write(s.decode() if isinstance(s, bytes) else s)


class Code:
    def __init__(self, code):
        self.code = ast.parse(code)

    def execute(self):
        tree = self.code
        try:
            for part, mode in ((ast.Module(tree.body[:-1], []), "exec"), (ast.Interactive(tree.body[-1:]), "single")):
                if part.body:
                    exec(compile(part, "<stdin>", mode), global_dict)
        except BaseException:
            raise ExecutionError(sys.exc_info())


class Magic:
    def __init__(self, line):
        self.magic, _, self.rest = line[1:].partition(" ")

    def execute(self):
        return magic_router[self.magic](*filter(None, [self.rest]))


def parse(code):
    parts = re.split(r"(?m)^(%.*)$\n?", code) if re.search("(?m)^%", code) else [code]
    return [Magic(p) if p.startswith("%") else Code(p) for p in parts if p]


if sys.argv[1] == "livy":
    parse_code_into_nodes = parse


def run(code):
    data = None
    try:
        for node in globals().get("parse_code_into_nodes", parse)(code):
            data = node.execute()
    except ExecutionError as e:
        kind, value, _ = e.args[0]
        print("%s: %s" % (kind.__name__, value))
    return data


answers = sys.stdout
for line in sys.stdin:
    sys.stdout, sys.stderr = Output(), Output()
    data = run(json.loads(line))
    answers.write(json.dumps({"text": (sys.stdout.getvalue() + sys.stderr.getvalue()).rstrip(), "data": data}) + "\n")
    answers.flush()
