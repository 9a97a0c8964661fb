# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Rich output on the embedded Spark: one notebook, one session, every kind."""
import re
import sysconfig

import pytest

from conftest import notebook, text

CELLS = {
    # plotly, altair and IPython are the test's own; Spark's packages go first
    "path": f"import sys; sys.path.append({sysconfig.get_paths()['purelib']!r})",
    "order": "print('a'); display(spark.range(3)); print('b')",
    "types": """import datetime, decimal
display(spark.createDataFrame(
    [(2**60, decimal.Decimal('1.10'), datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5), float('nan'), None, '<b>é😀')],
    'i long, d decimal(5,2), dt date, ts timestamp, f double, n string, s string'))""",
    "nested": """spark.conf.set('spark.sql.session.timeZone', 'Asia/Kolkata')
display(spark.sql(\"\"\"SELECT TIMESTAMP'2022-08-01 12:30:00' AS t, array(TIMESTAMP'2022-08-01 12:30:00') AS a, float(1.1) AS f, array(float(1.1)) AS g,
    map(TIMESTAMP'2022-08-01 12:30:00', X'CAFE') AS m, named_struct('d', 1e-10BD, 'n', double('-Infinity'), 'u', '\U0001f980') AS s,
    INTERVAL '1' DAY AS i, TIMESTAMP_NTZ'2022-08-01 12:30:00' AS z, cast(null AS array<int>) AS o, 9007199254740993L AS l\"\"\"))""",
    "nested by sql": "%%sql -n 5\nSELECT array(TIMESTAMP'2022-08-01 12:30:00') AS a, 1e-10BD AS d, float(1.1) AS f, array(9007199254740993L) AS l",
    "nested by scala": "%%spark\nval nested = spark.sql(\"SELECT array(TIMESTAMP'2022-08-01 12:30:00') AS a, map('k', X'CAFE') AS m, 1e-10BD AS d, float(1.1) AS f, TIMESTAMP'2022-08-01 12:30:00' AS t\")\ndisplay(nested)",
    "zone back": "spark.conf.unset('spark.sql.session.timeZone')",
    "limit": "display(spark.range(20), limit=5)",
    "names twice": "display(spark.sql('SELECT 1 AS a, 2 AS a'))",
    "pandas": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "show": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('after')",
    "end of cell": "_ = plt.plot([1, 2])",
    "matplot": "_ = plt.plot([2, 1])\n%matplot plt",
    "closed": "plt.get_fignums()",
    "html": "displayHTML('<i>é</i>')",
    "ipython": "from IPython.display import HTML, display as shown\nshown(HTML('<u>u</u>'))",
    "plotly": "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[1, 2])).show()",
    "altair": "import altair as alt\nalt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a')",
    "update": "h = display(1, display_id='d'); h.update(2)",
    "large": "display('x' * 9_000_000 + 'END'); print('after')",
    "error": "print('before'); display(3)\n1 / 0",
    "scala": "%%spark\nprintln(1)\ndisplay(spark.range(2).toDF(\"n\"))\ndisplayHTML(\"<i>é\\\"</i>\")",
    "table": "rows = [{'a': 'x'}, {'a': 1.5}]\n%table rows",
    "table of a frame": "frame = spark.range(2)\n%table frame",
    "json": "data = {'n': [1, None]}\n%json data",
    "plain": "1 + 1",
}


@pytest.fixture(scope="module")
def shown(local, tmp_path_factory):
    """The outputs of each cell."""
    source = notebook(tmp_path_factory.mktemp("display") / "display.ipynb", *CELLS.values(),
                      tags={list(CELLS).index("error"): ["raises-exception"]})
    executed = local.execute(source, "livy-local-pyspark")
    return {name: {**cell, "outputs": [o for o in cell["outputs"] if not is_of_a_bar(o)]} for name, cell in zip(CELLS, executed["cells"])}


def is_of_a_bar(output):
    """The line that a bar leaves below text, where a slow machine had one shown."""
    return re.fullmatch(r"Spark: \d+ s", "".join(output.get("data", {}).get("text/plain", ""))) is not None


def kinds(cell):
    return [o.get("name") or o["output_type"] for o in cell["outputs"]]


def data(cell, mime):
    """What the cell shows of that type."""
    found = [o["data"][mime] for o in cell["outputs"] if mime in o.get("data", {})]
    return [f if isinstance(f, (str, dict)) else "".join(f) for f in found]


def test_text_and_outputs_keep_their_order(shown):
    assert kinds(shown["order"]) == ["stdout", "display_data", "stdout"]
    assert kinds(shown["error"]) == ["stdout", "display_data", "error"]
    assert kinds(shown["show"])[-2:] == ["display_data", "stdout"]


def test_dataframes(shown):
    [table], [html] = data(shown["types"], "text/plain"), data(shown["types"], "text/html")
    for value in ("1152921504606846976", "1.10", "2020-01-02", "2020-01-02 03:04:05", "NaN", "NULL", "é😀"):
        assert value in table, table
    assert "&lt;b&gt;é😀" in html and "<b>é" not in html
    assert "| 4|" in text(shown["limit"]) and "| 5|" not in text(shown["limit"])
    assert "1|" in text(shown["names twice"]) and "2|" in text(shown["names twice"])
    assert "1|" in text(shown["scala"]) and data(shown["scala"], "text/html")[-1] == '<i>é"</i>'
    assert kinds(shown["pandas"]) == ["execute_result"] and "<table" in data(shown["pandas"], "text/html")[0]


def test_values_are_exact_at_any_depth(shown):
    for name, values in {
        "nested": ("2022-08-01 12:30:00", '["2022-08-01 12:30:00"]', "1.1|", "[1.1]", '{"2022-08-01 12:30:00":"[CA FE]"}',
                   '{"d":0.000000000100,"n":"-Infinity","u":"🦀"}', "INTERVAL '1' DAY", "NULL", "9007199254740993", "times in Asia/Kolkata"),
        "nested by sql": ('["2022-08-01 12:30:00"]', "0.0000000001", "1.1|", "[9007199254740993]", "times in Asia/Kolkata"),
        "nested by scala": ('["2022-08-01 12:30:00"]', '{"k":"[CA FE]"}', "0.0000000001", "1.1|", "times in Asia/Kolkata"),
    }.items():
        for value in values:
            assert value in text(shown[name]), (name, value, text(shown[name]))


def test_figures(shown):
    for name in ("show", "end of cell", "matplot"):
        assert len(data(shown[name], "image/png")) == 1, name
    assert text(shown["closed"]) == "[]\n"


def test_libraries(shown):
    assert data(shown["html"], "text/html") == ["<i>é</i>"]
    assert data(shown["ipython"], "text/html") == ["<u>u</u>"]
    [figure] = data(shown["plotly"], "application/vnd.plotly.v1+json")
    assert figure["data"][0]["type"] == "bar"
    [result] = shown["altair"]["outputs"]
    assert result["output_type"] == "execute_result" and any(m.startswith("application/vnd.vegalite.") for m in result["data"])


def test_the_rest(shown):
    assert data(shown["update"], "text/plain") == ["2"]
    assert text(shown["large"]).endswith("END'\nafter\n")
    assert "1.5" in text(shown["table"])
    assert "2 rows × 1 column" in text(shown["table of a frame"])
    assert data(shown["json"], "application/json") == [{"n": [1, None]}]
    assert text(shown["plain"]) == "2\n"
