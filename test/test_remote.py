# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A remote Apache Livy over TLS, with and without Basic: a scripted server on loopback."""
import json
import subprocess

import pytest

from conftest import ROOT, User, notebook, text


@pytest.fixture(scope="module")
def scripted(tmp_path_factory):
    """Builds the scripted Livy server."""
    binary = tmp_path_factory.mktemp("bin") / "livytest-server"
    subprocess.run(["go", "build", "-o", binary, "./test/livytest-server"], cwd=ROOT, check=True)
    return binary


class Server:
    """The scripted server, on TLS."""

    def __init__(self, binary, folder, flags):
        self.ca, self._journal = folder / "ca.pem", folder / "journal.jsonl"
        self._process = subprocess.Popen([binary, "--tls-cert-dir", folder, "--journal", self._journal, *flags],
                                         stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().strip()

    def stop(self):
        self._process.terminate()
        self._process.wait(10)

    def requests(self):
        """Stops the server; the requests that it saw."""
        self.stop()
        return [json.loads(line) for line in self._journal.read_text("utf-8").splitlines()]


@pytest.fixture
def server(scripted, tmp_path_factory, request):
    """The scripted server with the flags of the test's marker."""
    flags = [m for mark in request.node.iter_markers("flags") for m in mark.args]
    running = Server(scripted, tmp_path_factory.mktemp("server"), flags)
    yield running
    running.stop()


@pytest.mark.flags("--user", "ann", "--password", "s3cret-canary")
def test_basic_over_tls(server, tmp_path):
    ann = User(tmp_path)
    ann.kernel("install", "mycluster", "--endpoint", server.url, "--auth", "basic", "--username", "ann", "--ca-file", server.ca)
    nb = notebook(tmp_path / "n.ipynb", "1+1", "%%spark\nval x = 1")
    executed = ann.execute(nb, "livy-mycluster-pyspark", LIVY_KERNEL_PASSWORD="s3cret-canary")
    assert [bool(text(c)) for c in executed["cells"]] == [True, True]
    requests = server.requests()
    posts = [r for r in requests if r["method"] == "POST" and r["path"].endswith("/statements")]
    assert [json.loads(p["body"])["kind"] for p in posts] == ["pyspark", "pyspark", "spark", "spark"], "a prologue comes first"
    assert requests[-1]["method"] == "DELETE", "the session is deleted at the end"
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"s3cret-canary" not in file.read_bytes(), file


@pytest.mark.flags("--user", "ann", "--password", "right")
def test_wrong_password_fails_the_run(server, tmp_path):
    ann = User(tmp_path)
    ann.kernel("install", "mycluster", "--endpoint", server.url, "--auth", "basic", "--username", "ann", "--ca-file", server.ca)
    done = ann.execute(notebook(tmp_path / "n.ipynb", "1+1"), "livy-mycluster-pyspark", check=False,
                       LIVY_KERNEL_PASSWORD="wrong")
    assert done.returncode != 0 and "SignInFailed" in done.stderr and "livy-kernel login mycluster" in done.stderr


def test_no_auth_warns_only_when_remote(server, tmp_path):
    bob = User(tmp_path)
    done = bob.kernel("install", "open", "--endpoint", server.url, "--ca-file", server.ca)
    assert "no authentication" not in done.stderr
    assert text(bob.execute(notebook(tmp_path / "n.ipynb", "1+1"), "livy-open-pyspark")["cells"][0])
    far = bob.kernel("install", "far", "--endpoint", "https://livy.example.com:8998")
    assert "no authentication" in far.stdout + far.stderr


def test_an_unknown_certificate_is_said(server, tmp_path):
    eve = User(tmp_path)
    eve.kernel("install", "mycluster", "--endpoint", server.url)
    done = eve.execute(notebook(tmp_path / "n.ipynb", "1+1"), "livy-mycluster-pyspark", check=False)
    assert done.returncode != 0 and "ConnectionFailed" in done.stderr and "TLS" in done.stderr
