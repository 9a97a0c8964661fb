# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A sign-in in the cell: the line that asks is seen in the front-end, and nothing of it stays."""
import json
import re
import sys

import pexpect
import pytest
from playwright.sync_api import expect

from conftest import notebook
from fabric import fabric, sales  # noqa: F401  fixtures
from test_jupyterlab import CELL, lab, page, shot  # noqa: F401  fixtures

ASKS = r"the code \S+ at this link;[^:]*:\s+https://\S+"


@pytest.fixture
def local(sales):
    """Whose JupyterLab it is."""
    return sales


def test_jupyter_console(fabric, sales):
    """The console prints what is shown, and no updates of it."""
    child = pexpect.spawn(sys.executable, ["-m", "jupyter_console", "--kernel", "livy-sales-pyspark", "--simple-prompt"],
                          env={**sales.env, "TERM": "dumb"}, cwd=str(sales.home), encoding="utf-8", timeout=60)
    try:
        child.expect(r"In \[1\]: ")
        child.sendline("1+1")
        child.expect(ASKS)
        fabric.enter(child.after, "")
        child.expect("SignInFailed")
        child.expect("declined")
        child.expect(r"In \[2\]: ")
        child.sendline("1+1")
        child.expect(ASKS)
        fabric.enter(child.after, fabric.app["user"])
        child.expect("Monitoring hub")
        child.expect(r"In \[3\]: ")
        child.sendeof()
        child.expect("really want to exit")
        child.sendline("y")
        child.expect_exact(pexpect.EOF)
    finally:
        child.close(force=True)
    assert sum(r["method"] == "DELETE" for r in fabric.stop()) == 1


def test_doctor_at_a_terminal(fabric, sales):
    """A command that somebody started asks at the terminal."""
    child = pexpect.spawn(sales.binary, ["doctor", "sales"], env={**sales.env, "TERM": "dumb"}, cwd=str(sales.home), encoding="utf-8", timeout=60)
    try:
        child.expect(ASKS)
        fabric.enter(child.after, fabric.app["user"])
        child.expect(r"ok    sign-in   as " + re.escape(fabric.app["user"]))
        child.expect(r"ok    delete")
        child.expect_exact(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0


def test_jupyterlab(fabric, lab, page, tmp_path):
    """The page shows one line with a link and a code; the page and the file show neither when it is done."""
    file = notebook(tmp_path / "lab" / "signin.ipynb", "1+1")  # where the server is
    content = json.loads(file.read_text("utf-8"))
    content["metadata"] = {"kernelspec": {"name": "livy-sales-pyspark", "display_name": "PySpark (sales)", "language": "python"}}
    file.write_text(json.dumps(content), "utf-8")
    page.goto(f"{lab}lab/tree/{file.name}?token=lab&reset")
    cell = page.locator(CELL).first
    expect(page.locator("#jp-bottom-panel")).to_contain_text("PySpark (sales) | Idle")
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    link = cell.locator(".jp-OutputArea a", has_text="Sign in")
    expect(link).to_be_visible()
    shot(page, "jupyterlab-signin")
    expect(link).to_have_attribute("href", fabric.page)
    code = fabric.enter(cell.locator(".jp-OutputArea").inner_text(), fabric.app["user"])
    expect(cell.locator(".jp-InputPrompt")).to_have_text("[1]:")
    shown = cell.locator(".jp-OutputArea")
    expect(shown).to_contain_text("Monitoring hub")
    expect(shown).not_to_contain_text(code)
    expect(shown).not_to_contain_text("Sign in")
    shot(page, "jupyterlab-signed-in")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    page.wait_for_function("document.title && !document.querySelector('.jp-mod-dirty')")
    saved = file.read_text("utf-8")
    assert "Monitoring hub" in saved and code not in saved and "/device" not in saved, saved
    outputs = json.loads(saved)["cells"][0]["outputs"]
    assert all(any("".join(v) for v in o["data"].values()) for o in outputs if "data" in o), outputs
    assert not re.search(r"eyJ|access-", saved)
