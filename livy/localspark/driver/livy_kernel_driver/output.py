# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The output of a statement, and its JSON."""
import datetime
import json
import math
from decimal import Decimal


class Raw(str):
    """Text that is JSON already."""


def encode(value):
    """JSON with exact decimals, which the json module would turn into floats,
    and without NaN, which is not JSON. What JSON has no word for is shown as
    its text."""
    if isinstance(value, Raw):
        return str(value)
    if value is None or isinstance(value, (bool, int, str)):
        return json.dumps(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(k))}:{encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "[" + ",".join(map(encode, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "null"
    if isinstance(value, float):
        if math.isfinite(value):
            return json.dumps(value)
        return "null" if math.isnan(value) else json.dumps("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, (datetime.date, datetime.time)):
        return json.dumps(value.isoformat())
    if hasattr(value, "tolist"):  # numpy's scalars and arrays
        return encode(value.tolist())
    return json.dumps(str(value))


def text(shown):
    return ok({"text/plain": shown})


def ok(data):
    return {"status": "ok", "data": data}


def error(ename, evalue, traceback):
    return {"status": "error", "ename": ename, "evalue": evalue, "traceback": list(traceback)}


def cancelled():
    return error("KeyboardInterrupt", "the statement was cancelled", [])
