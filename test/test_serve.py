# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""livy-kernel serve: the embedded server for any Livy client, sparkmagic among them."""
import base64
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import urllib.error
import urllib.request

import pytest

from conftest import notebook, text

SPARKMAGIC = pathlib.Path(os.environ["LIVY_KERNEL_TEST_BIN"]).parent.parent / ".cache" / "sparkmagic" / "bin" / "python"


@pytest.fixture(scope="module")
def served(local):
    """A running `livy-kernel serve`: (url, token, token file)."""
    process = subprocess.Popen([local.binary, "serve"], env=local.env, cwd=local.home,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said, url, token, file = "", None, None, None
    while not (url and token and file):
        line = process.stdout.readline()
        said += line
        assert line, "serve ended:\n" + said
        url = url or _first(r"(http://127\.0\.0\.1:\d+)", line)
        token = token or _first(r"[Tt]oken:?\s+([A-Za-z0-9_-]{20,})", line)
        file = file or _first(r"(/\S+)", line.replace(url or "-", ""))
    yield url, token, pathlib.Path(file)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert not pathlib.Path(file).exists(), "the token file goes with the server"


def _first(pattern, line):
    found = re.search(pattern, line)
    return found and found.group(1)


def get(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as e:
        return e.code, e.read()


def test_every_request_needs_the_token(served):
    url, token, file = served
    assert get(url + "/sessions")[0] == 401
    assert get(url + "/version")[0] == 401
    assert get(url + "/sessions", Authorization="Bearer wrong")[0] == 401
    assert get(url + "/sessions", Authorization=f"Bearer {token}")[0] == 200
    basic = base64.b64encode(f"anyone:{token}".encode()).decode()
    assert get(url + "/sessions", Authorization=f"Basic {basic}")[0] == 200
    assert get(url + "/sessions", Authorization=f"Bearer {token}", Host="attacker.example")[0] == 403
    assert token in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_sparkmagic_runs_a_notebook(served, local, tmp_path):
    """Another client, its own kernel, our server: both languages and SQL."""
    url, token, _ = served
    account = {"username": "anyone", "password": token, "url": url, "auth": "Basic_Access"}
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"kernel_python_credentials": account, "kernel_scala_credentials": account,
                                  "livy_session_startup_timeout_seconds": 120, "session_configs": {},
                                  "livy_server_heartbeat_timeout_seconds": 0, "heartbeat_refresh_seconds": 30}))
    env = {**local.env, "SPARKMAGIC_CONF_DIR": str(tmp_path), "PATH": f"{SPARKMAGIC.parent}{os.pathsep}{local.env['PATH']}",
           "JUPYTER_PATH": str(tmp_path / "jupyter")}
    spec = tmp_path / "jupyter" / "kernels" / "sparkmagic"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({
        "argv": [str(SPARKMAGIC), "-m", "sparkmagic.kernels.pysparkkernel.pysparkkernel", "-f", "{connection_file}"],
        "display_name": "PySpark", "language": "python"}))
    nb = notebook(tmp_path / "n.ipynb", "print(sum(range(10)))", "spark.range(3).createOrReplaceTempView('t')\nspark.range(5).count()",
                  "%%sql -q\nselect * from t", "1/0")
    out = tmp_path / "out.ipynb"
    done = subprocess.run([SPARKMAGIC, "-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors",
                           "--ExecutePreprocessor.kernel_name=sparkmagic", "--output", out, nb],
                          env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    cells = json.loads(out.read_text("utf-8"))["cells"]
    assert "45" in text(cells[0])
    assert "5" in text(cells[1])
    assert "ZeroDivisionError" in text(cells[3])
