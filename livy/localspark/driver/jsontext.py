# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""JSON with exact decimals, which the json module would turn into floats."""
import json
import math
from decimal import Decimal


class Raw(str):
    """Text that is JSON already."""


def encode(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(k))}:{encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(encode, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "null"
    if isinstance(value, float) and not math.isfinite(value):
        return "null" if math.isnan(value) else json.dumps("Infinity" if value > 0 else "-Infinity")
    if value is None or isinstance(value, (bool, int, float, str)):
        return json.dumps(value)
    return json.dumps(str(value))


def ok(**data):
    """The output of a statement that succeeded, MIME types with _ for /."""
    return {"status": "ok", "data": {k.replace("__", "/", 1): v for k, v in data.items()}}


def text(shown):
    return {"status": "ok", "data": {"text/plain": shown}}


def error(ename, evalue, traceback):
    return {"status": "error", "ename": ename, "evalue": evalue, "traceback": list(traceback)}
