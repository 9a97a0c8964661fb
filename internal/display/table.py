# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# The first rows of a Spark DataFrame, with its schema, as Livy's SQL has them.
TABLE = "application/vnd.livy-kernel.table+json"

# Java puts these into the words that show() has for them; Python would lose the
# time zone of the session, or has no such value.
AS_TEXT = ("timestamp", "timestamp_ntz", "interval", "void", "variant")


def spark_table(frame, limit):
    """JSON of the first limit rows of frame, and whether there are more. Columns
    are taken by position: names may stand twice."""
    fields = frame.schema.jsonValue()["fields"]
    numbered = frame.toDF(*["c%d" % i for i in range(len(fields))])
    columns = []
    for i, field in enumerate(fields):
        column, kind = numbered["c%d" % i], field["type"]
        as_text = isinstance(kind, str) and kind.startswith(AS_TEXT)
        columns.append(column.cast("string").alias("c%d" % i) if as_text else column)
    rows = numbered.select(*columns).limit(limit + 1).collect() if fields else []
    schema = [{"name": f["name"], "type": f["type"], "nullable": f["nullable"]} for f in fields]
    # What does not fit into the store with its base64 and quotes is left out.
    data, size, left = [], 0, STORE // 2
    for row in rows[:limit]:
        text = "[" + ",".join(map(cell, row)) + "]"
        size += len(text)
        if size > left:
            break
        data.append(text)
    return {"schema": {"type": "struct", "fields": schema}, "data": Raw("[" + ",".join(data) + "]"), "more": len(data) < len(rows)}


def cell(value):
    """One value. Structs carry the names of their fields."""
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps("NaN" if value != value else "Infinity" if value > 0 else "-Infinity")
    if isinstance(value, (bytes, bytearray)):
        return encode(list(value))
    if hasattr(value, "asDict"):
        names = getattr(value, "__fields__", None) or [str(i) for i in range(len(value))]
        return '{"schema":' + encode([{"name": n} for n in names]) + ',"values":[' + ",".join(map(cell, value)) + "]}"
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(str(k)) + ":" + cell(v) for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(cell, value)) + "]"
    return encode(value)
