# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""SQL cells: the rows as JSON beside their schema, as Livy shows them."""
import datetime
import json

import jsontext

MAX_ROWS = 1000  # livy.rsc.sql.num-rows


class SQLLanguage:
    interrupted_by_signal = True

    def __init__(self, spark):
        self._spark = spark

    def run(self, _number, code):
        try:
            frame = self._spark.sql(code.strip().rstrip(";"))
            schema = frame.schema
            rows = [[show(v, f.dataType) for v, f in zip(row, schema.fields)] for row in frame.take(MAX_ROWS)]
        except KeyboardInterrupt:
            return jsontext.error("KeyboardInterrupt", "the statement was cancelled", [])
        except Exception as e:
            return jsontext.error("Error", *failure(e))
        table = {"schema": jsontext.Raw(schema.json()), "data": rows}
        return {"status": "ok", "data": {"application/json": table}}

    def complete(self, _code, _cursor):
        return []


def failure(e):
    """The message and the Java frames of an exception."""
    origin = getattr(e, "_origin", None) or getattr(e, "java_exception", None)
    if origin is None:
        return str(e), []
    return origin.toString().partition(": ")[2] or str(e), [frame.toString() for frame in origin.getStackTrace()]


def show(value, kind):
    """One value in Livy's encoding of its Spark type."""
    name = kind.typeName()
    if value is None:
        return None
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
        fields = json.loads(kind.json())["fields"]
        return {"schema": fields, "values": [show(v, f.dataType) for v, f in zip(value, kind.fields)]}
    return value


def key(value, kind):
    shown = show(value, kind)
    return shown if isinstance(shown, str) else jsontext.encode(shown)


def instant(value):
    text = value.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{value.microsecond:06}".rstrip("0") if value.microsecond else text
