# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

# Sends outputs to the kernel, as frames within what the statement prints: the
# session's nonce, then JSON without a newline or a character beyond ASCII.
import base64, datetime, decimal, json, math, sys

ROOM = 8000000  # of frames in one statement; Apache Livy takes no text above 20 MB
STORE = 64000000  # of frames that wait here for the kernel to fetch them
PRINTED = 18000000  # characters of a statement's text, frames and all

state = {"nonce": "", "spent": 0, "keys": 0, "stdout": None, "flushes": False, "live": None}
stored = {}


class Raw(str):
    """Text that is JSON already."""


def encode(value):
    """JSON with exact decimals and without NaN, which JSON does not have."""
    if isinstance(value, Raw):
        return str(value)
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value) if math.isfinite(value) else "null"
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(str(k)) + ":" + encode(v) for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "[" + ",".join(map(encode, value)) + "]"
    if isinstance(value, decimal.Decimal):
        return format(value, "f") if value.is_finite() else "null"
    if isinstance(value, (datetime.date, datetime.time)):
        return json.dumps(value.isoformat())
    if isinstance(value, (bytes, bytearray)):
        return json.dumps(base64.b64encode(value).decode("ascii"))
    if hasattr(value, "tolist"):  # numpy's scalars and arrays
        return encode(value.tolist())
    return json.dumps(str(value))


def room():
    """What this statement has left. An interpreter that does not tell where a
    statement begins may have a new sys.stdout for each."""
    if state["stdout"] is not sys.stdout:
        state["stdout"], state["spent"] = sys.stdout, 0
    return ROOM - state["spent"]


def write(text):
    room()
    state["spent"] += len(text)
    sys.stdout.write(state["nonce"] + text + "\n")


def cut_printed():
    """Cuts what was printed to what a statement's text can hold: more than that
    is an error of Apache Livy's, which shows nothing. Frames stay."""
    nonce = state["nonce"]
    for stream, most in ((sys.stdout, PRINTED - state["spent"]), (sys.stderr, PRINTED // 10)):
        text = stream.getvalue() if hasattr(stream, "getvalue") else ""
        if len(text) <= most:
            continue
        # At the end of a line, or before a frame, which is one.
        at = max(text.rfind("\n", 0, most) + 1, text.rfind(nonce, 0, most))
        if at < most - ROOM:  # no frame is as long
            at = most
        frames = [nonce + part.partition("\n")[0] + "\n" for part in text[at:].split(nonce)[1:]]
        stream.seek(at)
        stream.truncate()
        stream.write("\n[cut: %s of %s characters of this output are left out; print less in one cell, or write it to a file]\n" % (
            format(len(text) - at - sum(map(len, frames)), ","), format(len(text), ",")))
        stream.write("".join(frames))


def send(kind, **content):
    """Sends a frame. One for which there is no room waits to be fetched."""
    text = encode(dict(content, type=kind))
    if len(text) <= room():
        write(text)
    elif len(text) > STORE:
        send("display_data", data={"text/plain": "[left out: an output of %s MB; %d MB can be shown]" % (
            format(len(text) // 1000000, ","), STORE // 1000000)})
    else:
        state["keys"] += 1
        stored[state["keys"]] = text
        while sum(map(len, stored.values())) > STORE:
            del stored[min(stored)]  # of a cell whose outputs nobody fetched, most likely
        write(encode({"type": "stored", "key": state["keys"]}))


def fetch(key):
    """Sends the next part of a stored frame."""
    state["spent"] = 0
    text = stored.pop(key, "")
    if text[ROOM:]:
        stored[key] = text[ROOM:]
    write(encode({"type": "part", "text": text[:ROOM], "last": len(text) <= ROOM}))
