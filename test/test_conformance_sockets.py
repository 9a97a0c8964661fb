# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The sockets under libzmq, the library of all clients, and under bytes that no
library sends. The names of the tests hold the ids of docs/protocol.md."""
import json
import socket
import struct
import subprocess

import jupyter_client
import psutil
import pytest
import zmq
import zmq.utils.monitor

from standin import PATIENCE, begin, connection, livytest, reply_to, run, standin  # noqa: F401: fixtures among them

CHANNELS = {"shell": zmq.DEALER, "control": zmq.DEALER, "stdin": zmq.DEALER, "iopub": zmq.SUB, "hb": zmq.REQ}
GREETING = b"\xff" + bytes(7) + b"\x01\x7f\x03\x01NULL".ljust(14, b"\0") + bytes(42)
READY = b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB"


def ports(manager):
    info = manager.get_connection_info()
    return {channel: (info["ip"], info[f"{channel}_port"]) for channel in CHANNELS}


@pytest.fixture
def raw():
    """Connects without any library."""
    open_ = []

    def connect(address, *said):
        s = socket.create_connection(address, timeout=PATIENCE)
        open_.append(s)
        for part in said:
            s.sendall(part)
        return s
    yield connect
    for s in open_:
        s.close()


@pytest.fixture
def context():
    with zmq.Context() as made:
        yield made
        made.destroy(linger=0)


def served(standin, manager):
    """A client that comes now is served."""
    return run(standin.client(manager), "1")[0]["status"] == "ok"


@pytest.mark.parametrize("said", [(), (GREETING[:10],), (GREETING,), (GREETING, READY[:9])],
                         ids=["silent", "half a greeting", "greeting", "half of READY"])
def test_S1_S3_row05_peers_that_say_too_little(standin, raw, said):
    manager, _ = standin.start()
    for address in ports(manager).values():
        for _ in range(3):
            raw(address, *said)
    assert served(standin, manager)


def test_S2_row07_subscriber_that_never_reads(standin, raw):
    """The others get every message, and the process stays small."""
    manager, client = standin.start()
    stuck = raw(ports(manager)["iopub"], GREETING, READY, b"\0\x01\x01")
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    run(client, "1")
    code = "#" + "x" * (1 << 20)
    for _ in range(100):  # the request's code comes back as execute_input
        assert run(client, code)[0]["status"] == "ok"
    # 64 MiB may wait for one peer; a message is held a few times while it is read.
    assert psutil.Process(manager.provisioner.process.pid).memory_info().rss < 400 << 20


def test_S4_row09_clients_that_come_and_go(standin, context):
    """While a cell runs: no descriptor is left, and the cell ends well."""
    manager, client = standin.start()
    kernel = psutil.Process(manager.provisioner.process.pid)
    run(client, "1")
    cell = begin(client, "sleep 1")
    before = kernel.num_fds()
    for i in range(100):
        for channel, kind in CHANNELS.items():
            s = context.socket(kind)
            s.linger = 0
            s.connect("tcp://%s:%d" % ports(manager)[channel])
            if kind == zmq.SUB:
                s.subscribe(b"")
                s.rcvtimeo = PATIENCE * 1000
                assert b"iopub_welcome" in b"".join(s.recv_multipart())
            elif i % 2:
                s.send(b"hello")
            s.close()
    assert reply_to(client, cell)["status"] == "ok"
    assert served(standin, manager)
    standin.clients.pop().stop_channels()
    while kernel.num_fds() > before:  # pytest's time-out ends this
        client.kernel_info(reply=True, timeout=PATIENCE)


@pytest.mark.parametrize("size", [65 << 20, 1 << 40, 1 << 62], ids=["65 MiB", "1 TiB", "2^62"])
def test_S5_row06_messages_that_are_too_long(standin, raw, size):
    manager, client = standin.start()
    kernel = psutil.Process(manager.provisioner.process.pid)
    before = kernel.memory_info().rss
    dealer = READY[:1] + b"\x1c" + READY[2:20] + b"\0\0\0\x06DEALER"
    for channel in ("shell", "control", "stdin", "hb"):
        s = raw(ports(manager)[channel], GREETING, dealer, b"\x02" + struct.pack(">Q", size))
        while s.recv(1 << 16):  # until the kernel hangs up
            pass
    assert kernel.memory_info().rss < before + (16 << 20)
    assert run(client, "1")[0]["status"] == "ok"


def test_row01_to_04_messages_that_are_dropped(standin, context):
    """Unsigned, badly signed, cut, replayed: no effect, no answer, and the next
    good one is served."""
    manager, client = standin.start()
    session = client.session
    message = session.serialize(session.msg("execute_request", {"code": "raise Evil", "silent": False}))
    assert run(client, "1")[0]["execution_count"] == 1
    good = session.serialize(session.msg("kernel_info_request", {}))
    for channel in ("shell", "control", "stdin"):
        s = context.socket(zmq.DEALER)
        s.connect("tcp://%s:%d" % ports(manager)[channel])
        for frames in ([b"x"], [b""], message[:1], message[:4], [message[0], b""] + message[2:],
                       [message[0], b"0" * 64] + message[2:], message[:-1] + [b"{}"], [b"more"] * 100 + message):
            s.send_multipart(frames)
        if channel != "stdin":
            s.send_multipart(good)
            s.rcvtimeo = PATIENCE * 1000
            assert b"kernel_info_reply" in b"".join(s.recv_multipart())
            s.send_multipart(good)  # seen before, now by the other channel too
            s.rcvtimeo = 200
            with pytest.raises(zmq.Again):
                s.recv_multipart()
            good = session.serialize(session.msg("kernel_info_request", {}))
    assert run(client, "1")[0]["execution_count"] == 2


def test_trap06_libzmq_heartbeats(standin, context):
    """A client that pings its sockets is never disconnected."""
    manager, client = standin.start()
    monitors = []
    for channel, kind in CHANNELS.items():
        s = context.socket(kind)
        s.heartbeat_ivl, s.heartbeat_timeout, s.linger = 50, 500, 0
        monitors.append(s.get_monitor_socket(zmq.EVENT_DISCONNECTED))
        s.connect("tcp://%s:%d" % ports(manager)[channel])
        if kind == zmq.SUB:
            s.subscribe(b"")
    run(client, "sleep 2")
    assert not any(m.poll(0) for m in monitors)


def test_W15_heartbeat(standin, context):
    """Echoes what it is sent, while a cell runs."""
    manager, client = standin.start()
    cell = begin(client, "sleep 1")
    s = context.socket(zmq.REQ)
    s.rcvtimeo = PATIENCE * 1000
    s.connect("tcp://%s:%d" % ports(manager)["hb"])
    for frames in ([b"ping"], [b""], [b"a", b"", b"b"]):
        s.send_multipart(frames)
        assert s.recv_multipart() == frames
    assert reply_to(client, cell)["status"] == "ok"


def test_W10_IPv6(user, tmp_path, context):
    file = tmp_path / "connection.json"
    text = connection(ip="::1")
    file.write_text(text, "utf-8")
    info = json.loads(text)
    kernel = subprocess.Popen([user.binary, "-f", file], env=user.env, cwd=tmp_path)
    s = context.socket(zmq.DEALER)
    s.ipv6, s.rcvtimeo = True, PATIENCE * 1000
    s.connect(f"tcp://[::1]:{info['control_port']}")
    session = jupyter_client.session.Session(key=b"k")
    s.send_multipart(session.serialize(session.msg("shutdown_request", {"restart": False})))
    assert b"shutdown_reply" in b"".join(s.recv_multipart())
    assert kernel.wait(PATIENCE) == 0


def test_C4_trap05_the_last_messages_arrive(standin):
    """The reply, shutdown_reply and idle on iopub, each time."""
    for _ in range(5):
        _, client = standin.start()
        message = client.session.msg("shutdown_request", {"restart": False})
        client.control_channel.send(message)
        assert reply_to(client, message["header"]["msg_id"], "control")["status"] == "ok"
        seen = []
        while "idle" not in seen:
            got = client.get_iopub_msg(timeout=PATIENCE)
            if got["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                seen.append(got["content"].get("execution_state", got["msg_type"]))
        assert seen == ["busy", "shutdown_reply", "idle"]
