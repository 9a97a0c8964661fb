# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""examples/fabric.ipynb, headless: Fabric's dialect and a sign-in service over TLS, on loopback."""
import json
import os

from conftest import ROOT, User, notebook, text
from fabric import fabric, sales  # noqa: F401  fixtures

FLOW = [
    ("POST", "/sessions", 202),
    ("GET", "/sessions/*", 200),
    ("POST", "/sessions/*/statements", 200),
    ("GET", "/sessions/*/statements/*", 200),
    ("POST", "/sessions/*/statements", 200),
    ("GET", "/sessions/*/statements/*", 200),
    ("DELETE", "/sessions/*", 200),
]


def test_the_fabric_notebook(fabric, sales, tmp_path):
    """The documented flow: create 202, polls to idle, two statements of kind spark on one session, DELETE."""
    executed = sales.execute(ROOT / "examples" / "fabric.ipynb", "livy-sales-pyspark", AZURE_CLIENT_SECRET=fabric.app["secret"])
    cells = [c for c in executed["cells"] if c["cell_type"] == "code"]
    assert "https://app.fabric.microsoft.com/workloads/de-ds/sparkmonitor/" in text(cells[0]), text(cells[0])
    assert "you sent" in text(cells[0]) and "you sent" in text(cells[1]), "what the server answers to each"
    assert "sparkmonitor" in text(cells[2]) and "stopped" in text(cells[3])
    requests = fabric.stop()
    seen = [(r["method"], generic(r["path"]), r["status"]) for r in requests]
    at = 0
    for step in FLOW:  # in this order, with polls between them
        assert step in seen[at:], (step, seen)
        at += seen[at:].index(step) + 1
    posted = [json.loads(r["body"]) for r in requests if r["path"].endswith("/statements") and r["method"] == "POST"]
    assert [p["kind"] for p in posted] == ["spark", "spark"]
    assert "SELECT * FROM green_tripdata_2022_08 where fare_amount = 60" in posted[0]["code"] and "tip_amount = 10" in posted[1]["code"]
    create = json.loads(next(r for r in requests if r["method"] == "POST" and r["path"].endswith("/sessions"))["body"])
    assert set(create) == {"name", "tags"}, "the smallest body, so that the starter pool is used"
    assert sum(r["method"] == "DELETE" for r in requests) == 1
    nothing_leaks(tmp_path, fabric.app["secret"])


def test_headless_without_a_credential(fabric, sales, tmp_path):
    """No display, no keyring, nobody to ask: a sentence, a non-zero exit, and no code in the notebook."""
    done = sales.execute(notebook(tmp_path / "n.ipynb", "1+1"), "livy-sales-pyspark", check=False)
    assert done.returncode != 0 and "SignInRequired" in done.stderr and "livy-kernel login sales" in done.stderr, done.stderr
    assert not any(r["method"] == "POST" for r in fabric.stop())


def test_a_refused_credential(fabric, sales, tmp_path):
    """A wrong secret: AADSTS in words, and the secret nowhere."""
    done = sales.execute(notebook(tmp_path / "n.ipynb", "1+1"), "livy-sales-pyspark", check=False, AZURE_CLIENT_SECRET="wrong-canary")
    assert done.returncode != 0 and "SignInFailed" in done.stderr and "AADSTS7000215" in done.stderr, done.stderr
    assert "wrong-canary" not in done.stderr + done.stdout
    nothing_leaks(tmp_path, "wrong-canary")


def test_all_from_the_environment(fabric, tmp_path):
    """A pipeline: one profile that takes everything from AZURE_* and LIVY_KERNEL_*."""
    ci = User(tmp_path)
    ci.kernel("install", "ci", "--endpoint", "env", "--authority", fabric.app["authority"], "--ca-file", fabric.ca)
    executed = ci.execute(notebook(tmp_path / "n.ipynb", "%%spark\n1+1"), "livy-ci-pyspark",
                          LIVY_KERNEL_ENDPOINT=fabric.endpoint, LIVY_KERNEL_DIALECT="fabric", AZURE_TENANT_ID=fabric.app["tenant"],
                          AZURE_CLIENT_ID=fabric.app["client_id"], AZURE_CLIENT_SECRET=fabric.app["secret"])
    assert text(executed["cells"][0])


def test_doctor(fabric, sales):
    done = sales.kernel("doctor", "sales", "--json", AZURE_CLIENT_SECRET=fabric.app["secret"])
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [f["check"] for f in found] == ["DNS", "network", "TLS", "clock", "connect", "sign-in", "scopes", "rights", "session", "1+1", "delete"]
    assert all(f["ok"] for f in found), done.stdout
    assert sum(r["method"] == "DELETE" for r in fabric.stop()) == 1


def generic(path):
    parts = path.split("/versions/2023-12-01", 1)[-1].split("/")
    return "/".join("*" if i in (2, 4) else part for i, part in enumerate(parts))


def nothing_leaks(folder, *secrets):
    for root, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(root, name), "rb") as f:
                content = f.read()
            for secret in secrets:
                assert secret.encode() not in content, os.path.join(root, name)
            assert b"eyJ" not in content or name.endswith(".tokens"), f"a token stands in {os.path.join(root, name)}"
