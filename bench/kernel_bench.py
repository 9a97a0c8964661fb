# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Measure one Jupyter kernel over its own wire protocol; print one JSON object.

Usage
    pip install jupyter_client psutil            # brings pyzmq
    export JUPYTER_PATH=DIR                      # DIR holds kernels/<name>/kernel.json; not needed for installed kernels
    kernel_bench.py NAME --trivial CODE [--big CODE --big-bytes N] [--sleep CODE] [options]   # --help lists them

    kernel_bench.py python3 --trivial '1+1' \\
        --big 'print("x"*99+"\\n", end="")' --big-bytes 10000000 --sleep 'import time; time.sleep(60)'
    kernel_bench.py livy-local-pyspark --trivial '1+1' --sleep 'import time; time.sleep(60)' > ours.json

NAME is a kernelspec name. Result: cold start, memory, heartbeat, round trip, pipelined requests, big output (needs
--big), interrupt and shutdown while busy (need --sleep), "errors" for sections that failed, load_1min. Compare kernels
only side by side, on one machine, in one go; on a loaded machine the minimum is the comparable figure.

Cold start is what a front-end waits that starts kernels by jupyter_client's KernelManager; launch_ms is how long that
was busy itself (8.10 sleeps 10 ms of it). exec_to_info_ms is the kernel alone, started by its kernelspec's argv.

