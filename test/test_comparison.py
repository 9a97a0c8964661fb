# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""README.md compares this kernel with sparkmagic: each row of its table is true of both."""
import json
import os
import pathlib
import re
import signal
import subprocess
import urllib.request

import pytest

from conftest import ROOT, notebook, text
from standin import PATIENCE, begin, livytest, reply_to, run, standin  # noqa: F401: fixtures among them

PYTHON = pathlib.Path(os.environ["LIVY_KERNEL_TEST_BIN"]).parent.parent / ".cache" / "sparkmagic" / "bin" / "python"
OURS, THEIRS = "livy-standin-pyspark", "sparkmagic"
PROVEN = set()


def row(name):
    """Marks the test of a row by what stands first in it."""
    PROVEN.add(name)
    return lambda test: test


def table():
    """The rows of the comparison: (what, livy-kernel, sparkmagic)."""
    section = re.search(r"^## Beside sparkmagic$(.*?)^## ", (ROOT / "README.md").read_text("utf-8"), re.M | re.S).group(1)
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in section.splitlines() if re.match(r"\| [^|]", line)]


def test_each_row_is_proven(tmp_path):
    assert {what for what, *_ in table()} == PROVEN
    version = re.search(r"\| \| livy-kernel \| sparkmagic (\S+) \|", (ROOT / "README.md").read_text("utf-8")).group(1)
    assert sparkmagic_says(tmp_path, "sparkmagic.__version__").startswith(version + ".")


