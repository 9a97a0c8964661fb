# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""JupyterLab in headless Chromium: Run All, read the page, interrupt, restart."""
import os
import pathlib
import re
import shutil

import pytest
from playwright.sync_api import expect

from conftest import ROOT, notebook
from lab import CELL, browser, idle, menu, open_notebook, run_all, serve

SCREENSHOTS = os.environ.get("LIVY_KERNEL_SCREENSHOTS")  # a folder; written when set


@pytest.fixture
def lab(local, tmp_path):
    """A JupyterLab server on a folder with the quickstart; its address."""
    folder = tmp_path / "lab"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "quickstart.ipynb", folder / "quickstart.ipynb")
    notebook(folder / "interrupt.ipynb", "1 + 1", "import time\nfor i in range(600): time.sleep(0.1)", "x",
             kernel="livy-local-pyspark")
    with serve(local.env, folder) as address:
        yield address


@pytest.fixture
def page():
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(120_000)
        yield page


def run(page, cell):
    cell.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")


def shot(page, name):
    if SCREENSHOTS:
        page.screenshot(path=pathlib.Path(SCREENSHOTS) / f"{name}.png")


def test_quickstart_run_all(lab, page):
    open_notebook(page, lab, "quickstart.ipynb")
    run_all(page)
    cells = page.locator(CELL)
    shown = [cells.nth(i).locator(".jp-OutputArea").inner_text() if cells.nth(i).locator(".jp-OutputArea-output").count()
             else "" for i in range(cells.count())]
    both = "\n".join(shown)
    assert both.count("fare_amount") >= 4, both
    assert page.locator(".jp-RenderedHTMLCommon table").count() >= 1
    assert "AnalysisException" in both or "Error" in both
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator("h2", has_text="SQL shows a table").evaluate("heading => heading.scrollIntoView({block: 'start'})")
    expect(page.locator(".jp-OutputArea-output table").last).to_be_in_viewport(ratio=1)
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
