# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Configuration of nbconvert: tells how the cells go, one JSON object a line,
into the file that LIVY_KERNEL_DEMO_EVENTS names."""
import json
import os
import re

events = open(os.environ["LIVY_KERNEL_DEMO_EVENTS"], "a", encoding="utf-8", buffering=1)


def tell(event, cell, **more):
    if cell["cell_type"] == "code" and "".join(cell["source"]).strip():
        events.write(json.dumps({"event": event, "source": "".join(cell["source"]), **more}) + "\n")


def shown(cell, expected):
    parts = []
    for output in cell["outputs"]:
        if output["output_type"] == "error" and expected:
            parts.append(f'{output["ename"]}: {output["evalue"].splitlines()[0]}')
        elif output["output_type"] == "error":
            parts.append(re.sub(r"\x1b\[[\d;]*m", "", "\n".join(output["traceback"])))
        elif output["output_type"] == "stream":
            parts.append(output["text"])
        else:
            parts.append(output["data"].get("text/plain", ""))
    return "\n".join(part.rstrip("\n") for part in parts if part)


def on_cell_execute(cell, cell_index):
    tell("begin", cell)


def on_cell_executed(cell, cell_index, execute_reply):
    expected = "raises-exception" in cell["metadata"].get("tags", [])
    tell("end", cell, status=execute_reply["content"]["status"], expected=expected, shown=shown(cell, expected))


c = get_config()  # noqa: F821
c.ExecutePreprocessor.on_cell_execute = on_cell_execute
c.ExecutePreprocessor.on_cell_executed = on_cell_executed
