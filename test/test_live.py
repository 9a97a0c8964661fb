# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""What a cell prints and displays is seen by a client while the cell runs, on
the embedded Spark. Each cell goes on only when the test has seen the beginning."""
import jupyter_client
import pytest
from jupyter_client.kernelspec import KernelSpecManager

PATIENCE = 240  # seconds; the first cell starts Spark

PYTHON = """import os, time
print("begun é")
BEGIN
while not os.path.exists(MARK): time.sleep(0.02)
print("ended")"""

SCALA = """%%spark
println("begun é")
while (!new java.io.File(MARK).exists()) Thread.sleep(20)
println("ended")"""


@pytest.fixture(scope="module")
def client(local):
    manager = jupyter_client.KernelManager(
        kernel_name="livy-local-pyspark",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(local.home / ".local/share/jupyter/kernels")]))
    manager.start_kernel(env=local.env, cwd=str(local.home))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    yield client
    client.stop_channels()
    manager.shutdown_kernel()


def outputs(client, code):
    """The outputs of a cell as they come, until it has ended."""
    sent = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") != sent:
            continue
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return
        if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
            yield message["msg_type"], message["content"]


@pytest.mark.parametrize("name, code, begins", [
    ("a line", PYTHON.replace("BEGIN", ""), lambda kind, content: content.get("text", "").startswith("begun")),
    ("a display", PYTHON.replace("BEGIN", "display(spark.range(2))"), lambda kind, content: "text/html" in content.get("data", {})),
    ("Scala", SCALA, lambda kind, content: content.get("text", "").startswith("begun")),
])
def test_output_while_the_cell_runs(client, tmp_path, name, code, begins):
    list(outputs(client, "1"))  # Spark is there
    mark = tmp_path / "seen"
    shown, seen = [], False
    for kind, content in outputs(client, code.replace("MARK", f'"{mark}"')):
        shown.append(content)
        if not seen and begins(kind, content):
            seen = True
            assert "ended" not in str(shown)
            mark.touch()
    printed = "".join(content.get("text", "") for content in shown)
    assert seen and printed == "begun é\nended\n", shown


def test_what_was_printed_before_an_error(client):
    shown = list(outputs(client, "import time\nprint('before')\ntime.sleep(0.3)\n1 / 0"))
    assert [kind for kind, _ in shown] == ["stream", "error"] and shown[0][1]["text"] == "before\n", shown
