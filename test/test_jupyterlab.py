# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""JupyterLab in headless Chromium: Run All, read the page, interrupt, restart."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import expect, sync_playwright

from conftest import ROOT, notebook

SCREENSHOTS = os.environ.get("LIVY_KERNEL_SCREENSHOTS")  # a folder; written when set
CELL = ".jp-Notebook-cell.jp-CodeCell"


@pytest.fixture
def lab(local, tmp_path):
    """A JupyterLab server on a folder with the quickstart; its address."""
    shutil.copy(ROOT / "examples" / "quickstart.ipynb", tmp_path / "quickstart.ipynb")
    notebook(tmp_path / "interrupt.ipynb", "1 + 1", "import time\nfor i in range(600): time.sleep(0.1)", "x")
    meta = tmp_path / "interrupt.ipynb"
    meta.write_text(meta.read_text().replace('"metadata": {}, "nbformat"',
                    '"metadata": {"kernelspec": {"name": "livy-local-pyspark", "display_name": "PySpark (local)",'
                    ' "language": "python"}}, "nbformat"'))
    quiet = tmp_path / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    log = open(tmp_path / "lab.log", "w+", encoding="utf-8")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
         "--IdentityProvider.token=lab", f"--ServerApp.root_dir={tmp_path}", "--allow-root",
         f"--LabApp.user_settings_dir={tmp_path / 'settings'}"],
        env=local.env, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        yield _address(server, pathlib.Path(log.name))
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        log.close()


def _address(server, log: pathlib.Path) -> str:
    """Follows the server's log until it names its address."""
    with log.open(encoding="utf-8") as lines:
        while server.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:\d+/", lines.readline())
            if found:
                return found.group(0)
    pytest.fail("jupyter lab did not start:\n" + log.read_text())


@pytest.fixture
def page():
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=binary, args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"])
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(120_000)
        expect.set_options(timeout=120_000)
        yield page
        browser.close()


def open_notebook(page, address, name):
    page.goto(f"{address}lab/tree/{name}?token=lab&reset")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) " + CELL)
    idle(page)


def idle(page):
    """Waits until the status bar calls the kernel idle. What is run earlier asks for a kernel."""
    expect(page.locator("#jp-bottom-panel")).to_contain_text("PySpark (local) | Idle")


def menu(page, top, item):
    page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{top}$")).click()
    page.locator(".lm-Menu-item", has_text=item).first.click()


def run(page, cell):
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")


def shot(page, name):
    if SCREENSHOTS:
        page.screenshot(path=pathlib.Path(SCREENSHOTS) / f"{name}.png")


def test_quickstart_run_all(lab, page):
    open_notebook(page, lab, "quickstart.ipynb")
    menu(page, "Run", re.compile(r"^Run All Cells"))
    cells = page.locator(CELL)
    last = cells.last
    expect(last.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"), timeout=180_000)
    shown = [cells.nth(i).locator(".jp-OutputArea").inner_text() if cells.nth(i).locator(".jp-OutputArea-output").count()
             else "" for i in range(cells.count())]
    both = "\n".join(shown)
    assert both.count("fare_amount") >= 4, both
    assert page.locator(".jp-RenderedHTMLCommon table").count() >= 1
    assert "AnalysisException" in both or "Error" in both
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator("h2", has_text="SQL shows a table").scroll_into_view_if_needed()
    shot(page, "jupyterlab-quickstart")


def test_interrupt_and_restart(lab, page):
    open_notebook(page, lab, "interrupt.ipynb")
    cells = page.locator(CELL)
    cells.nth(0).click()
    menu(page, "Run", re.compile(r"^Run All Cells"))
    expect(cells.nth(0).locator(".jp-OutputArea-output").last).to_have_text("2", timeout=180_000)
    busy = cells.nth(1).locator(".jp-InputPrompt")
    expect(busy).to_have_text("[*]:")
    menu(page, "Kernel", re.compile("^Interrupt Kernel"))
    expect(cells.nth(1).locator(".jp-OutputArea-output").last).to_contain_text("KeyboardInterrupt")
    shot(page, "jupyterlab-interrupt")
    run(page, cells.nth(0))  # the session is usable at once
    expect(cells.nth(0).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[[2-9]\]:"))

    menu(page, "Kernel", re.compile(r"^Restart Kernel…"))
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    idle(page)
    run(page, cells.nth(0))
    expect(cells.nth(0).locator(".jp-InputPrompt")).to_have_text("[1]:", timeout=180_000)
