# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""examples/gallery.ipynb shows what it did when somebody last looked at it: `pytest test/test_gallery.py --update`."""
import pathlib
import re

from conftest import ROOT

GALLERY = ROOT / "examples" / "gallery.ipynb"
GOLDEN = pathlib.Path(__file__).parent / "testdata" / "gallery.txt"


def described(executed):
    """Every output of the code cells: its kind, its types, and its text or HTML."""
    lines = []
    for cell in executed["cells"]:
        if cell["cell_type"] != "code":
            continue
        lines += ["", "#" * 8 + " " + cell["source"].splitlines()[0]]
        for out in cell["outputs"]:
            data = out.get("data", {})
            lines.append(f"=== {out['output_type']} {out.get('name', '')} {' '.join(sorted(data))}".rstrip())
            if out["output_type"] == "error":
                lines += [f"{out['ename']}: {out['evalue']}", *out["traceback"]]
            lines.append("".join(out.get("text", data.get("text/plain", ""))))
            if "image/png" not in data:
                lines.append(re.sub(r"<style.*?</style>", "", "".join(data.get("text/html", "")), flags=re.S))
    return "\n".join(lines) + "\n"


def steady(shown):
    """Without what differs from run to run: ports, times, the numbers of Scala's lines; and without colours."""
    shown = re.sub("\x1b" + r"\[[0-9;]*m", "", shown)
    for pattern, word in ((r"127\.0\.0\.1:\d+", "HOST"), (r"\d+(\.\d+)? s\b|about \d+m?\d*s", "TIME"), (r"\b0x[0-9a-f]+", "ADDRESS"), (r"times in [\w/]+", "times in ZONE"), (r"<console>:\d+", "<console>:N")):
        shown = re.sub(pattern, word, shown)
    return "\n".join(line.rstrip() for line in shown.splitlines()) + "\n"


def test_gallery(local, request):
    shown = steady(described(local.execute(GALLERY, "livy-local-pyspark")))
    if request.config.getoption("--update"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(shown, "utf-8")
    assert shown == GOLDEN.read_text("utf-8")
