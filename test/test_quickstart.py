# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: the quickstart, headless, on the embedded Spark."""
import psutil

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
