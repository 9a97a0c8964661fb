# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# The first rows of a Spark DataFrame, with its schema, as Livy's SQL has them.
import struct

TABLE = "application/vnd.livy-kernel.table+json"

# Java puts these into the words that show() has for them, at any depth; Python
# would lose the time zone of the session, or has no such value.
AS_TEXT = ("timestamp", "interval", "void", "variant")


def in_words(kind):
    """The type of Spark with text in place of those, at any depth."""
    types = sys.modules["pyspark.sql.types"]
    name = kind.jsonValue()
    if isinstance(name, str):
        return types.StringType() if name.startswith(AS_TEXT) else kind
    if isinstance(kind, types.ArrayType):
        return types.ArrayType(in_words(kind.elementType), kind.containsNull)
    if isinstance(kind, types.MapType):
        return types.MapType(in_words(kind.keyType), in_words(kind.valueType), kind.valueContainsNull)
    if isinstance(kind, types.StructType):
        return types.StructType([types.StructField(f.name, in_words(f.dataType), f.nullable) for f in kind.fields])
    return kind


def spark_table(frame, limit):
    """JSON of the first limit rows of frame, whether there are more, and the zone
    of its times. Columns are taken by position: names may stand twice."""
    fields = frame.schema.fields
    numbered = frame.toDF(*["c%d" % i for i in range(len(fields))])
    columns, kinds = [], []
    for i, field in enumerate(fields):
        column, kind = numbered["c%d" % i], in_words(field.dataType)
        columns.append(column if kind == field.dataType else column.cast(kind).alias("c%d" % i))
        kinds.append(kind)
    rows = numbered.select(*columns).limit(limit + 1).collect() if fields else []
    schema = [{"name": f.name, "type": f.dataType.jsonValue(), "nullable": f.nullable} for f in fields]
    # What does not fit into the store with its base64 and quotes is left out.
    data, size, left = [], 0, STORE // 2
    for row in rows[:limit]:
        text = "[" + ",".join(map(cell, row, kinds)) + "]"
        size += len(text)
        if size > left:
            break
        data.append(text)
    table = {"schema": {"type": "struct", "fields": schema}, "data": Raw("[" + ",".join(data) + "]"), "more": len(data) < len(rows)}
    if '"timestamp"' in encode(schema):
        session = getattr(frame, "sparkSession", None) or frame.sql_ctx.sparkSession
        table["zone"] = session.conf.get("spark.sql.session.timeZone")
    return table


def cell(value, kind, nested=False):
    """One value of that type of Spark. Structs carry the names of their fields."""
    name = kind.typeName()
    if value is None:
        return "null"
    if name == "array":
        return "[" + ",".join(cell(v, kind.elementType, True) for v in value) + "]"
    if name == "map":
        return "{" + ",".join(key(k, kind.keyType) + ":" + cell(v, kind.valueType, True) for k, v in value.items()) + "}"
    if name == "struct":
        values = [cell(v, f.dataType, True) for v, f in zip(value, kind.fields)]
        return '{"schema":' + encode([{"name": f.name} for f in kind.fields]) + ',"values":[' + ",".join(values) + "]}"
    if name == "binary":
        return json.dumps("[%s]" % " ".join("%02X" % b for b in bytearray(value))) if nested else encode(list(bytearray(value)))
    if isinstance(value, float):
        if not math.isfinite(value):
            return json.dumps("NaN" if value != value else "Infinity" if value > 0 else "-Infinity")
        return shortest(value) if name == "float" else encode(value)
    return encode(value)


def key(value, kind):
    """A key of a map: JSON has text alone."""
    text = cell(value, kind, True)
    return text if text.startswith('"') else json.dumps(text)


def shortest(value):
    """A float of 32 bits without the digits that 64 bits add."""
    for digits in range(6, 9):
        text = "%.*g" % (digits, value)
        if struct.unpack("f", struct.pack("f", float(text)))[0] == value:
            return encode(float(text))
    return encode(float("%.9g" % value))
