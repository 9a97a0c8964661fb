# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The containers' files, as far as they can be proven without an engine; test/container.py goes further."""
import hashlib
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

from conftest import ROOT

DOCKERFILES = [ROOT / "Dockerfile", ROOT / "packaging" / "livy" / "Dockerfile"]


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_hadolint(file):
    hadolint = pathlib.Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, "--failure-threshold", "info", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_bases_are_pinned_and_nobody_is_root(file):
    text = file.read_text("utf-8")
    images = [image for image in re.findall(r"^FROM (\S+)", text, re.M) if image != "scratch"]
    assert images and all(re.search(r":\d+\.\d+(\.\d+)?-\w+$", image) for image in images), images
    last = text[text.rindex("\nFROM "):]
    assert re.findall(r"^USER (\S+)", last, re.M)[-1] == "1000"
    assert re.search(r'^ENTRYPOINT \["tini", "--"\]', last, re.M) and re.search(r"^HEALTHCHECK ", last, re.M)


def test_what_is_copied_is_there():
    copied = []
    for sources in re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", DOCKERFILES[0].read_text("utf-8"), re.M):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            copied.append(source)
    assert {f"examples/{path.name}" for path in (ROOT / "examples").glob("*.ipynb")} <= set(copied), "each notebook is in its place"


def grouped(digest):
    return re.sub("(.{8})(.{8})", r"\1 \2\n", digest.upper())


@pytest.mark.parametrize("form, fits", [
    ("{name}: \n{upper}\n", True),  # as gpg --print-md has it, which lays it out in groups
    ("{lower}  {name}\n", True),  # as sha512sum has it
    ("{name}: \n{other}\n", False),
    ("", False),
])
def test_the_release_of_livy_is_compared_with_its_sum(form, fits, tmp_path):
    text = (ROOT / "packaging" / "livy" / "Dockerfile").read_text("utf-8")
    compare = re.search(r"&& (sum=.*?) \\\n && unzip", text, re.S).group(1).replace("\\\n", "")
    release = tmp_path / "livy.zip"
    release.write_bytes(b"a release")
    right, wrong = (hashlib.sha512(content).hexdigest() for content in (b"a release", b"another"))
    (tmp_path / "livy.zip.sha512").write_text(
        form.format(name=release.name, upper=grouped(right), lower=right, other=grouped(wrong)), "utf-8")
    done = subprocess.run(["bash", "-o", "pipefail", "-c", compare], cwd=tmp_path, env={"PATH": os.environ["PATH"], "zip": release.name})
    assert (done.returncode == 0) == fits


def test_go_builds_the_image_as_it_builds_the_module():
    version = re.search(r"^go (\S+)$", (ROOT / "go.mod").read_text("utf-8"), re.M).group(1)
    assert f"FROM golang:{version}-" in DOCKERFILES[0].read_text("utf-8")


def test_compose():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    livy, lab = compose["services"]["livy"], compose["services"]["lab"]
    assert (ROOT / livy["build"] / "Dockerfile").exists() and (ROOT / lab["build"] / "Dockerfile").exists()
    assert "ports" not in livy and livy["networks"] == ["inside"] and compose["networks"]["inside"]["internal"], "only the lab reaches it"
    assert lab["ports"] == ["127.0.0.1:8888:8888"] and "http://livy:8998" in " ".join(lab["command"])
    assert lab["depends_on"]["livy"]["condition"] == "service_healthy"
