# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""JupyterLab on a folder, and a headless Chromium that looks at it."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

from playwright.sync_api import expect, sync_playwright

CELL = ".jp-Notebook-cell.jp-CodeCell"


@contextlib.contextmanager
def serve(env, folder: pathlib.Path, settings: dict | None = None):
    """Runs JupyterLab on folder; yields its address. settings are those of its extensions, by plugin."""
    home = folder.parent / f"{folder.name}.settings"
    for plugin, values in {
            "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
            **(settings or {})}.items():
        extension, name = plugin.split(":")
        path = home / extension / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), "utf-8")
    with open(folder.parent / f"{folder.name}.log", "w+", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
             "--IdentityProvider.token=lab", f"--ServerApp.root_dir={folder}", "--allow-root",
             f"--LabApp.user_settings_dir={home}", "--LabApp.expose_app_in_browser=True"],
            env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            yield _address(server, pathlib.Path(log.name))
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def _address(server, log: pathlib.Path) -> str:
    """Follows the server's log until it names its address."""
    with log.open(encoding="utf-8") as lines:
        while server.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:\d+/", lines.readline())
            if found:
                return found.group(0)
    raise RuntimeError("jupyter lab did not start:\n" + log.read_text())


@contextlib.contextmanager
def browser():
    """Yields Chromium."""
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    expect.set_options(timeout=120_000)
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=binary, args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"])
        yield chromium
        chromium.close()


def open_notebook(page, address, name, kernel="PySpark (local)"):
    page.goto(f"{address}lab/tree/{name}?token=lab&reset")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) " + CELL)
    idle(page, kernel)


def idle(page, kernel="PySpark (local)"):
    """Waits until the status bar calls the kernel idle. What is run earlier asks for a kernel."""
    expect(page.locator("#jp-bottom-panel")).to_contain_text(f"{kernel} | Idle")


def menu(page, top, item):
    page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{top}$")).click()
    page.locator(".lm-Menu-item", has_text=item).first.click()


def use_theme(page, name):
    page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
    page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")


def run_all(page):
    """Runs the notebook to its end."""
    menu(page, "Run", re.compile(r"^Run All Cells"))
    expect(page.locator(CELL).last.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"), timeout=300_000)
