# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A user of livy-kernel: a home folder of their own, the binary, a Jupyter."""
import json
import os
import pathlib
import subprocess
import sys

import psutil
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent


class User:
    """Runs commands as somebody who has installed nothing but the binary."""

    def __init__(self, home: pathlib.Path):
        self.home = home
        self.binary = os.environ["LIVY_KERNEL_TEST_BIN"]
        self.env = {
            "HOME": str(home),
            "USERPROFILE": str(home),
            "PATH": os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]]),
            "LANG": "C.UTF-8",
        }
        for name in ("JAVA_HOME", "SSL_CERT_FILE"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def run(self, *argv, check=True, timeout=300, stdin=None, **env):
        done = subprocess.run(
            [str(a) for a in argv], env={**self.env, **env}, cwd=self.home, input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True, text=True, timeout=timeout)
        if check and done.returncode != 0:
            pytest.fail(f"{argv} exited {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def kernel(self, *argv, **kw):
        """livy-kernel ARGV…"""
        return self.run(self.binary, *argv, **kw)

    def execute(self, notebook: pathlib.Path, kernel: str, check=True, **env):
        """jupyter nbconvert --execute; the executed notebook, or the failed run."""
        out = self.home / f"{notebook.stem}.executed.ipynb"
        out.unlink(missing_ok=True)
        done = self.run(sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute",
                        f"--ExecutePreprocessor.kernel_name={kernel}", "--output", out, notebook,
                        check=check, timeout=500, **env)
        if done.returncode != 0:
            return done
        executed = json.loads(out.read_text("utf-8"))
        for cell in executed["cells"]:
            cell["source"] = "".join(cell["source"])
        return executed


def notebook(path: pathlib.Path, *sources, tags=None, kernel=None):
    """Writes a notebook of code cells, of a kernelspec if one is named."""
    cells = [{"cell_type": "code", "id": f"c{i}", "metadata": {"tags": (tags or {}).get(i, [])},
              "execution_count": None, "outputs": [], "source": s} for i, s in enumerate(sources)]
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}} if kernel else {}
    path.write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


def text(cell) -> str:
    """All that a cell shows as text, in order."""
    parts = []
    for out in cell["outputs"]:
        if out["output_type"] == "stream":
            parts.append("".join(out["text"]))
        elif out["output_type"] == "error":
            parts.append(f"{out['ename']}: {out['evalue']}")
        else:
            parts.append("".join(out["data"].get("text/plain", "")))
    return "\n".join(parts)


def drivers(user):
    """The driver processes and JVMs that the user's kernels have started."""
    found = []
    for process in psutil.process_iter():
        try:
            if user.spark in " ".join(process.cmdline()) and process.environ().get("HOME") == str(user.home):
                found.append(process)
        except psutil.Error:
            pass
    return found


@pytest.fixture(scope="session")
def user(tmp_path_factory):
    return User(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def local(user):
    """The user with the kernels of the embedded default, whose Spark the tests share."""
    user.spark = os.environ["LIVY_KERNEL_TEST_SPARK"]
    user.kernel("install", "--spark-dir", user.spark)
    return user


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="write what was shown into the golden files")