Every section is bounded by --timeout, and a section that fails leaves its reason under
"errors" instead of ending the run. The client talks raw sockets (no asyncio in the timed
path, 2 ms reconnect instead of libzmq's 100 ms) so that the numbers are the kernel's.
Processes that outlive their kernel are reported under "leftover" and killed by process id.
"""
from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import psutil
import zmq
from jupyter_client.connect import write_connection_file
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session

now = time.perf_counter


class Timeout(Exception):
    pass


def summary(xs: list[float], digits: int = 2) -> dict | None:
    """min, median, p99, max of a list of milliseconds."""
    if not xs:
        return None
    s = sorted(xs)
    return {
        "n": len(s),
        "min": round(s[0], digits),
        "median": round(statistics.median(s), digits),
        "p99": round(s[min(len(s) - 1, int(0.99 * len(s)))], digits),
        "max": round(s[-1], digits),
    }


def tree(pid: int) -> list[psutil.Process]:
    try:
        p = psutil.Process(pid)
        return [p, *p.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def memory(pid: int) -> dict:
    """RSS and USS (private pages) of the kernel's process tree, MiB."""
    rss = uss = n = 0
    for p in tree(pid):
        try:
            m = p.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        rss, uss, n = rss + m.rss, uss + m.uss, n + 1
    return {"rss_mib": round(rss / 2**20, 1), "uss_mib": round(uss / 2**20, 1), "processes": n}


class Kernel:
    """One running kernel and the raw client sockets to it."""

    def __init__(self, name: str, ctx: zmq.Context, log):
        self.ctx, self.socks = ctx, {}
        self.km = KernelManager(kernel_name=name)
        self.session = self.km.session
        self.t0 = now()
        self.km.start_kernel(stdout=log, stderr=log)
        self.launch = (now() - self.t0) * 1e3  # what Jupyter took, while the kernel started beside it
        self.pid = self.km.provisioner.pid
        info = self.km.get_connection_info()
        for ch, kind in (("shell", zmq.DEALER), ("iopub", zmq.SUB), ("control", zmq.DEALER), ("hb", zmq.REQ)):
            s = ctx.socket(kind)
            s.linger, s.rcvhwm, s.sndhwm = 0, 0, 0
            s.reconnect_ivl = 2
            if info["transport"] == "ipc":
                url = f"ipc://{info['ip']}-{info[ch + '_port']}"
            else:
                ip = info["ip"]
                s.ipv6 = ":" in ip
                url = f"tcp://{'[%s]' % ip if ':' in ip else ip}:{info[ch + '_port']}"
            if ch == "iopub":
                s.subscribe(b"")
            s.connect(url)
            self.socks[ch] = s

    def send(self, msg_type: str, content: dict, channel: str = "shell") -> str:
        return self.session.send(self.socks[channel], msg_type, content)["header"]["msg_id"]

    def execute(self, code: str, **kw) -> str:
        c = dict(code=code, silent=False, store_history=True, user_expressions={}, allow_stdin=False,
                 stop_on_error=True)
        return self.send("execute_request", c | kw)

    def recv(self, deadline: float, channels=("iopub", "shell")) -> tuple[str, dict]:
        """Next message on any of the channels, iopub first."""
        while True:
            for ch in channels:
                try:
                    idents, msg = self.session.recv(self.socks[ch], zmq.NOBLOCK)
                except ValueError as e:  # a bad signature, a duplicate or a malformed message
                    raise RuntimeError(f"bad message on {ch}: {e}") from e
                if msg is not None:
                    return ch, msg
            left = deadline - now()
            if left <= 0:
                raise Timeout
            if not zmq.select([self.socks[c] for c in channels], [], [], min(left, 0.2))[0] and not self.alive():
                raise RuntimeError(f"kernel died (exit {self.km.provisioner.process.poll()})")

    def alive(self) -> bool:
        p = self.km.provisioner.process
        return p is not None and p.poll() is None

    def wait_info(self, timeout: float) -> tuple[float, float, dict]:
        """ms from spawn to kernel_info_reply, to a first live iopub message, and the reply."""
        end, mid = now() + timeout, self.send("kernel_info_request", {})
        info = t_info = t_iopub = None
        resend = now() + 0.25
        while info is None or t_iopub is None:
            try:
                ch, m = self.recv(min(end, resend))
            except Timeout:
                if now() >= end:
                    raise
                # The subscription may have been late: ask again, as every real client does.
                mid, resend = self.send("kernel_info_request", {}), now() + 0.25
                continue
            if ch == "iopub" and t_iopub is None:
                t_iopub = (now() - self.t0) * 1e3
            elif m["msg_type"] == "kernel_info_reply" and info is None:
                t_info, info = (now() - self.t0) * 1e3, m["content"]
        return t_info, t_iopub, info

    def drain(self, quiet: float = 0.3) -> list[dict]:
        got = []
        try:
            while True:
                got.append(self.recv(now() + quiet)[1])
        except Timeout:
            return got

    def run(self, code: str, timeout: float, on_start=None, **kw) -> dict:
        """Execute, wait for both the reply and idle; times in ms from the send."""
        r = {"trace": [], "bytes": 0, "streams": 0}
        t, end = now(), now() + timeout
        mid = self.execute(code, **kw)
        while "idle" not in r or "reply" not in r:
            ch, m = self.recv(end)
            if m["parent_header"].get("msg_id") != mid:
                continue
            kind, c = m["msg_type"], m["content"]
            if kind == "status":
                kind = c["execution_state"]
            if ch == "shell":
                kind, r["status"] = "reply", c.get("status")
            if kind == "stream":
                r["bytes"] += len(c["text"].encode())
                r["streams"] += 1
            elif kind != "reply":  # order across two sockets means nothing
                r["trace"].append(kind)
            r.setdefault(kind, (now() - t) * 1e3)
            if kind in ("execute_input", "busy") and on_start:
                on_start, hook = None, on_start
                hook()
        return r

    def stop(self, timeout: float) -> dict:
        """shutdown_request to process exit; what survived is reported, then killed by pid."""
        procs, r = tree(self.pid), {}
        if self.alive():
            t = now()
            self.send("shutdown_request", {"restart": False}, "control")
            while self.alive() and now() - t < timeout:
                try:
                    _, m = self.session.recv(self.socks["control"], zmq.NOBLOCK)
                    if m and m["msg_type"] == "shutdown_reply":
                        r.setdefault("reply_ms", round((now() - t) * 1e3, 2))
                except ValueError:
                    pass
                time.sleep(0.0005)
            if not self.alive():
                r["exit_ms"] = round((now() - t) * 1e3, 2)
                try:
                    m = self.session.recv(self.socks["control"], zmq.NOBLOCK)[1]
                    if m and m["msg_type"] == "shutdown_reply":
                        r.setdefault("reply_ms", r["exit_ms"])
                except (ValueError, zmq.ZMQError):
                    pass
                r["exit_code"] = self.km.provisioner.process.poll()
            else:
                r["exit_ms"] = None
        else:
            r["was_dead"] = self.km.provisioner.process.poll()
        time.sleep(0.2)
        left = []
        for p in procs:
            try:
                if p.is_running() and p.status() != psutil.STATUS_ZOMBIE:
                    left.append(" ".join(p.cmdline()[:2])[-60:] or p.name())
                    p.kill()
            except psutil.NoSuchProcess:
                pass
        r["leftover"] = left
        return r

    def close(self, timeout: float = 5) -> dict:
        r = self.stop(timeout)
        for s in self.socks.values():
            s.close(0)
        try:
            self.km.shutdown_kernel(now=True)
        except Exception:
            pass
        return r


def exec_to_info(spec, environ, ctx: zmq.Context, log, timeout: float) -> float:
    """ms from the exec of a kernel to its kernel_info_reply, for a client that waits at its ports."""
    session = Session(key=b"start")
    with tempfile.TemporaryDirectory() as folder:
        path, info = write_connection_file(f"{folder}/connection.json", key=session.key)
        argv = [sys.executable if word == "python" else word.replace("{connection_file}", path) for word in spec.argv]
        env, socks = {**environ, **spec.env}, []
        t0 = now()
        process = subprocess.Popen(argv, env=env, stdout=log, stderr=log)
        try:
            for channel, kind in (("iopub", zmq.SUB), ("shell", zmq.DEALER)):
                socks.append(ctx.socket(kind))
                socks[-1].linger, socks[-1].reconnect_ivl = 0, 2
                if channel == "iopub":
                    socks[-1].subscribe(b"")
                socks[-1].connect(f"tcp://{info['ip']}:{info[channel + '_port']}")
            session.send(socks[-1], "kernel_info_request", {})
            if not socks[-1].poll(timeout * 1e3):
                raise Timeout("no kernel_info_reply")
            took = (now() - t0) * 1e3
            session.recv(socks[-1])  # its signature is right
            return took
        finally:
            for sock in socks:
                sock.close(0)
            process.kill()
            process.wait()


def bench(a: argparse.Namespace) -> dict:
    out: dict = {"kernel": a.kernel, "errors": {}}
    ctx = zmq.Context()
    log = open(a.log, "ab") if a.log else open(os.devnull, "wb")

    # Cold start, N processes, each shut down again.
    info_ms, iopub_ms, launch_ms, exec_ms, exits = [], [], [], [], []
    failed = 0
    for i in range(a.starts):
        k = None
        try:
            k = Kernel(a.kernel, ctx, log)
            t_info, t_iopub, info = k.wait_info(a.timeout)
            info_ms.append(t_info)
            launch_ms.append(k.launch)
            exec_ms.append(exec_to_info(k.km.kernel_spec, os.environ, ctx, log, a.timeout))
            iopub_ms.append(t_iopub)
        except Exception as e:
            failed += 1
            out["errors"].setdefault("start", f"run {i}: {type(e).__name__} {e}")
        finally:
            r = k.close() if k else {}
            if r.get("exit_ms") is not None:
                exits.append(r["exit_ms"])
        if failed > 1:
            break
    out["cold_start_ms"] = summary(info_ms, 1)
    out["launch_ms"] = summary(launch_ms, 1)
    out["exec_to_info_ms"] = summary(exec_ms, 1)
    out["iopub_live_ms"] = summary(iopub_ms, 1)
    out["shutdown_idle_ms"] = summary(exits, 1)
    if not info_ms:
        return out
    out["protocol_version"] = info.get("protocol_version")
    out["implementation"] = f"{info.get('implementation')} {info.get('implementation_version')}"
    out["supported_features"] = info.get("supported_features")

    k = Kernel(a.kernel, ctx, log)
    done = 0

    def section(name, fn):
        try:
            out[name] = fn()
        except Exception as e:
            out["errors"][name] = f"{type(e).__name__} {e}".strip()
            try:
                k.drain()
            except Exception:
                pass

    def start():
        k.wait_info(a.timeout)
        time.sleep(1.0)
        k.drain()
        return memory(k.pid)

    def heartbeat():
        xs = []
        for _ in range(100):
            t = now()
            k.socks["hb"].send(b"ping")
            if not k.socks["hb"].poll(2000):
                raise Timeout("no echo")
            k.socks["hb"].recv()
            xs.append((now() - t) * 1e3)
        return summary(xs, 3)

    def round_trip():
        nonlocal done
        t_first = k.run(a.trivial, a.timeout)
        out["first_execute_ms"] = round(t_first["idle"], 2)
        out["trace"] = t_first["trace"]
        out["memory_first"] = memory(k.pid)
        if t_first["status"] != "ok":
            raise RuntimeError(f"trivial cell: {t_first['status']}")
        for _ in range(a.warm):
            k.run(a.trivial, a.timeout)
        runs = [k.run(a.trivial, a.timeout) for _ in range(a.trips)]
        done += 1 + a.warm + a.trips
        out["reply_ms"] = summary([r["reply"] for r in runs], 3)
        out["input_echo_ms"] = summary([r["execute_input"] for r in runs if "execute_input" in r], 3)
        return summary([r["idle"] for r in runs], 3)

    def pipelined():
        """All requests at once; every idle and every reply has to come, in order."""
        nonlocal done
        n, end, t = a.pipeline, now() + 2 * a.timeout, now()
        ids = [k.execute(a.trivial) for _ in range(n)]
        pos = {m: i for i, m in enumerate(ids)}
        replies, idles, status = [], [], {}
        while len(replies) < n or len(idles) < n:
            try:
                ch, m = k.recv(min(end, now() + 15))
            except Timeout:
                break
            i = pos.get(m["parent_header"].get("msg_id"))
            if i is None:
                continue
            if ch == "shell":
                replies.append(i)
                s = m["content"].get("status")
                status[s] = status.get(s, 0) + 1
            elif m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                idles.append(i)
            last = now()
        done += n
        return {
            "n": n, "seconds": round(last - t, 3), "per_second": round(n / (last - t), 1),
            "replies": len(replies), "idles": len(idles), "status": status,
            "in_order": replies == sorted(replies) and idles == sorted(idles),
        }

    def fill():
        """Up to 1000 executes in all (or two minutes of them), then the memory again."""
        nonlocal done
        end = now() + 120
        while done < a.executes and now() < end:
            k.run(a.trivial, a.timeout)
            done += 1
        time.sleep(0.5)
        return memory(k.pid) | {"executes": done}

    def big():
        r = k.run(a.big, 2 * a.timeout)
        late = sum(len(m["content"]["text"].encode()) for m in k.drain(0.5) if m["msg_type"] == "stream")
        return {
            "ms": round(r["idle"], 1), "bytes": r["bytes"], "messages": r["streams"], "status": r["status"],
            "bytes_after_idle": late, "complete": r["bytes"] >= a.big_bytes,
        }

    def interrupt():
        xs, st = [], []
        for _ in range(a.interrupts):
            at = {}

            def fire():
                time.sleep(0.7)
                at["t"] = now()
                k.km.interrupt_kernel()

            t = now()
            r = k.run(a.sleep, a.timeout, on_start=fire)
            xs.append(r["idle"] - (at["t"] - t) * 1e3)
            st.append(r["status"])
        after = k.run(a.trivial, a.timeout)["status"]
        return summary(xs, 2) | {"mode": k.km.kernel_spec.interrupt_mode, "reply_status": st, "usable_after": after}

    def busy_shutdown():
        """A cell still running: how soon does the process leave on shutdown_request alone?"""
        k.execute(a.sleep)
        time.sleep(0.7)
        return k.stop(a.timeout)

    try:
        section("memory_start", start)
        section("heartbeat_ms", heartbeat)
        section("round_trip_ms", round_trip)
        section("pipelined", pipelined)
        section("memory_1000", fill)
        if a.big:
            section("big_output", big)
        if a.sleep:
            section("interrupt_ms", interrupt)
            section("shutdown_busy", busy_shutdown)
    finally:
        k.close()
    out["load_1min"] = round(os.getloadavg()[0], 2)
    return out


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("kernel", help="kernelspec name")
    p.add_argument("--trivial", required=True, help="a cell that does next to nothing and succeeds")
    p.add_argument("--big", help="a cell that writes --big-bytes to stdout")
    p.add_argument("--big-bytes", type=int, default=10_000_000)
    p.add_argument("--sleep", help="a cell that sleeps at least a minute")
    p.add_argument("--starts", type=int, default=10)
    p.add_argument("--trips", type=int, default=200)
    p.add_argument("--warm", type=int, default=10)
    p.add_argument("--pipeline", type=int, default=500)
    p.add_argument("--executes", type=int, default=1000, help="executes before the second memory reading")
    p.add_argument("--interrupts", type=int, default=3)
    p.add_argument("--timeout", type=float, default=30, help="seconds for any one wait")
    p.add_argument("--log", help="file for the kernel's own stdout and stderr")
    a = p.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that finally runs and no kernel stays
    json.dump(bench(a), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
