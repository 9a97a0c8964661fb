# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Questions to the user, by a small kernel on the same library: code on Livy has
no input. The names of the tests hold the ids of docs/protocol.md."""
import json
import os
import subprocess
import sys

import pexpect
import pytest
from jupyter_client import BlockingKernelClient

from conftest import ROOT
from standin import PATIENCE, connection, run


@pytest.fixture(scope="module")
def binary(tmp_path_factory):
    binary = tmp_path_factory.mktemp("bin") / "askkernel"
    subprocess.run(["go", "build", "-o", binary, "./test/askkernel"], cwd=ROOT, check=True)
    return binary


@pytest.fixture
def asker(binary, tmp_path):
    """The kernel's connection file."""
    file = tmp_path / "connection.json"
    file.write_text(connection(), "utf-8")
    kernel = subprocess.Popen([binary, file])
    yield file
    kernel.terminate()
    kernel.wait(PATIENCE)


@pytest.fixture
def connect(asker):
    clients = []

    def connect():
        client = BlockingKernelClient()
        client.load_connection_file(str(asker))
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        clients.append(client)
        return client
    yield connect
    for client in clients:
        client.stop_channels()


def test_W6_R8_the_client_that_asked_is_asked(connect):
    first, second = connect(), connect()
    for client, name in ((first, "ann"), (second, "bob €🦀"), (first, "")):
        asked = []

        def answer(message):
            asked.append(message["content"])
            client.input(name)
        reply, published = run(client, "Your name?", allow_stdin=True, stdin_hook=answer)
        assert reply["status"] == "ok"
        assert asked == [{"prompt": "Your name?", "password": False}]
        assert published["execute_result"][0]["data"] == {"text/plain": name}
    for client in (first, second):
        assert not client.stdin_channel.msg_ready()


def test_X8_input_is_refused(connect):
    reply, _ = run(connect(), "Your name?", allow_stdin=False)
    assert reply["ename"] == "StdinNotImplementedError"


def test_R8_jupyter_console_asks_on_the_terminal(asker, tmp_path):
    child = pexpect.spawn(sys.executable, ["-m", "jupyter_console", "--existing", str(asker), "--simple-prompt"],
                          env={**os.environ, "HOME": str(tmp_path), "TERM": "dumb"}, cwd=str(tmp_path), encoding="utf-8", timeout=PATIENCE)
    child.expect(r"In \[\d+\]: ")
    child.sendline("Your name?")
    child.expect("Your name\\?[\r\n]+.*Your name\\?")  # the echo of the cell, then the question
    child.sendline("ann")
    child.expect(r"Out\[\d+\]: ann")
    child.close(force=True)


def test_W14_connection_file_without_stdin_is_refused(binary, tmp_path):
    file = tmp_path / "connection.json"
    info = json.loads(connection())
    del info["stdin_port"]
    file.write_text(json.dumps(info), "utf-8")
    done = subprocess.run([binary, file], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1 and "stdin_port is missing" in done.stderr
