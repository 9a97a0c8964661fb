# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Connection files and transports. The names of the tests hold the ids of
docs/protocol.md."""
import subprocess

import jupyter_client
import pytest

from standin import PATIENCE, connection, livytest, run, standin  # noqa: F401: fixtures among them


def test_W10_ipc(standin):
    manager, client = standin.start(transport="ipc", ip=str(standin.user.home / "k"))
    assert run(client, "1")[0]["status"] == "ok"
    files = list(standin.user.home.glob("k-*"))
    assert len(files) == 5 and all(f.stat().st_mode & 0o777 == 0o600 for f in files)
    client.shutdown()
    manager.provisioner.process.wait(timeout=2.5)
    assert not list(standin.user.home.glob("k-*"))


def test_W12_encryption_is_refused_in_words(standin):
    """The kernelspec offers none, so the manager refuses; and so does the kernel."""
    with pytest.raises(Exception, match="(?i)encrypt|curve"):
        standin.start(transport_encryption="required")
    standin.managers.clear()


@pytest.mark.parametrize("change, said", [
    ({"signature_scheme": "hmac-md5"}, 'signature_scheme is "hmac-md5", this kernel knows only hmac-sha256'),
    ({"curve_publickey": "p", "curve_secretkey": "s"}, "curve_publickey asks for CURVE encryption, which this kernel does not have; start it without transport encryption"),
    ({"registration_port": 5}, "registration_port asks for the handshake of protocol 5.6, which this kernel does not have"),
    ({"shell_port": 0}, "shell_port is missing"),
    ({"transport": "udp"}, 'transport is "udp", want tcp or ipc'),
    ({"ip": ""}, "ip is missing"),
], ids=lambda v: next(iter(v)) if isinstance(v, dict) else "")
def test_C6_row10_connection_files_that_are_refused(user, tmp_path, change, said):
    file = tmp_path / "connection.json"
    file.write_text(connection(**change), "utf-8")
    done = user.kernel("-f", file, check=False, timeout=PATIENCE)
    hint = "hint: Jupyter writes that file at each start, by its settings; start the kernel again there"
    assert (done.returncode, done.stderr, done.stdout) == (1, f"livy-kernel: connection file {file}: {said}\n{hint}\n", "")


@pytest.mark.parametrize("change, warned", [
    ({"key": ""}, "the connection file has no key: whoever reaches the ports can run code"),
    ({"ip": "0.0.0.0"}, "the ports can be reached from other machines"),
    ({}, None),
], ids=["no key", "all interfaces", "usual"])
def test_row10_connection_files_that_are_taken(user, tmp_path, change, warned):
    """With a warning where it is due. VS Code writes its file with mode 0644."""
    file = tmp_path / "connection.json"
    file.write_text(connection(**change), "utf-8")
    file.chmod(0o644)
    kernel = subprocess.Popen([user.binary, "-f", file], env=user.env, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    client = jupyter_client.BlockingKernelClient()
    client.load_connection_file(str(file))
    client.ip = "127.0.0.1"
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    client.shutdown()
    said = kernel.communicate(timeout=PATIENCE)[1]
    client.stop_channels()
    assert kernel.returncode == 0
    assert (warned or "level=WARN") in said if warned else "WARN" not in said
