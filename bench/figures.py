# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Takes the figures of docs/benchmarks.md: `make figures`.

Start and weight of the kernel process, and a trivial cell through the whole
stack beside a bare HTTP client that polls every 5 ms, both on one
`livy-kernel serve`. Prints a Markdown table.
"""
import http.client
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import psutil
import zmq
from jupyter_client.manager import KernelManager

BINARY = os.environ["LIVY_KERNEL_TEST_BIN"]
CACHE = pathlib.Path(BINARY).parent.parent / ".cache"


class Kernel:
    """A kernel started through its kernelspec, spoken to on raw sockets."""

    def __init__(self, name, env):
        self.manager = KernelManager(kernel_name=name)
        started = time.perf_counter()
        self.manager.start_kernel(env=env)
        self.session = self.manager.session
        self.sockets = {}
        context = zmq.Context.instance()
        for channel, kind in (("shell", zmq.DEALER), ("control", zmq.DEALER), ("iopub", zmq.SUB)):
            socket = context.socket(kind)
            socket.setsockopt(zmq.RECONNECT_IVL, 2)  # libzmq's default of 100 ms would hide the kernel's own time
            socket.setsockopt(zmq.LINGER, 0)
            if kind == zmq.SUB:
                socket.setsockopt(zmq.SUBSCRIBE, b"")
            socket.connect(f"tcp://{self.manager.ip}:{getattr(self.manager, channel + '_port')}")
            self.sockets[channel] = socket
        self.request("kernel_info_request", {})
        self.start_ms = (time.perf_counter() - started) * 1e3

    def request(self, msg_type, content, channel="shell", until_idle=False):
        """Sends a request; returns when its reply (and its idle) has come."""
        message = self.session.msg(msg_type, content)
        self.session.send(self.sockets[channel], message)
        want = {"reply", "idle"} if until_idle else {"reply"}
        poller = zmq.Poller()
        poller.register(self.sockets[channel], zmq.POLLIN)
        poller.register(self.sockets["iopub"], zmq.POLLIN)
        while want:
            ready = dict(poller.poll(120_000))
            if not ready:
                raise TimeoutError(msg_type)
            for socket in ready:
                _, answer = self.session.recv(socket, mode=zmq.NOBLOCK)
                if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                    continue
                if socket is self.sockets[channel]:
                    want.discard("reply")
                elif answer["content"].get("execution_state") == "idle":
                    want.discard("idle")

    def execute(self, code):
        started = time.perf_counter()
        self.request("execute_request", {"code": code, "silent": False, "store_history": True,
                                         "allow_stdin": False, "stop_on_error": True}, until_idle=True)
        return (time.perf_counter() - started) * 1e3

    def memory(self):
        return psutil.Process(self.manager.provisioner.pid).memory_info().rss / 2**20

    def close(self):
        self.request("shutdown_request", {"restart": False}, channel="control")
        self.manager.provisioner.process.wait(10)
        for socket in self.sockets.values():
            socket.close()


class Bare:
    """The floor: one keep-alive connection, POST, then a GET every 5 ms."""

    def __init__(self, url, token):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "X-Requested-By": "bench"}
        self.path = f"/sessions/{self.call('POST', '/sessions', {})['id']}"
        while self.call("GET", self.path)["state"] != "idle":
            time.sleep(0.1)

    def call(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        return json.loads(self.connection.getresponse().read())

    def execute(self, code):
        started = time.perf_counter()
        statement = self.call("POST", self.path + "/statements", {"code": code, "kind": "pyspark"})
        while statement["state"] in ("waiting", "running"):
            time.sleep(0.005)
            statement = self.call("GET", f"{self.path}/statements/{statement['id']}")
        return (time.perf_counter() - started) * 1e3

    def close(self):
        self.call("DELETE", self.path)


def summary(name, values):
    values = sorted(values)
    return f"| {name} | {values[0]:.1f} | {statistics.median(values):.1f} | {values[int(len(values) * .95)]:.1f} | {len(values)} |"


def main():
    home = pathlib.Path(tempfile.mkdtemp())
    env = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(CACHE)}
    os.environ["JUPYTER_PATH"] = str(home / ".local" / "share" / "jupyter")
    subprocess.run([BINARY, "install", "--spark-dir", os.environ["LIVY_KERNEL_TEST_SPARK"]], env=env, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([BINARY, "serve"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""
    while not (url := re.search(r"http://127\.0\.0\.1:\d+", said)) or not (token := re.search(r"[Tt]oken:?\s+(\S{20,})", said)):
        said += server.stdout.readline()
    env["LIVY_KERNEL_TOKEN"] = token.group(1)
    subprocess.run([BINARY, "install", "bench", "--endpoint", url.group(0), "--auth", "bearer"], env=env, check=True, stdout=subprocess.DEVNULL)

    rows, starts = [], []
    for _ in range(20):
        kernel = Kernel("livy-bench-pyspark", env)
        starts.append(kernel.start_ms)
        memory = kernel.memory()
        kernel.close()
    rows.append(summary("start to kernel_info_reply, ms", starts))

    kernel, bare = Kernel("livy-bench-pyspark", env), Bare(url.group(0), token.group(1))
    for client in (kernel, bare):
        for _ in range(5):
            client.execute("1+1")
    ours, floor = [], []
    for _ in range(200):  # turn by turn, so that both see the same machine
        ours.append(kernel.execute("1+1"))
        floor.append(bare.execute("1+1"))
    rows.append(summary("trivial cell: execute_request to idle, ms", ours))
    rows.append(summary("trivial cell: bare HTTP client, 5 ms polling, ms", floor))
    after = kernel.memory()
    kernel.close()
    bare.close()
    server.send_signal(signal.SIGINT)
    server.wait(30)

    print("| figure | min | median | p95 | n |\n|---|---|---|---|---|")
    print("\n".join(rows))
    print(f"\nResident memory of the kernel: {memory:.1f} MiB at start, {after:.1f} MiB after {len(ours)} cells. "
          f"Median over the floor: {statistics.median(ours) / statistics.median(floor):.2f}.")


if __name__ == "__main__":
    sys.exit(main())
