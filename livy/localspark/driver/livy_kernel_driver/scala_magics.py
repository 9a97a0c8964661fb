# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Livy's magics of Scala cells: %json and %table."""
import json

from . import output
from .table import table

# The REPL hands a value over through a system property: its own way to a value
# by name does not work for the class-based REPL that Spark wants.
KEY = "livy-kernel.value"


class Magics:
    def __init__(self, gateway, interpret):
        self._properties = gateway.jvm.java.lang.System.getProperties()
        self._interpret = interpret
        self._mapper = gateway.jvm.com.fasterxml.jackson.databind.ObjectMapper()
        self._mapper.registerModule(getattr(getattr(
            gateway.jvm.com.fasterxml.jackson.module.scala, "DefaultScalaModule$"), "MODULE$"))

    def run(self, magic, name):
        if magic not in ("json", "table"):
            return output.error("UnknownMagic", f"Unknown magic command {magic}", [])
        result, _ = self._interpret(
            f'locally {{ java.lang.System.getProperties.put("{KEY}", ({name}).asInstanceOf[AnyRef]); () }}')
        if not name or result != "Success":
            return output.error("NameError", f"Value {name} does not exist", [])
        text = self._mapper.writeValueAsString(self._properties.remove(KEY))
        if magic == "json":
            return output.ok({"application/json": output.Raw(text)})
        return output.ok(table(json.loads(text), integer="BIGINT_TYPE"))
