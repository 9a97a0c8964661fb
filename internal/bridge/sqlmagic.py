# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
def _livy_kernel_sql(frame, name, rows, quiet, fraction):
    import datetime, json, math

    def plain(value):
        if isinstance(value, float) and not math.isfinite(value):
            return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, (bytes, bytearray)):
            return list(value)
        if isinstance(value, dict):
            return {str(plain(k)): plain(v) for k, v in value.items()}
        if hasattr(value, "__fields__"):
            return {k: plain(v) for k, v in zip(value.__fields__, value)}
        if isinstance(value, (list, tuple)):
            return [plain(v) for v in value]
        if isinstance(value, datetime.datetime):
            return value.isoformat(" ")
        return str(value)

    if name:
        globals()[name] = frame
        print(name + " is a Spark DataFrame in the Python cells of this session; " + name + ".toPandas() makes one of pandas.")
    if quiet and name:
        return None
    chosen = frame if fraction == 1 else frame.sample(fraction)
    found = chosen.take(rows + 1)
    return {
        "schema": json.loads(frame.schema.json()),
        "data": [[plain(v) for v in row] for row in found[:rows]],
        "more": len(found) > rows,
    }


