# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A Jupyter front-end reduced to its sockets: what it times is the kernel's."""
import subprocess
import time

import psutil
import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

PATIENCE_MS = 180_000  # for any one message


class Kernel:
    """A kernel started through its kernelspec. Use each in one thread at a time."""

    def __init__(self, name, room):
        specs = KernelSpecManager(kernel_dirs=room.kernel_dirs)
        self.manager = KernelManager(kernel_name=name, kernel_spec_manager=specs)
        started = time.perf_counter()
        self.manager.start_kernel(env=room.env, cwd=str(room.home), stdout=room.log, stderr=room.log)
        self.launch_ms = (time.perf_counter() - started) * 1e3  # the ports, the connection file, fork and exec
        self.process = psutil.Process(self.manager.provisioner.pid)
        self.session, self.sockets = self.manager.session, {}
        for channel, kind in (("shell", zmq.DEALER), ("control", zmq.DEALER), ("iopub", zmq.SUB)):
            socket = zmq.Context.instance().socket(kind)
            socket.linger = socket.rcvhwm = socket.sndhwm = 0
            socket.reconnect_ivl = 2  # libzmq's default of 100 ms would hide the kernel's own time
            if kind == zmq.SUB:
                socket.subscribe(b"")
            socket.connect(f"tcp://{self.manager.ip}:{getattr(self.manager, channel + '_port')}")
            self.sockets[channel] = socket
        self.request("kernel_info_request", {})
        self.start_ms = (time.perf_counter() - started) * 1e3

    def send(self, msg_type, content, channel="shell"):
        return self.session.send(self.sockets[channel], msg_type, content)["header"]["msg_id"]

    def receive(self, channels=("iopub", "shell"), patience_ms=PATIENCE_MS):
        """The next message, as (channel, message)."""
        poller = zmq.Poller()
        for channel in channels:
            poller.register(self.sockets[channel], zmq.POLLIN)
        ready = dict(poller.poll(patience_ms))
        for channel in channels:
            if self.sockets[channel] in ready:
                return channel, self.session.recv(self.sockets[channel])[1]
        raise TimeoutError(f"no message in {patience_ms} ms")

    def request(self, msg_type, content, channel="shell"):
        """Sends a request and returns the content of its reply."""
        wanted = self.send(msg_type, content, channel)
        while True:
            _, message = self.receive((channel,))
            if message["parent_header"].get("msg_id") == wanted:
                return message["content"]

    def begin(self, code):
        return self.send("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                                             "allow_stdin": False, "stop_on_error": False})

    def execute(self, code, seen=lambda message, ms: None, may_fail=False):
        """Runs a cell until its reply and its idle; a Cell. seen gets each of its iopub messages."""
        started = time.perf_counter()
        wanted, cell = self.begin(code), Cell()
        while cell.idle_at is None or cell.status is None:
            channel, message = self.receive()
            if message["parent_header"].get("msg_id") != wanted:
                continue
            ms, content = (time.perf_counter() - started) * 1e3, message["content"]
            if channel == "shell":
                cell.status = content["status"]
            elif message["msg_type"] == "status":
                if content["execution_state"] == "idle":
                    cell.idle_at, cell.ms = time.time(), ms
            else:
                if message["msg_type"] == "stream":
                    cell.printed += len(content["text"])
                seen(message, ms)
        if cell.status != "ok" and not may_fail:
            raise RuntimeError(f"{code!r} ended with status {cell.status}")
        return cell

    def memory(self, field="rss"):
        """MiB that the kernel's process, and those that it started, hold."""
        return sum(getattr(p.memory_info(), field) for p in [self.process, *self.process.children(True)]) / 2**20

    def peak_memory(self):
        """MiB that the kernel's process has held at most so far (Linux)."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 2**10

    def cpu_ms(self):
        used = self.process.cpu_times()
        return (used.user + used.system) * 1e3

    def close(self):
        self.send("shutdown_request", {"restart": False}, "control")
        process = self.manager.provisioner.process
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for socket in self.sockets.values():
            socket.close()
        self.manager.cleanup_connection_file()


class Cell:
    """What a cell came to."""

    def __init__(self):
        self.ms = self.idle_at = self.status = None  # idle_at is in seconds since 1970
        self.printed = 0  # characters
