# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Every command that README.md shows is run as it stands there.

Read are the lines that begin with "$ " in its console blocks, and what stands between backticks and begins with one
of PROGRAMS. What a user would put in place of an example's name is put there; nothing else is changed.
"""
import json
import pathlib
import re
import shlex
import subprocess

import pytest

from conftest import ROOT, User, notebook
from fabric import Fabric
from test_remote import Server

PROGRAMS = ("livy-kernel ", "jupyter ", "pip install ", "go install ", "make ", "docker ")

# Commands that are not run here, by their beginning, and why.
ELSEWHERE = {
    "make demo GREEN_TAXI=": "test_quickstart.py runs the demo on such a file",
    "make test": "it runs this",
    "make bench": "it takes 30 minutes, and measures",
    "make clean": "it removes what the tests run on",
    "pip install livy-kernel": "test_wheel.py installs the wheel that would be found there",
    "jupyter lab": "test_jupyterlab.py works in one, in a browser",
    "docker": "test/container.py carries the Dockerfile out without an engine",
    "livy-kernel serve": "test_serve.py runs it, and sparkmagic on it",
}


def commands():
    """The commands of README.md in their order, each once."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = []
    for block, inline in re.findall(r"^ *```console\n(.*?)^ *```|`([^`\n]+)`", text, re.M | re.S):
        lines = block.replace("\\\n", " ").splitlines()
        found += [line.strip()[2:].split(" #")[0].strip() for line in lines if line.strip().startswith("$ ")]
        if inline.startswith(PROGRAMS):
            found.append(inline)
    return [part.strip() for command in dict.fromkeys(found) for part in command.split(" && ")]


def elsewhere(command):
    return any(command.startswith(start) for start in ELSEWHERE)


class Reader(User):
    """Somebody who follows README.md: every command in its order, in one home."""

    def __init__(self, home, spark, fabric, livy):
        super().__init__(home)
        self.spark, self.fabric, self.livy = spark, fabric, livy
        self.cache = pathlib.Path(spark).parent
        (home / "bin").mkdir()
        (home / "bin" / "livy-kernel").symlink_to(self.binary)
        self.env["PATH"] = f"{home / 'bin'}:{self.env['PATH']}"
        notebook(home / "notebook.ipynb", "1+1")

    def follow(self, command):
        argv = shlex.split(command)
        given, cwd, stdin = {}, self.home, None
        if argv[:2] == ["go", "install"]:
            cwd = ROOT
            given = {"GOBIN": str(self.home / "go-bin"), "GOFLAGS": "-buildvcs=false", **self.go()}
        if argv[:2] == ["livy-kernel", "install"]:
            argv = self.addressed(argv)
        if argv[:2] == ["make", "demo"]:
            cwd, given = ROOT, {**self.go(), "PATH": self.env["PATH"].split(":", 1)[1]}  # before anything is installed
            argv.append(f"CACHE={self.cache}")
        if "sales" in argv:
            given["AZURE_CLIENT_SECRET"] = self.fabric.app["secret"]
        if argv[:2] == ["livy-kernel", "login"]:
            stdin = "secret\n"
        return subprocess.run(argv, env={**self.env, **given}, cwd=cwd, input=stdin, capture_output=True, text=True, timeout=500)

    def addressed(self, argv):
        """The command with the addresses of the servers that stand for the user's."""
        here = {"CONNECTION_STRING": self.fabric.endpoint, "TENANT": self.fabric.app["tenant"], "APPLICATION": self.fabric.app["client_id"],
                "https://host:8998": self.livy.url, "ca.pem": str(self.livy.ca)}
        argv = [here.get(word, word) for word in argv]
        if self.fabric.endpoint in argv:  # a host that is not Microsoft's
            argv += ["--dialect", "fabric", "--authority", self.fabric.app["authority"], "--ca-file", str(self.fabric.ca)]
        if "--endpoint" not in argv:  # the embedded default, on the Spark that is there
            argv += ["--spark-dir", self.spark]
        return argv

    @staticmethod
    def go():
        """Where Go keeps what it has fetched, which is not in the new home."""
        said = subprocess.run(["go", "env", "-json", "GOMODCACHE", "GOCACHE", "GOPATH", "GOPROXY"], check=True, capture_output=True, text=True)
        return json.loads(said.stdout)


@pytest.fixture(scope="module")
def reader(tmp_path_factory, local):
    folder = tmp_path_factory.mktemp("readme")
    binary = folder / "livytest-server"
    subprocess.run(["go", "build", "-o", binary, "./test/livytest-server"], cwd=ROOT, check=True)
    homes = [folder / name for name in ("home", "fabric", "livy")]
    for home in homes:
        home.mkdir()
    fabric, livy = Fabric(binary, homes[1]), Server(binary, homes[2], ["--user", "u", "--password", "secret"])
    yield Reader(homes[0], local.spark, fabric, livy)
    fabric.stop()
    livy.stop()


@pytest.mark.parametrize("command", [c for c in commands() if not elsewhere(c)])
def test_command(reader, command):
    done = reader.follow(command)
    if command.startswith("livy-kernel login") and "no keyring" in done.stderr:
        assert "LIVY_KERNEL_PASSWORD" in done.stderr, "where there is no keyring it says what to do"
        return
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    if command == "make demo":
        compare(shown_of_the_demo(), done.stdout.replace(str(reader.cache), "…/.cache").replace(str(ROOT), "…"))
    if "nbconvert" in command:
        assert (reader.home / "notebook.nbconvert.ipynb").exists()


def shown_of_the_demo():
    return re.search(r"^```\n(== Setting up\n.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S).group(1)


def compare(shown, printed):
    """The lines that README.md shows are printed, in this order; where it cuts, and in what a first run sets up, there may be more."""
    rest = iter(steady(printed))
    for line in steady(shown):
        start = line.removesuffix(" …")
        if start.strip() and not start.startswith(("   Looking ", "   Creating ", "   Installing ")):
            assert any(found.startswith(start) for found in rest), f"{line!r} is not in\n{printed}"


def steady(text):
    """Lines without what differs from run to run: times and ports."""
    for pattern, word in ((r"\d+(\.\d+)? s\b", "TIME"), (r"127\.0\.0\.1:\d+", "HOST")):
        text = re.sub(pattern, word, text)
    return [line.rstrip() for line in text.splitlines()]


def test_the_list_of_exceptions_is_of_use():
    """README.md has commands, most are run, and no exception is left over."""
    found = commands()
    assert sum(not elsewhere(c) for c in found) >= 5, found
    assert any(c.startswith("livy-kernel install") for c in found)
    kept = ("make bench", "docker", "pip install livy-kernel", "livy-kernel serve", "jupyter lab")  # may come and go
    assert [start for start in ELSEWHERE if start not in kept and not any(c.startswith(start) for c in found)] == []


def test_it_can_be_read_in_one_go():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 150