def sparkmagic_says(home, expression):
    """What an expression is in a sparkmagic that nobody has configured."""
    code = f"import sparkmagic, sparkmagic.utils.configuration as conf; print({expression})"
    env = {"HOME": str(home), "SPARKMAGIC_CONF_DIR": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run([PYTHON, "-c", code], env=env, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def both(standin):
    """The stand-in's user, who has a sparkmagic for the same server too."""
    home, account = standin.user.home, {"username": "", "password": "", "url": standin.server.url, "auth": "None"}
    configure(home, kernel_python_credentials=account)
    spec = home / ".local/share/jupyter/kernels" / THEIRS
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({
        "argv": [str(PYTHON), "-m", "sparkmagic.kernels.pysparkkernel.pysparkkernel", "-f", "{connection_file}"],
        "env": {"SPARKMAGIC_CONF_DIR": str(home)}, "display_name": "sparkmagic", "language": "python"}))
    return standin


def configure(home, **settings):
    file = home / "config.json"
    before = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.write_text(json.dumps({**before, **settings}), "utf-8")


def ask(server, path):
    with urllib.request.urlopen(server.url + path, timeout=PATIENCE) as answer:
        return json.load(answer)


@row("interrupt")
@pytest.mark.parametrize("kernel", [OURS, THEIRS])
def test_interrupt(both, kernel):
    manager, client = both.start(name=kernel)
    run(client, "1")
    session = both.server.sessions()[0]

    def last():
        return ask(both.server, f"/sessions/{session}/statements")["statements"][-1]

    cell = begin(client, "stubborn 15")
    while "stubborn" not in last()["code"] or last()["progress"] < 0.2:  # by then the kernel knows its number
        assert manager.is_alive()
    manager.interrupt_kernel()
    reply, state = reply_to(client, cell), last()["state"]
    assert reply["status"] == "error"
    if kernel == OURS:
        assert state in ("running", "cancelling"), "the cell does not wait for its code"
        assert reply["ename"] == "KeyboardInterrupt" and "has not ended" in reply["evalue"]
    else:
        assert state not in ("running", "cancelling"), "the cell waits until the session is idle"


@row("a failing cell")
def test_a_failing_cell(both):
    book = notebook(both.user.home / "n.ipynb", "raise ValueError no", "1")
    assert both.user.execute(book, OURS, check=False).returncode != 0
    executed = both.user.execute(book, THEIRS)
    assert "ValueError" in text(executed["cells"][0])
    assert "you sent" in text(executed["cells"][1]), "the run goes on"
    configure(both.user.home, all_errors_are_fatal=True)
    assert both.user.execute(book, THEIRS, check=False).returncode != 0


@row("the session of a killed kernel")
def test_the_session_of_a_killed_kernel(both):
    left = {}
    for kernel in (OURS, THEIRS):
        manager, client = both.start(name=kernel)
        before = set(both.server.sessions())
        run(client, "1")
        left[kernel] = (set(both.server.sessions()) - before).pop()
        os.kill(manager.provisioner.process.pid, signal.SIGKILL)
        manager.provisioner.process.wait(PATIENCE)
    silence = {kernel: ask(both.server, f"/sessions/{session}")["heartbeatTimeoutInSecond"] for kernel, session in left.items()}
    assert silence == {OURS: 3600, THEIRS: 60}
    both.user.kernel("sessions", "stop", "--orphans")
    assert both.server.sessions() == [left[THEIRS]]


@row("sign-in")
def test_sign_in(both, tmp_path_factory):
    unconfigured = tmp_path_factory.mktemp("sparkmagic")
    assert sparkmagic_says(unconfigured, "sorted(conf.authenticators())") == "['Basic_Access', 'Kerberos', 'None']\n"
    for way in ("entra", "basic", "bearer"):
        both.user.kernel("install", way, "--endpoint", "https://livy.example.com", "--auth", way, "--username", "u")


@row("Spark on your own machine")
def test_spark_on_your_own_machine(both, tmp_path_factory):
    assert "The first cell sets Spark up" in both.user.kernel("install").stdout  # test_quickstart.py runs there
    unconfigured = tmp_path_factory.mktemp("sparkmagic")
    assert sparkmagic_says(unconfigured, "conf.kernel_python_credentials()['url']") == "http://localhost:8998\n"


@row("Kerberos, `%%local`, widgets")
def test_what_only_sparkmagic_has(both):
    done = both.user.kernel("install", "k", "--endpoint", "https://livy.example.com", "--auth", "kerberos", check=False)
    assert done.returncode != 0 and "kerberos" in done.stderr
    cells = notebook(both.user.home / "n.ipynb", "%%local\nprint(6 * 7)", "1")
    failed = both.user.execute(cells, OURS, check=False)
    assert failed.returncode != 0 and "UnknownMagic" in failed.stderr
    local, remote = both.user.execute(cells, THEIRS)["cells"]
    assert "42" in text(local)
    assert "application/vnd.jupyter.widget-view+json" in str(remote["outputs"])


def measured(heading, *first):
    """The cells of a row of docs/benchmarks.md, below a heading."""
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    below = page[page.index(heading):]
    line = re.search(r"^\| (?:" + "|".join(map(re.escape, first)) + r") \|(.*)\|$", below, re.M).group(1)
    return [float(cell.replace(",", "").split()[0]) if re.search(r"\d", cell) else None for cell in line.split("|")]


@row("a result is seen after its end, cells of 1–5 s")
def test_dead_time():
    for server in ("### scripted 0 ms", "### serve"):
        _, ours, theirs, *_ = measured(server, "1 to 5 s")
        assert ours < 100, "within some hundredths of a second"
        assert 500 <= theirs < 1500, "about a second"


@row("start of the kernel, memory")
def test_start_and_memory():
    _, ours, theirs = next(r for r in table() if r[0].startswith("start of the kernel"))
    for said, kernel in ((ours, "livy-kernel"), (theirs, "sparkmagic")):
        start, unit, memory = re.fullmatch(r"([\d.]+) (ms|s), (\d+) MiB", said).groups()
        milliseconds = float(start) * (1 if unit == "ms" else 1000)
        assert 0.5 < milliseconds / measured("<!-- bench:start -->", kernel)[1] < 2, "a busy machine changes it by that much"
        assert float(memory) == pytest.approx(measured("<!-- bench:weight -->", kernel)[0], rel=0.25)
