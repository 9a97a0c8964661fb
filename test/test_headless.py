# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A notebook with every kind of output, run headless twice: the file says what the screen said, and the same each time."""
import json
import re
import sys

import pytest

from conftest import notebook, text

CANARY = "hunter2-canary"
CELLS = [
    "%matplotlib inline\nprint('plain'); import sys; print('to stderr', file=sys.stderr)",
    "for i in range(3):\n    print(f'\\r{i + 1}/3', end='')\nprint()",
    "%%sql\nselect 9007199254740993L as id, cast(1.5 as decimal(38,18)) as d, X'0061ff' as b, null as n, '<b>日本👍</b>' as s",
    "%%sql -o found -n 2\nselect id, double('NaN') as x from range(5) order by id",
    "found.count()",
    "%%spark\nval q = 1\nspark.range(3).count()",
    "def f(x):\n    return 1 / x\n\nf(0)",
    "df = spark.range(3)\n\ndf.select('idd').show()",
    "%%sql\nselect *\n  from nosuch",
    "%%spark\n\nval s: Int = \"日本\" + nosuch",
    "%tb",
    "%%configure\n{\"driverMemory\": \"2g\"}",
    "import time\ndef slow(it):\n    for x in it:\n        time.sleep(0.5)\n        yield x\nspark.sparkContext.parallelize(range(6), 6).mapPartitions(slow).count()",
    "%%help",
    "%run other.ipynb",
    """%%sql
select '<script>bad()</script><img src=x onerror=bad()>' as `<svg onload=bad()>`, '[x](javascript:bad())' as m, '\\u202e\\u001b]0;t' as c""",
    "displayHTML('<u onclick=\"mine()\">of the user</u>')",
    "print('\\x1b[32mgreen\\x1b[0m\\x1b]52;c;aGk=\\x07\\x1b]8;;http://e\\x1b\\\\link')",
]
HOSTILE = ("<script>bad()", "<img src=x", "<svg onload", "\u202e")
FAILING = (6, 7, 8, 9, 11, 14)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return notebook(tmp_path_factory.mktemp("headless") / "all.ipynb", *CELLS, tags={i: ["raises-exception"] for i in FAILING},
                    kernel="livy-local-pyspark")


@pytest.fixture(scope="module")
def runs(local, source):
    return [local.execute(source, "livy-local-pyspark", LIVY_KERNEL_PASSWORD=CANARY) for _ in range(2)]


def test_every_output_is_there(runs):
    cells = runs[0]["cells"]
    shown = [text(c) for c in cells]
    assert "plain" in shown[0] and "to stderr" in shown[0]
    assert shown[1].strip() == "3/3", "of a progress bar its end"
    html = "".join("".join(o["data"].get("text/html", "")) for o in cells[2]["outputs"] if "data" in o)
    assert all(s in html for s in ("9007199254740993", "1.5", "[00 61 FF]", "<em>NULL</em>", "&lt;b&gt;日本👍&lt;/b&gt;", "1 row × 5 columns")), html
    assert "first 2 rows × 2 columns; there are more" in shown[3] and "NaN" in shown[3] and "found is a Spark DataFrame" in shown[3]
    assert "5" in shown[4], "the variable is the whole result"
    assert "3" in shown[5]
    for i in FAILING:
        assert cells[i]["outputs"][-1]["output_type"] == "error", (i, shown[i])
    traces = {i: re.sub(r"\x1b\[[\d;]*m", "", "\n".join(cells[i]["outputs"][-1]["traceback"])) for i in FAILING}
    assert "----> 2     return 1 / x" in traces[6] and "----> 4 f(0)" in traces[6]
    assert traces[7].index("Did you mean") < traces[7].index("----> 3 df.select('idd').show()") and "py4j" not in traces[7]
    assert "----> 3   from nosuch" in traces[8]
    assert "Cell, line 3: error" in traces[9]
    assert "TABLE_OR_VIEW" in shown[10] or "nosuch" in shown[10], "%tb has the last error whole"
    assert "driverMemory" in shown[11] and "cannot be included" in shown[14]


def test_nothing_is_left_over(runs):
    for cell in runs[0]["cells"]:
        for out in cell["outputs"]:
            assert out["output_type"] in ("stream", "error") or any("".join(v) for v in out["data"].values() if isinstance(v, (str, list))), cell
    whole = json.dumps(runs[0])
    assert "Spark [" not in whole and "Starting Spark" not in whole, "no progress"
    assert CANARY not in whole, "no secret"


def test_twice_the_same(runs):
    first, second = ([steady(c["outputs"]) for c in run["cells"]] for run in runs)
    assert first == second


def test_papermill_shows_the_same(local, source, runs, tmp_path):
    out = tmp_path / "out.ipynb"
    done = local.run(sys.executable, "-m", "papermill", source, out, "--no-progress-bar", timeout=500, check=False)
    assert "PapermillExecutionError" in done.stderr, "an error that a tag allows is told in the end all the same"
    cells = [c for c in json.loads(out.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]  # it adds some that tell of errors
    assert [steady(c["outputs"]) for c in cells] == [steady(c["outputs"]) for c in runs[0]["cells"]]


def steady(outputs):
    """Outputs without times, and without the port of the Spark UI."""
    said = json.dumps(outputs, sort_keys=True)
    said = re.sub(r"\(\d+ s\)|about \d+m?\d*s", "(N s)", said)
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", said)


def exported(local, run, tmp_path, to, suffix):
    file = tmp_path / "all.ipynb"
    file.write_text(json.dumps(run), "utf-8")
    local.run(sys.executable, "-m", "jupyter", "nbconvert", "--to", to, file)
    return file.with_suffix(suffix).read_text("utf-8")


def test_row70_export(local, runs, tmp_path):
    """The HTML export shows what the notebook shows, and no markup of the data's; what a cell shows as HTML stays that."""
    page = exported(local, runs[0], tmp_path, "html", ".html")
    assert "&lt;b&gt;日本👍&lt;/b&gt;" in page and "<b>日本👍</b>" not in page
    assert "first 2 rows × 2 columns; there are more" in page and "\x1b" not in page
    for made in HOSTILE:
        assert made not in page, made
    assert '<u onclick="mine()">of the user</u>' in page


def test_row72_export_for_paper(local, runs, tmp_path):
    """LaTeX, from which nbconvert makes a PDF, has the text of every output, in colour, and no control character."""
    paper = exported(local, runs[0], tmp_path, "latex", ".tex")
    for text in ("9007199254740993", "first 2 rows × 2 columns; there are more", r"\textcolor{ansi-red}{ZeroDivisionError}", "3/3", "日本👍"):
        assert text in paper, text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", paper), "control characters"
    assert "<table" not in paper and "2/3" not in paper
