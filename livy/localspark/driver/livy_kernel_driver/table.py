# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Livy's table of rows, the MIME type application/vnd.livy.table.v1+json."""
import datetime
import decimal

from . import output

# Types by which Livy names the columns. bool comes before int, which it is one
# of, and datetime before date.
TYPES = (
    (bool, "BOOLEAN_TYPE"), (int, "INT_TYPE"), (float, "DOUBLE_TYPE"), (str, "STRING_TYPE"),
    (decimal.Decimal, "DECIMAL_TYPE"), (datetime.datetime, "TIMESTAMP_TYPE"), (datetime.date, "DATE_TYPE"),
    ((list, tuple), "ARRAY_TYPE"), (dict, "MAP_TYPE"),
)
AS_THEY_ARE = {"BOOLEAN_TYPE", "INT_TYPE", "BIGINT_TYPE", "DOUBLE_TYPE", "DECIMAL_TYPE"}


def table(value, integer="INT_TYPE"):
    """The table of a list of lists, dicts or Rows; anything else is a table of
    one cell. A column of cells of several types is one of strings: Livy's own
    interpreter dies of it."""
    rows = value if isinstance(value, (list, tuple)) and not hasattr(value, "asDict") else [value]
    columns, cells_of_rows = {}, []
    for row in rows:
        cells = _cells(row)
        for name, cell in cells.items():
            known, found = columns.get(name), _type(cell, integer)
            columns[name] = found if known in (None, "NULL_TYPE", found) else known if found == "NULL_TYPE" else "STRING_TYPE"
        cells_of_rows.append(cells)
    headers = [{"name": name, "type": kind} for name, kind in columns.items()]
    data = [[_shown(cells.get(name), kind) for name, kind in columns.items()] for cells in cells_of_rows]
    return {"application/vnd.livy.table.v1+json": output.Raw(output.encode({"headers": headers, "data": data}))}


def _cells(row):
    if hasattr(row, "asDict"):
        row = row.asDict()
    if isinstance(row, dict):
        return {str(k): v for k, v in row.items()}
    if isinstance(row, (list, tuple)):
        return {str(i): v for i, v in enumerate(row)}
    return {"0": row}


def _type(cell, integer):
    if cell is None:
        return "NULL_TYPE"
    for kind, name in TYPES:
        if isinstance(cell, kind):
            return integer if name == "INT_TYPE" else name
    return "STRING_TYPE"


def _shown(cell, kind):
    if cell is None or kind in AS_THEY_ARE:
        return cell
    if kind in ("ARRAY_TYPE", "MAP_TYPE"):
        return output.Raw(output.encode(cell))
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
