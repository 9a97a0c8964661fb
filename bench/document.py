# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the results of the figures into docs/benchmarks.md, between its
markers, and draws the charts. A figure without a result keeps what stands."""
import re
import sys

import charts
import goals
import tables
from record import load, say
from room import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
# Section of the document: the figure whose result it shows.
SECTIONS = {"deadtime": "deadtime", "calls": "calls", "notebooks": "calls", "start": "start", "kernel": "kernel", "weight": "weight",
            "throughput": "throughput", "headless": "headless", "hotpaths": "hotpaths", "demo": "demo"}
CHARTS = {  # section: what its picture shows
    "kernel": "The kernel beside ipykernel",
    "deadtime": "Dead time by length of the cell",
    "calls": "Requests and dead time by length of the cell",
    "notebooks": "Wait and requests by number of notebooks",
    "start": "Start of the process, the first cell, and Spark",
    "weight": "Resident memory",
    "throughput": "Cells and updates a second",
    "headless": "Time of a headless run",
    "demo": "Time of the demo",
}


def replace(text, name, content):
    """Puts content between the markers of a section."""
    pattern = rf"(<!-- bench:{name} -->\n).*?(<!-- /bench:{name} -->)"
    if not re.search(pattern, text, re.S):
        raise ValueError(f"{DOCUMENT.name} has no section {name}")
    return re.sub(pattern, lambda m: f"{m[1]}\n{content}\n\n{m[2]}", text, flags=re.S)


def main():
    text, failed = DOCUMENT.read_text("utf-8"), False
    for section, figure in SECTIONS.items():
        try:
            if result := load(figure):
                content = getattr(tables, section)(result)
                if section in CHARTS:
                    getattr(charts, section)(result)
                    content = f"![{CHARTS[section]}](images/bench-{section}.svg)\n\n{content}"
                text = replace(text, section, content)
        except (KeyError, IndexError, TypeError, ValueError) as problem:  # of one result; the others are shown
            say(f"document: {section}: {problem!r}")
            failed = True
    if taken := load("taken"):
        text = replace(text, "machine", tables.taken(taken))
    text = replace(text, "goals", goals.table({figure: load(figure) for figure in SECTIONS.values()}))
    DOCUMENT.write_text(text, "utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
