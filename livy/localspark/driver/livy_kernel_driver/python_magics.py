# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Livy's magics of Python cells: %json, %table, %matplot."""
import base64
import codeop
import io
import sys

from . import output
from .table import table


class UnknownMagic(Exception):
    __module__ = "builtins"  # its traceback names no module


def split(code):
    """Yields (is a magic, text, number of its first line) for the stretches of
    a cell. A magic is a line with % in the first column, outside of brackets
    and of strings that span lines."""
    stretch, first = [], 1
    for number, line in enumerate(code.split("\n"), 1):
        if line.startswith("%") and _complete("\n".join(stretch)):
            if any(s.strip() for s in stretch):
                yield False, "\n".join(stretch), first
            yield True, line[1:].strip(), number
            stretch, first = [], number + 1
        else:
            stretch.append(line)
    if any(s.strip() for s in stretch):
        yield False, "\n".join(stretch), first


def _complete(text):
    """Whether text may end here: not within a string or a bracket."""
    try:
        return codeop.compile_command(text + "\n", symbol="exec") is not None
    except (SyntaxError, ValueError, OverflowError):
        return "\"\"\"" not in text and "'''" not in text


def run(text, names):
    """Runs a magic and returns its data by MIME type, or None where it is shown
    already."""
    name, _, argument = text.partition(" ")
    try:
        magic = {"json": _json, "table": table, "matplot": _matplot}[name]
    except KeyError:
        raise UnknownMagic(f"unknown magic command '{name}'") from None
    if not argument.strip():
        raise UnknownMagic(f"%{name} needs the name of a variable")
    value = eval(argument.strip(), names)
    helper = sys.modules.get("livy_kernel_display")  # what a kernel has given this interpreter
    if name == "table" and helper and helper.shows_frame(value):
        return None
    return magic(value)


def _json(value):
    return {"application/json": output.Raw(output.encode(value))}


def _matplot(pyplot):
    image = io.BytesIO()
    helper = sys.modules.get("livy_kernel_display")  # a kernel's: it closes the figures that it has shown
    figure = helper.current_figure(pyplot) if helper else pyplot.gcf()
    figure.savefig(image, format="png")
    return {"image/png": base64.b64encode(image.getvalue()).decode("ascii")}
