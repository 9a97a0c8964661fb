# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Livy's magics of Python cells: %json, %table, %matplot."""
import base64
import datetime
import decimal
import io
import json

import jsontext


class UnknownMagic(Exception):
    pass


def split(code):
    """Yields (is a magic, text, number of its first line) for the stretches of
    a cell. A magic is a line with % in the first column, outside of strings
    that span lines."""
    lines = code.split("\n")
    stretch, first = [], 1
    for number, line in enumerate(lines, 1):
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
    import codeop
    try:
        return codeop.compile_command(text + "\n", symbol="exec") is not None
    except (SyntaxError, ValueError, OverflowError):
        return "\"\"\"" not in text and "'''" not in text


def run(text, names):
    """Runs a magic and returns its data by MIME type."""
    name, _, argument = text.partition(" ")
    try:
        magic = {"json": _json, "table": _table, "matplot": _matplot}[name]
    except KeyError:
        raise UnknownMagic(f"unknown magic command '{name}'") from None
    argument = argument.strip()
    if not argument:
        raise UnknownMagic(f"%{name} needs the name of a variable")
    return magic(eval(argument, names))


def _json(value):
    return {"application/json": jsontext.Raw(json.dumps(value, default=_plain))}


def _plain(value):
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return float(value) if isinstance(value, decimal.Decimal) else str(value)


def _matplot(pyplot):
    image = io.BytesIO()
    pyplot.savefig(image, format="png")
    return {"image/png": base64.b64encode(image.getvalue()).decode("ascii")}


# Types by which Livy names the columns of a table. bool comes before int,
# which it is one of, and datetime before date.
TYPES = (
    (bool, "BOOLEAN_TYPE"), (int, "INT_TYPE"), (float, "DOUBLE_TYPE"), (str, "STRING_TYPE"),
    (decimal.Decimal, "DECIMAL_TYPE"), (datetime.datetime, "TIMESTAMP_TYPE"), (datetime.date, "DATE_TYPE"),
    ((list, tuple), "ARRAY_TYPE"), (dict, "MAP_TYPE"),
)


def _table(value):
    rows = value if isinstance(value, (list, tuple)) and not hasattr(value, "asDict") else [value]
    columns, table = {}, []
    for row in rows:
        cells = _cells(row)
        for name, cell in cells.items():
            known, found = columns.get(name), _type(cell)
            columns[name] = found if known in (None, "NULL_TYPE", found) else known if found == "NULL_TYPE" else "STRING_TYPE"
        table.append(cells)
    headers = [{"name": name, "type": kind} for name, kind in columns.items()]
    data = [[_shown(cells.get(name), kind) for name, kind in columns.items()] for cells in table]
    return {"application/vnd.livy.table.v1+json": {"headers": headers, "data": data}}


def _cells(row):
    if hasattr(row, "asDict"):
        row = row.asDict()
    if isinstance(row, dict):
        return {str(k): v for k, v in row.items()}
    if isinstance(row, (list, tuple)):
        return {str(i): v for i, v in enumerate(row)}
    return {"0": row}


def _type(cell):
    if cell is None:
        return "NULL_TYPE"
    for kind, name in TYPES:
        if isinstance(cell, kind):
            return name
    return "STRING_TYPE"


def _shown(cell, kind):
    if cell is None or kind in ("BOOLEAN_TYPE", "INT_TYPE", "DOUBLE_TYPE", "DECIMAL_TYPE"):
        return cell
    if kind in ("ARRAY_TYPE", "MAP_TYPE"):
        return jsontext.Raw(json.dumps(cell, default=_plain))
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
