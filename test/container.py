#!/usr/bin/env python3
# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Runs what the Dockerfile says in a debootstrap chroot, where there is no container engine.

Every RUN, COPY, ENV, USER and WORKDIR of the stage "jupyter" is carried out as it stands, on the Debian that its
FROM names; then ENTRYPOINT and CMD are started without a network, HEALTHCHECK is asked, a notebook's cell runs by
way of the server, and SIGTERM ends it all. It needs root, debootstrap and five minutes. Not proven: that the base
images have these tags, the build stage's image (go runs here), what an engine adds (layers, EXPOSE, volumes); and
packaging/livy/Dockerfile and compose.yaml, of which test_dockerfile.py has the linting and the check of the sum.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

from chroot import ROOT, Chroot, instructions

CACHE = ROOT / ".cache" / "container"


def program():
    """The program, built by the build stage's own command."""
    built = CACHE / "livy-kernel"
    command = [rest for word, rest in instructions("build") if word == "RUN"][-1]
    subprocess.run(["sh", "-c", command.replace("-o /livy-kernel", f"-o {shlex.quote(str(built))}")], cwd=ROOT, check=True)
    return built


def base(image):
    """A fresh Debian of the version that FROM names."""
    version = image.split(":")[1].split(".")[0]
    release = {"12": "bookworm", "13": "trixie"}[version]
    kept, root = CACHE / release, CACHE / "root"
    if not (kept / "made").exists():
        shutil.rmtree(kept, ignore_errors=True)
        subprocess.run(["debootstrap", "--variant=minbase", release, str(kept)], check=True, stdout=subprocess.DEVNULL)
        (kept / "made").touch()
    subprocess.run(["rm", "-rf", str(root)], check=True)
    subprocess.run(["cp", "-a", str(kept), str(root)], check=True)
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n", "utf-8")  # engines write one too
    return root


# Asks the running server for a kernel, as a browser does, and runs a cell.
CELL = """
import asyncio, json, os, uuid
from tornado import httpclient, websocket
async def main():
    at, token = "127.0.0.1:8888/api/kernels", {"Authorization": "token proof"}
    client = httpclient.AsyncHTTPClient()
    made = await client.fetch(f"http://{at}", method="POST", headers=token, body=json.dumps({"name": "livy-local-pyspark"}))
    channels = f"ws://{at}/{json.loads(made.body)['id']}/channels"
    connection = await websocket.websocket_connect(httpclient.HTTPRequest(channels, headers=token))
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": "proof", "username": "proof", "version": "5.3"}
    await connection.write_message(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
        "content": {"code": "spark.range(6).count() * 7", "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}}))
    status, idle = None, False
    while not (status and idle):
        message = json.loads(await connection.read_message())
        if message["parent_header"].get("msg_id") == header["msg_id"]:
            content, kind = message["content"], message["msg_type"]
            status = content["status"] if kind == "execute_reply" else status
            idle = idle or kind == "status" and content["execution_state"] == "idle"
            if kind in ("execute_result", "stream"):
                print(kind, content["data"]["text/plain"] if kind == "execute_result" else content["text"])
    print(status)
asyncio.run(main())
"""


def serve(chroot, found):
    """Starts the container's process and ends it; its log."""
    command = json.loads(found["ENTRYPOINT"]) + json.loads(found["CMD"])
    log = CACHE / "server.log"
    with log.open("w") as out:
        outer = subprocess.Popen(chroot.isolated(*command, network=False, JUPYTER_TOKEN="proof", LIVY_KERNEL_LOG="debug"),
                                 stdout=out, stderr=subprocess.STDOUT)
    try:
        healthy = json.loads(found["HEALTHCHECK"].split("CMD", 1)[1])
        limit = time.monotonic() + 60
        while subprocess.run(inside(outer, chroot, *healthy), capture_output=True).returncode != 0:
            assert outer.poll() is None and time.monotonic() < limit, log.read_text()
            time.sleep(0.5)
        print("container: the health check passes")
        said = subprocess.run(inside(outer, chroot, "python", "-c", CELL), capture_output=True, text=True, timeout=180)
        assert re.search(r"\b42\n(.*\n)*ok\n$", said.stdout), (said, log.read_text())
        print("container: a cell runs without a network")
        started = time.monotonic()
        os.kill(first(outer), signal.SIGTERM)
        outer.wait(25)
        print(f"container: SIGTERM ends it in {time.monotonic() - started:.1f} s")
    finally:
        outer.kill()
    return log.read_text()


def first(outer):
    """The first process of the tree that unshare has started."""
    return int(pathlib.Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text().split()[0])


def inside(outer, chroot, *argv):
    """argv beside the container's process, as docker exec starts it."""
    try:
        pid = first(outer)
    except (IndexError, FileNotFoundError):
        return ["false"]  # not yet
    return ["nsenter", f"--target={pid}", "--mount", "--pid", "--net", *chroot.command(*argv)]


def main():
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        raise SystemExit("test/container.py needs root and debootstrap")
    CACHE.mkdir(parents=True, exist_ok=True)
    stage = instructions("jupyter")
    chroot = Chroot(base(stage[0][1].split()[0]), program)
    for word, rest in stage[1:]:
        print(f"container: {word} {rest[:100]}", flush=True)
        chroot.carry_out(word, rest)
    log = serve(chroot, dict(stage))
    assert re.search(r"method=DELETE path=/sessions/\d+ status=200", log), log
    print("container: the session was deleted")
    print("container: 1 passed, 0 failed")


if __name__ == "__main__":
    sys.exit(main())
