# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Kernelspecs and language_info, judged by those who read them. The names of the
tests hold the ids of docs/protocol.md."""
import json
import os
import pathlib

import nbconvert
import pygments.lexers
import pytest

from standin import PATIENCE, livytest, standin  # noqa: F401: fixtures among them

KINDS = {"pyspark": "python", "spark": "scala", "sql": "sql"}


@pytest.mark.parametrize("kind", KINDS)
def test_K1_K2_language_info(standin, kind):
    """The lexer and the exporter are there, and the name is the language's own."""
    _, client = standin.start(kind)
    content = client.kernel_info(reply=True, timeout=PATIENCE)["content"]
    info = content["language_info"]
    assert info["name"] == KINDS[kind] and info["version"]
    assert info["file_extension"].startswith(".") and "/" in info["mimetype"]
    lexer = pygments.lexers.get_lexer_by_name(info["pygments_lexer"])
    assert list(lexer.get_tokens("select 1")), lexer
    assert nbconvert.get_exporter(info["nbconvert_exporter"])
    mode = info["codemirror_mode"]
    assert mode["name"] if isinstance(mode, dict) else mode
    assert content["protocol_version"] == "5.5" and content["supported_features"] == [] and not content["debugger"]
    assert content["banner"] and content["implementation_version"]


@pytest.mark.parametrize("kind", KINDS)
def test_K3_K4_K7_K8_kernel_json(standin, kind):
    spec = standin.specs.get_kernel_spec(f"livy-standin-{kind}")
    raw = json.loads((pathlib.Path(spec.resource_dir) / "kernel.json").read_text("utf-8"))
    assert os.path.isabs(spec.argv[0]) and spec.argv[1:3] == ["-f", "{connection_file}"]
    assert (len(spec.argv) == 3) == (kind == "pyspark"), "VS Code mangles the name of a Python kernel with more"
    assert spec.interrupt_mode == "message" and spec.language == KINDS[kind]
    assert not raw.get("metadata", {}).get("debugger") and "supported_encryption" not in raw.get("metadata", {})
    text = json.dumps(raw)
    assert "${" not in text, "clients expand variables"
    assert not any(word in text.lower() for word in ("password", "token", "secret"))


@pytest.mark.parametrize("kind", KINDS)
def test_K6_logos(standin, kind):
    folder = pathlib.Path(standin.specs.get_kernel_spec(f"livy-standin-{kind}").resource_dir)
    for size in (32, 64):
        png = (folder / f"logo-{size}x{size}.png").read_bytes()
        assert png.startswith(b"\x89PNG") and int.from_bytes(png[16:20]) == int.from_bytes(png[20:24]) == size
    assert b"<svg" in (folder / "logo-svg.svg").read_bytes()


def test_K5_folders(standin, tmp_path):
    """The folders that Jupyter looks in; what is there already is replaced whole."""
    user = standin.user
    places = [
        (["--prefix", tmp_path / "p"], {}, tmp_path / "p/share/jupyter/kernels"),
        ([], {"JUPYTER_DATA_DIR": str(tmp_path / "d")}, tmp_path / "d/kernels"),
        ([], {"XDG_DATA_HOME": str(tmp_path / "x")}, tmp_path / "x/jupyter/kernels"),
    ]
    for flags, env, folder in places:
        for _ in range(2):
            user.kernel("install", "elsewhere", "--endpoint", standin.server.url, *flags, **env)
        assert sorted(p.name for p in folder.iterdir()) == [f"livy-elsewhere-{kind}" for kind in sorted(KINDS)]
        for spec in folder.iterdir():
            assert {"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} == {p.name for p in spec.iterdir()}


def test_K1_K3_the_kernel_of_all_languages(standin):
    """VS Code leaves the cells of a kernelspec alone whose language it does not
    know; the language of the cells themselves is Python where they name none."""
    standin.user.kernel("install", "standin", "--kinds", "shared")
    spec = standin.specs.get_kernel_spec("livy-standin-shared")
    assert spec.language == "spark" and spec.interrupt_mode == "message"
    assert spec.argv[1:5] == ["-f", "{connection_file}", "--profile", "standin"]
    _, client = standin.start("shared")
    assert client.kernel_info(reply=True, timeout=PATIENCE)["content"]["language_info"]["name"] == "python"
