# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The process as jupyter_client manages it, from start to end. The names of the
tests hold the ids of docs/protocol.md."""
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from standin import PATIENCE, begin, livytest, reply_to, run, standin  # noqa: F401: fixtures among them


def process(manager):
    return psutil.Process(manager.provisioner.process.pid)


def asked(client, request):
    """The content of the reply on control, before which nothing else is sent."""
    message = client.session.msg(request, {})
    client.control_channel.send(message)
    return reply_to(client, message["header"]["msg_id"], "control")


def ended(manager):
    """The exit code, which comes within a second: the server answers at once."""
    return manager.provisioner.process.wait(timeout=1)


@pytest.mark.parametrize("channel", ["control", "shell"])
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_C4_C6_row13_shutdown(standin, channel, busy):
    manager, client = standin.start()
    run(client, "1")
    if busy:
        cell = begin(client, "sleep 600")
    message = client.session.msg("shutdown_request", {"restart": False})
    getattr(client, f"{channel}_channel").send(message)
    assert reply_to(client, message["header"]["msg_id"], channel) == {"status": "ok", "restart": False}
    if busy:
        assert reply_to(client, cell)["ename"] == "KeyboardInterrupt"
    assert ended(manager) == 0
    assert standin.server.sessions() == [], "the session is deleted"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_C4_signals_end_it_as_a_request_does(standin, number, busy):
    manager, client = standin.start()
    run(client, "1")
    if busy:
        begin(client, "sleep 600")
    process(manager).send_signal(number)
    assert ended(manager) == 0
    assert standin.server.sessions() == []


def test_C2_row12_SIGINT(standin):
    """A terminal sends SIGINT to the whole process group: harmless when idle, an
    interrupt when busy, and twice in a row no more than that."""
    manager, client = standin.start()
    def interrupt_twice():
        for _ in range(2):
            process(manager).send_signal(signal.SIGINT)

    def goes_on():
        """A process comes to a signal in its own time: each may have met a cell that was sent right after it, and no more."""
        replies = [run(client, "1")[0] for _ in range(3)]
        return any(r["status"] == "ok" for r in replies) and all(r["status"] == "ok" or r["ename"] == "KeyboardInterrupt" for r in replies)

    interrupt_twice()
    assert goes_on()
    cell = begin(client, "sleep 600")
    interrupt_twice()
    assert reply_to(client, cell)["ename"] == "KeyboardInterrupt"
    assert goes_on()


def test_C2_row11_interrupt_request(standin):
    manager, client = standin.start()
    assert asked(client, "interrupt_request") == {"status": "ok"}  # idle
    assert run(client, "1")[0]["status"] == "ok"
    cell = begin(client, "sleep 600")
    manager.interrupt_kernel()
    assert asked(client, "interrupt_request") == {"status": "ok"}
    assert reply_to(client, cell)["ename"] == "KeyboardInterrupt"
    assert run(client, "1")[0]["status"] == "ok"


def test_C5_S6_W11_restart(standin):
    """On the same ports, with a session of its own, also in the middle of a cell."""
    manager, client = standin.start()
    run(client, "1")
    before, ports = standin.server.sessions(), manager.ports
    begin(client, "sleep 600")
    manager.restart_kernel()
    client.wait_for_ready(timeout=PATIENCE)
    assert manager.ports == ports
    assert run(client, "1")[0] | {"payload": []} == {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
    after = standin.server.sessions()
    assert len(after) == 1 and after != before


def test_C7_death_of_the_parent(standin, tmp_path):
    """The kernel of a client that is killed ends, and deletes its session."""
    script = tmp_path / "client.py"
    script.write_text(textwrap.dedent("""
        import sys, time
        from jupyter_client import KernelManager
        from jupyter_client.kernelspec import KernelSpecManager
        manager = KernelManager(kernel_name="livy-standin-pyspark", kernel_spec_manager=KernelSpecManager(kernel_dirs=[sys.argv[1]]))
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        client.execute_interactive("1", timeout=30, output_hook=lambda m: None)
        print(manager.provisioner.process.pid, flush=True)
        sys.stdin.read()
    """), "utf-8")
    parent = subprocess.Popen([sys.executable, script, standin.specs.kernel_dirs[0]], env=standin.user.env, cwd=tmp_path,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    kernel = psutil.Process(int(parent.stdout.readline()))
    assert len(standin.server.sessions()) == 1
    parent.kill()
    parent.communicate()
    kernel.wait(PATIENCE)
    assert standin.server.sessions() == []


def test_C6_it_stays_up_when_the_server_does_not(standin):
    """What fails is the cell: a kernel that exits is started again and again."""
    manager, client = standin.start()
    standin.server.stop()
    reply, published = run(client, "1")
    assert reply["status"] == "error" and published["error"][0]["ename"] == "ConnectionFailed"
    assert manager.is_alive()
    assert client.kernel_info(reply=True, timeout=PATIENCE)["content"]["status"] == "ok"


def test_W3_session_is_the_kernels_own(standin):
    manager, client = standin.start()
    first = client.kernel_info(reply=True, timeout=PATIENCE)["header"]["session"]
    assert first != client.session.session
    manager.restart_kernel()
    client.wait_for_ready(timeout=PATIENCE)
    assert client.kernel_info(reply=True, timeout=PATIENCE)["header"]["session"] != first


def test_row87_four_clients(standin):
    """Each gets its own replies, and all see the same on iopub in the same order."""
    manager, first = standin.start()
    clients = [first] + [standin.client(manager) for _ in range(3)]
    last = None
    for i in range(5):
        sent = [c.execute(f"'{i} {n}'") for n, c in enumerate(clients)]
        for client, msg_id in zip(clients, sent):
            assert client.get_shell_msg(timeout=PATIENCE)["parent_header"]["msg_id"] == msg_id
            last = msg_id
    orders = []
    for client in clients:
        order = []
        while not order or order[-1][1:] != ("status", last):
            message = client.get_iopub_msg(timeout=PATIENCE)
            parent = message["parent_header"].get("msg_id")
            order.append((message["header"]["msg_id"], message["msg_type"], parent))
            if message["msg_type"] == "status" and message["content"]["execution_state"] != "idle":
                order[-1] = (message["header"]["msg_id"], "busy", parent)
        orders.append([o[0] for o in order if o[2] in sent])
    assert all(order == orders[0] for order in orders)


def test_X6_row15_queue(standin):
    """A hundred cells in one go; the fourth fails. The first one runs until all of them are there."""
    _, client = standin.start()
    run(client, "1")
    sent = [client.execute({0: "sleep 3", 3: "raise ValueError no"}.get(i, str(i))) for i in range(100)]
    replies = [client.get_shell_msg(timeout=PATIENCE) for _ in sent]
    assert [r["parent_header"]["msg_id"] for r in replies] == sent
    assert [r["content"]["status"] for r in replies] == ["ok"] * 3 + ["error"] + ["aborted"] * 96
    assert run(client, "1")[0]["status"] == "ok"


def test_jupyter_run(standin, tmp_path):
    """The one-shot client, which sends its input and leaves."""
    script = tmp_path / "cell.py"
    script.write_text("1 + 1", "utf-8")
    done = standin.user.run(sys.executable, "-m", "jupyter", "run", "--kernel", "livy-standin-pyspark", script)
    assert "you sent 5 bytes" in done.stdout
