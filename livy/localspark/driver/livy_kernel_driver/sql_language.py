# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""SQL cells: the rows as JSON beside their schema, as Livy shows them."""
import datetime

from . import output
from .cancel import guarded

MAX_ROWS = 1000  # livy.rsc.sql.num-rows


class SQLLanguage:
    def __init__(self, spark):
        """spark() is the session to ask."""
        self._spark = spark

    def run(self, statement):
        try:
            return output.ok({"application/json": guarded(self._table, statement.code)})
        except KeyboardInterrupt:
            return output.cancelled()
        except Exception as e:
            return output.error("Error", *failure(e))

    def _table(self, code):
        frame = self._spark().sql(code)
        schema = frame.schema
        rows = [[show(v, f.dataType) for v, f in zip(row, schema.fields)] for row in frame.take(MAX_ROWS)]
        result = {"schema": output.Raw(schema.json()), "data": rows}
        if any(is_float(f.dataType) for f in schema.fields):
            result["nan"] = True  # Livy sends NaN as null, which would be taken for NULL
        return result

    def complete(self, _code, _cursor):
        return []


def failure(e):
    """The message and the Java frames of an exception."""
    origin = getattr(e, "_origin", None) or getattr(e, "java_exception", None)
    if origin is None:
        return str(e), []
    return origin.toString().partition(": ")[2] or str(e), [frame.toString() for frame in origin.getStackTrace()]


def is_float(kind):
    return kind.typeName() in ("float", "double")


def show(value, kind):
    """One value in Livy's encoding of its Spark type."""
    name = kind.typeName()
    if value is None:
        return None
    if is_float(kind) and value != value:
        return "NaN"
    if name == "timestamp":
        return instant(value.astimezone(datetime.timezone.utc)) + "Z"
    if name == "timestamp_ntz":
        return instant(value)
    if name == "date":
        return value.isoformat()
    if name == "binary":
        return list(value)
    if name == "array":
        return [show(v, kind.elementType) for v in value]
    if name == "map":
        return {key(k, kind.keyType): show(v, kind.valueType) for k, v in value.items()}
    if name == "struct":
        return {"schema": [field(f) for f in kind.fields], "values": [show(v, f.dataType) for v, f in zip(value, kind.fields)]}
    return value


def field(f):
    """A struct's field as Livy's JSON library sees it."""
    return {"name": f.name, "dataType": {}, "nullable": f.nullable, "metadata": {"map": f.metadata}}


def key(value, kind):
    shown = show(value, kind)
    return shown if isinstance(shown, str) else output.encode(shown)


def instant(value):
    text = value.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{value.microsecond:06}".rstrip("0") if value.microsecond else text
