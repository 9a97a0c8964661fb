# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: the quickstart, headless, on the embedded Spark."""
import json
import pathlib

import psutil
import pytest

from conftest import ROOT, drivers, notebook, text

QUICKSTART = ROOT / "examples" / "quickstart.ipynb"


def test_quickstart_by_nbconvert(local):
    before = drivers(local)
    executed = local.execute(QUICKSTART, "livy-local-pyspark")
    cells = [c for c in executed["cells"] if c["cell_type"] == "code"]
    fare = [c for c in cells if "fare_amount = 60" in c["source"]]
    assert len(fare) == 2, "once as spark, once as pyspark"
    tables = [text(c) for c in fare]
    for table in tables:
        assert "| " in table and "60.0" in table, table
    assert rows(tables[0]) == rows(tables[1]), "Scala and Python see the same table"
    tips = [text(c) for c in cells if "tip_amount = 10" in c["source"]]
    assert len(tips) == 2 and rows(tips[0]) == rows(tips[1]) and "10.0" in tips[0], tips

    sql = [c for c in cells if c["source"].startswith("%%sql")]
    assert any("text/html" in o.get("data", {}) and "<table" in "".join(o["data"]["text/html"])
               for c in sql for o in c["outputs"]), sql
    failing = [c for c in cells if "raises-exception" in c["metadata"].get("tags", [])]
    assert failing and all(c["outputs"][-1]["output_type"] == "error" for c in failing), failing
    others = [c for c in cells if c not in failing]
    assert not any(o["output_type"] == "error" for c in others for o in c["outputs"])
    assert "session" in text(cells[-1]).lower()
    assert [p for p in drivers(local) if p not in before] == []


def rows(shown: str):
    return [line for line in shown.splitlines() if line.startswith("|")]


@pytest.fixture(scope="module")
def taxi(local):
    """The quickstart on a file of the reader's, which its first cell makes here: the file, and the executed cells."""
    file = local.home / "green.parquet"
    make = ('import os\nspark.range(7).selectExpr("id", "60D AS fare_amount", "10D AS tip_amount", "1D AS payment_type")'
            '.write.parquet(os.environ["GREEN_TAXI"])')
    code = [c for c in json.loads(QUICKSTART.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    tags = {i + 1: c["metadata"].get("tags", []) for i, c in enumerate(code)}
    nb = notebook(local.home / "taxi.ipynb", make, *("".join(c["source"]) for c in code), tags=tags)
    return file, local.execute(nb, "livy-local-pyspark", GREEN_TAXI=str(file))["cells"][1:]


def test_a_real_file_in_place_of_the_generated_rows(taxi):
    _, cells = taxi
    assert "7 trips in 4 columns, read from GREEN_TAXI" in text(cells[0])
    shown = [rows(text(c)) for c in cells if "fare_amount = 60" in c["source"] or "tip_amount = 10" in c["source"]]
    assert [len(table) for table in shown] == [8] * 4, "a heading and every row, in both languages"


def test_demo(local, taxi, tmp_path):
    """What `make demo` runs, on that file by a relative path: the terminal tells each stage, and where the notebook is."""
    file, _ = taxi
    cache = pathlib.Path(local.spark).parent
    before = drivers(local)
    shown = local.kernel("demo", "--cache-dir", cache, "--output", tmp_path, timeout=500, GREEN_TAXI=file.name).stdout
    stages = ["== Setting up", "ready after", "== Running the quickstart", "[1] import os", "7 trips in 4 columns, read from GREEN_TAXI",
              "[2] %%spark spark.sql(", "|  6|", "[6] %%sql SELECT payment_type", "AnalysisException", "failed, as it should",
              "[8] %%session stop", "== Done in", f"The executed notebook: {tmp_path}/quickstart.ipynb",
              f"{local.binary} install --spark-dir {local.spark}", f"jupyter lab {tmp_path}/quickstart.ipynb", "Select Kernel > Jupyter Kernel"]
    at = [shown.find(stage) for stage in stages]
    assert -1 not in at and at == sorted(at), (dict(zip(stages, at)), shown)
    assert "Installing Spark" not in shown, "what is in the cache folder is found there"
    executed = json.loads((tmp_path / "quickstart.ipynb").read_text("utf-8"))
    assert all(c["outputs"] for c in executed["cells"] if c["cell_type"] == "code")
    assert [p for p in drivers(local) if p not in before] == []


def test_an_error_fails_the_run(local, tmp_path):
    done = local.execute(notebook(tmp_path / "bad.ipynb", "1 / 0", "print('never')"), "livy-local-pyspark", check=False)
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr


def test_a_killed_kernel_leaves_no_driver(local, tmp_path):
    """SIGKILL of the kernel: driver and JVM end with the channel to their owner."""
    source = "import os, signal\nprint(os.getpid(), os.getppid())\nos.kill(os.getppid(), signal.SIGKILL)\nimport time; time.sleep(60)"
    before = drivers(local)
    done = local.execute(notebook(tmp_path / "kill.ipynb", source), "livy-local-pyspark", check=False)
    assert done.returncode != 0
    _, alive = psutil.wait_procs([p for p in drivers(local) if p not in before], timeout=20)
    assert alive == []
