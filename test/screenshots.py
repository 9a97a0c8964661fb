# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of the notebook, for the documents and to look at: `make screenshots`.

    screenshots.py FOLDER [beside] [gallery] [export]

beside:  the cells of beside.py on this kernel and on ipykernel with PySpark, each pair in one picture
gallery: examples/gallery.ipynb in JupyterLab, by its headings, in the light and in the dark theme
export:  the gallery as nbconvert's HTML
"""
import base64
import contextlib
import html
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import beside
from conftest import ROOT, User, notebook
from lab import CELL, browser, open_notebook, run_all, serve, use_theme

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
WIDTH = 760


SETTINGS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


def packages():
    """Where the Spark of the tests has its Python packages."""
    return next(pathlib.Path(os.environ["LIVY_KERNEL_TEST_SPARK"]).glob("**/site-packages/pyspark")).parent


@contextlib.contextmanager
def users():
    """A user with this kernel, and the environment in which ipykernel finds PySpark."""
    with tempfile.TemporaryDirectory() as home:
        user = User(pathlib.Path(home))
        user.kernel("install", "--spark-dir", os.environ["LIVY_KERNEL_TEST_SPARK"])
        found = packages()
        python = next(p for p in (found.parents[2] / "bin" / "python", found.parents[1] / "Scripts" / "python.exe") if p.exists())
        yield user, {**user.env, "PYTHONPATH": str(found), "PYSPARK_PYTHON": str(python), "SPARK_LOCAL_IP": "127.0.0.1"}


@contextlib.contextmanager
def executed(chromium, address, name, kernel, width, height):
    """The page of a notebook that has run."""
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(60_000)
    open_notebook(page, address, name, kernel)
    page.keyboard.press("Control+B")  # the side bar, which takes half of the page
    run_all(page)
    page.mouse.click(5, 5)
    yield page
    page.close()


def cells_of(page, name, folder):
    """The pictures of the code cells by theme."""
    folder.mkdir(exist_ok=True)
    page.evaluate("""places => {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
        while (texts.nextNode()) for (const [place, word] of places)
            texts.currentNode.nodeValue = texts.currentNode.nodeValue.replaceAll(place, word)
    }""", [[str(packages()), "site-packages"], [tempfile.gettempdir() + os.sep, ""]])  # where this machine has things
    pictures = {}
    for theme, title in THEMES.items():
        use_theme(page, title)
        for i in range(page.locator(CELL).count()):
            cell = page.locator(CELL).nth(i)
            cell.scroll_into_view_if_needed()
            path = folder / f"{name}-{theme}-{i}.png"
            cell.screenshot(path=path)
            pictures.setdefault(theme, []).append(path)
    return pictures


def picture(path):
    """The cell, of which the most that a reader would look at."""
    data = base64.b64encode(path.read_bytes()).decode()
    return (f'<div style="max-height:720px;overflow:hidden"><img style="width:{WIDTH - 60}px;display:block" src="data:image/png;base64,{data}"></div>')


def together(chromium, left, right, title, theme, path):
    """Puts two pictures into one."""
    dark = theme == "dark"
    page = chromium.new_page(viewport={"width": 2 * WIDTH - 80 if right else WIDTH - 30, "height": 200})
    columns = [("livy-kernel", left)] + ([("ipykernel with PySpark", right)] if right else [])
    page.set_content(
        f'<body style="margin:8px;font:15px sans-serif;background:{"#111" if dark else "#fff"};color:{"#eee" if dark else "#222"}">'
        f'<b>{html.escape(title)}</b><table style="border-spacing:8px"><tr>'
        + "".join(f'<td style="vertical-align:top;border:1px solid #8886"><small style="padding:6px;display:block">{who}</small>{picture(p)}</td>'
                  for who, p in columns) + "</tr></table></body>")
    page.locator("body").screenshot(path=path)
    page.close()


def beside_each_other(out):
    with users() as (user, environment), browser() as chromium:
        folder = user.home / "notebooks"
        folder.mkdir()
        ours = beside.TOPICS
        theirs = [t for t in ours if t[3]]
        for file, sources, kernel in (("here.ipynb", [t[2] for t in ours], "livy-local-pyspark"),
                                      ("there.ipynb", [t[3] for t in theirs], "python3")):
            notebook(folder / file, *sources, tags={i: ["raises-exception"] for i in range(len(sources))}, kernel=kernel)
        with serve(user.env, folder, SETTINGS) as address, \
                executed(chromium, address, "here.ipynb", "PySpark (local)", WIDTH, 2400) as page:
            left = cells_of(page, "here", out / "cells")
        with serve(environment, folder, SETTINGS) as address, \
                executed(chromium, address, "there.ipynb", "Python 3 (ipykernel)", WIDTH, 2400) as page:
            shown = cells_of(page, "there", out / "cells")
            right = {theme: dict(zip([t[0] for t in theirs], shown[theme])) for theme in THEMES}
        for theme in THEMES:
            for (topic, title, *_), shown in zip(ours, left[theme]):
                if title:
                    together(chromium, shown, right[theme].get(topic), title, theme, out / f"beside-{topic}-{theme}.png")


def gallery(out):
    with users() as (user, _), browser() as chromium:
        folder = user.home / "notebooks"
        folder.mkdir()
        (folder / "gallery.ipynb").write_bytes((ROOT / "examples" / "gallery.ipynb").read_bytes())
        with serve(user.env, folder, SETTINGS) as address, \
                executed(chromium, address, "gallery.ipynb", "PySpark (local)", 1100, 760) as page:
            for theme, name in THEMES.items():
                use_theme(page, name)
                headings = page.locator(".jp-MarkdownCell h1, .jp-MarkdownCell h2")
                for i in range(headings.count()):
                    title = headings.nth(i).inner_text().rstrip("¶").strip().lower().replace(" ", "-")
                    headings.nth(i).evaluate("e => e.closest('.jp-Cell').scrollIntoView({block: 'start'})")
                    page.wait_for_timeout(300)  # fonts and pictures settle
                    page.screenshot(path=out / f"gallery-{title}-{theme}.png")


def export(out):
    with users() as (user, _), browser() as chromium:
        executed = user.execute(ROOT / "examples" / "gallery.ipynb", "livy-local-pyspark")
        source = user.home / "exported.ipynb"
        source.write_text(json.dumps(executed), "utf-8")
        subprocess.run([sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", source], env=user.env, check=True)
        page = chromium.new_page(viewport={"width": 1000, "height": 900})
        page.goto(source.with_suffix(".html").as_uri())
        page.screenshot(path=out / "export.png", full_page=True)


def main(folder, *what):
    out = pathlib.Path(folder).resolve()
    out.mkdir(parents=True, exist_ok=True)
    for name, take in {"beside": beside_each_other, "gallery": gallery, "export": export}.items():
        if name in what or not what:
            take(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
