# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The scripted Fabric with its sign-in service, over TLS on loopback, and a user whose kernels run there."""
import json
import re
import signal
import ssl
import subprocess
import urllib.parse
import urllib.request

import pytest

from conftest import ROOT, User


class Fabric:
    """The scripted Fabric and its sign-in service."""

    def __init__(self, binary, folder):
        self.ca, self._journal = folder / "ca.pem", folder / "journal.jsonl"
        self._process = subprocess.Popen(
            [binary, "--tls-cert-dir", folder, "--journal", self._journal, "--dialect", "fabric", "--entra", "--queued", "2"],
            stdout=subprocess.PIPE, text=True)
        self.endpoint = self._process.stdout.readline().strip()
        self.app = json.loads(self._process.stdout.readline())
        self.page = self.app["authority"] + "/device"

    def enter(self, shown, user):
        """Enters the code that is shown; without a user it is declined. The code."""
        code = re.search(r"the code (\S+) at this link", shown).group(1)
        trusted = ssl.create_default_context(cafile=self.ca)
        form = urllib.parse.urlencode({"code": code, "user": user}).encode()
        with urllib.request.urlopen(self.page, form, timeout=30, context=trusted) as answer:
            assert "You can close this window" in answer.read().decode()
        return code

    def stop(self):
        """Stops it; the requests that Fabric saw."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)
        return [json.loads(line) for line in self._journal.read_text("utf-8").splitlines()]


@pytest.fixture
def fabric(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fabric")
    binary = folder / "livytest-server"
    subprocess.run(["go", "build", "-o", binary, "./test/livytest-server"], cwd=ROOT, check=True)
    running = Fabric(binary, folder)
    yield running
    running.stop()


@pytest.fixture
def sales(fabric, tmp_path):
    """A user with the kernels of profile sales; nothing is configured but what Fabric and Entra show for a lakehouse and an application."""
    user = User(tmp_path)
    user.kernel("install", "sales", "--endpoint", fabric.endpoint, "--dialect", "fabric", "--tenant", fabric.app["tenant"],
                "--client-id", fabric.app["client_id"], "--authority", fabric.app["authority"], "--ca-file", fabric.ca)
    return user
