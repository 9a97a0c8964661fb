# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Kernels as jupyter_client manages them, on a scripted Livy server (package
livytest) that answers at once: no Spark."""
import json
import socket
import subprocess
import urllib.request

import jupyter_client
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from conftest import ROOT, User

PATIENCE = 30  # seconds; what takes longer has failed


class Server:
    """The scripted server, on plain HTTP."""

    def __init__(self, binary):
        self._process = subprocess.Popen([binary], stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().strip()

    def sessions(self):
        """The ids of the sessions that there are."""
        with urllib.request.urlopen(self.url + "/sessions", timeout=PATIENCE) as answer:
            return [s["id"] for s in json.load(answer)["sessions"]]

    def stop(self):
        self._process.terminate()
        self._process.communicate(timeout=PATIENCE)


class Standin:
    """A user whose kernels livy-standin-KIND run on the scripted server."""

    def __init__(self, user, server):
        self.user, self.server, self.managers, self.clients = user, server, [], []
        user.kernel("install", "standin", "--endpoint", server.url)
        self.specs = KernelSpecManager(kernel_dirs=[str(user.home / ".local/share/jupyter/kernels")])

    def start(self, kind="pyspark", name=None, **options):
        """A kernel that is up, and a client that sees all of it."""
        manager = jupyter_client.KernelManager(
            kernel_name=name or f"livy-standin-{kind}", kernel_spec_manager=self.specs,
            connection_file=str(self.user.home / f"connection-{len(self.managers)}.json"), **options)
        self.managers.append(manager)
        manager.start_kernel(env=self.user.env, cwd=str(self.user.home))
        return manager, self.client(manager)

    def client(self, manager):
        client = manager.blocking_client()
        self.clients.append(client)
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        return client

    def stop(self):
        for client in self.clients:
            client.stop_channels()
        for manager in self.managers:
            manager.shutdown_kernel(now=True)
        self.server.stop()


@pytest.fixture(scope="session")
def livytest(tmp_path_factory):
    """Builds the scripted server."""
    binary = tmp_path_factory.mktemp("bin") / "livytest-server"
    subprocess.run(["go", "build", "-o", binary, "./test/livytest-server"], cwd=ROOT, check=True)
    return binary


@pytest.fixture
def standin(livytest, tmp_path):
    running = Standin(User(tmp_path), Server(livytest))
    yield running
    running.stop()


def run(client, code, **options):
    """Runs a cell; its reply, and what was published, by type."""
    published = {}
    reply = client.execute_interactive(
        code, timeout=PATIENCE, output_hook=lambda m: published.setdefault(m["msg_type"], []).append(m["content"]), **options)
    return reply["content"], published


def begin(client, code, **options):
    """Sends a cell and waits until it has begun."""
    msg_id = client.execute(code, **options)
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "execute_input":
            return msg_id


def reply_to(client, msg_id, channel="shell"):
    """The content of the reply to a request."""
    while True:
        message = getattr(client, f"get_{channel}_msg")(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == msg_id:
            return message["content"]


def connection(**change):
    """The text of a connection file for free ports."""
    channels = ("shell", "iopub", "stdin", "control", "hb")
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in channels]
    ports = {f"{channel}_port": s.getsockname()[1] for channel, s in zip(channels, sockets)}
    for s in sockets:
        s.close()
    return json.dumps({**ports, "ip": "127.0.0.1", "transport": "tcp", "signature_scheme": "hmac-sha256", "key": "k", **change})
