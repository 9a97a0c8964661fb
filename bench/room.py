# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Where a figure is taken: a home folder of its own with a Livy server and the
kernels that speak to it, livy-kernel's and sparkmagic's."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
BINARY = pathlib.Path(os.environ.get("LIVY_KERNEL_TEST_BIN", ROOT / "bin" / "livy-kernel"))
SCRIPTED = CACHE / "bench" / "bin" / "livytest-server"
SPARK = os.environ.get("LIVY_KERNEL_TEST_SPARK", str(CACHE / "spark"))
SPARKMAGIC = CACHE / "sparkmagic" / "bin" / "python"
OURS, THEIRS = "livy-bench-pyspark", "sparkmagic"  # kernelspecs


def outside():
    """The environment without what would lead out of a room."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "JUPYTER_", "LIVY_KERNEL_"))}


class Room:
    """Base: a home folder. Use as a context."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
        self.env = {**outside(), "HOME": str(self.home), "XDG_CACHE_HOME": str(CACHE), "SPARKMAGIC_CONF_DIR": str(self.home)}
        self.kernel_dirs = [str(self.home / ".local/share/jupyter/kernels"), f"{sys.prefix}/share/jupyter/kernels"]
        self.log = open(self.home / "kernels.log", "ab")
        self.url, self.token, self.headers, self.server = None, "", {"Content-Type": "application/json", "X-Requested-By": "bench"}, None

    def livy_kernel(self, *argv):
        subprocess.run([BINARY, *argv], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def install(self):
        """The kernels of both clients, for the server of the room."""
        auth = []
        if self.token:
            self.env["LIVY_KERNEL_TOKEN"] = self.token
            self.headers["Authorization"] = f"Bearer {self.token}"
            auth = ["--auth", "bearer"]
        self.livy_kernel("install", "bench", "--endpoint", self.url, "--kinds", "pyspark,sql", *auth)
        account = {"username": "anyone" if self.token else "", "password": self.token, "url": self.url,
                   "auth": "Basic_Access" if self.token else "None"}
        (self.home / "config.json").write_text(json.dumps({
            "kernel_python_credentials": account, "kernel_scala_credentials": account, "session_configs": {},
            "livy_session_startup_timeout_seconds": 120, "heartbeat_refresh_seconds": 30, "livy_server_heartbeat_timeout_seconds": 0,
        }))
        spec = self.home / ".local/share/jupyter/kernels" / THEIRS
        spec.mkdir(parents=True)
        (spec / "kernel.json").write_text(json.dumps({
            "argv": [str(SPARKMAGIC), "-m", "sparkmagic.kernels.pysparkkernel.pysparkkernel", "-f", "{connection_file}"],
            "display_name": "sparkmagic", "language": "python"}))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.server:
            self.server.terminate()
            try:
                self.server.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                self.server.kill()
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)


class Local(Room):
    """The embedded default: the kernel runs Spark itself."""

    def __init__(self, **kernel):
        super().__init__()
        self.livy_kernel("install", "--spark-dir", SPARK, "--kinds", "pyspark")
        if kernel:
            with open(self.home / ".config/livy-kernel/config.toml", "a", encoding="utf-8") as config:
                config.write("[profiles.local.kernel]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in kernel.items()))


class Served(Room):
    """`livy-kernel serve` with real Spark."""

    def __init__(self):
        super().__init__()
        self.livy_kernel("install", "--spark-dir", SPARK)
        self.server = subprocess.Popen([BINARY, "serve"], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = ""
        while not (url := re.search(r"http://127\.0\.0\.1:\d+", said)) or not (token := re.search(r"[Tt]oken:?\s+(\S{20,})", said)):
            if not (line := self.server.stdout.readline()):
                raise RuntimeError("serve ended:\n" + said)
            said += line
        self.url, self.token = url.group(0), token.group(1)
        self.install()


class Scripted(Room):
    """A livytest server: nothing runs, cells say how long they take."""

    def __init__(self, latency_ms=0):
        super().__init__()
        self.journal_file = self.home / "journal"
        self.server = subprocess.Popen([SCRIPTED, "--latency", f"{latency_ms}ms", "--journal", self.journal_file],
                                       stdout=subprocess.PIPE, text=True)
        self.url = self.server.stdout.readline().strip()
        self.install()

    def journal(self):
        """Stops the server; every request that it had."""
        self.server.terminate()
        self.server.communicate(timeout=60)
        with open(self.journal_file, encoding="utf-8") as lines:
            requests = [json.loads(line) for line in lines]
        for request in requests:
            try:
                request["body"] = json.loads(request["body"])
            except ValueError:
                request["body"] = None
        return requests


def build():
    """Builds the scripted server."""
    subprocess.run(["go", "build", "-trimpath", "-o", SCRIPTED, "./test/livytest-server"], cwd=ROOT, check=True)
