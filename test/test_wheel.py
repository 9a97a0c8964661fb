# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""pip install livy-kernel && livy-kernel install, in a fresh environment, and then the quickstart."""
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import venv

import pytest
import yaml

from conftest import ROOT, User

QUICKSTART = ROOT / "examples" / "quickstart.ipynb"


def wheel_module():
    spec = importlib.util.spec_from_file_location("wheel", ROOT / "packaging" / "wheel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    """The source as it stands, as the release v0.1.0."""
    copy = tmp_path_factory.mktemp("source")
    git = ["git", "-c", "user.name=release", "-c", "user.email=release@example.com", "-c", "init.defaultBranch=main"]
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "a release"], ["tag", "v0.1.0"]):
        subprocess.run([*git, *command], cwd=copy, check=True)
    return copy


def test_pip_install_and_the_quickstart(tagged, tmp_path):
    goos_goarch = subprocess.run(["go", "env", "GOOS", "GOARCH"], check=True, capture_output=True, text=True).stdout.split()
    made = [subprocess.run([sys.executable, tagged / "packaging" / "wheel.py", "--output", tmp_path / str(i), "/".join(goos_goarch)],
                           check=True, capture_output=True, text=True).stdout.strip() for i in range(2)]
    wheel, again = map(pathlib.Path, made)
    assert wheel.read_bytes() == again.read_bytes(), "the same source gives the same bytes"

    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", "--no-index", wheel], check=True)
    shown = subprocess.run([scripts / "python", "-m", "pip", "show", "livy-kernel"], check=True, capture_output=True, text=True).stdout
    assert "Version: 0.1.0\n" in shown

    user = User(tmp_path)
    user.binary = str(scripts / "livy-kernel")
    said = user.kernel("version").stdout
    assert said.startswith("livy-kernel 0.1.0\n") and "with changes" not in said, said
    user.kernel("install", "--spark-dir", os.environ["LIVY_KERNEL_TEST_SPARK"])
    specs = list(tmp_path.rglob("livy-local-pyspark/kernel.json"))
    assert json.loads(specs[0].read_text("utf-8"))["argv"][0] == user.binary
    executed = user.execute(QUICKSTART, "livy-local-pyspark")
    assert any("fare_amount = 60" in c["source"] and c["outputs"] for c in executed["cells"])


@pytest.mark.parametrize("go, python", [
    ("v1.2.3", "1.2.3"),
    ("v0.1.0-rc.2", "0.1.0rc2"),
    ("v0.0.0-20261123211313-2539f5fc9969", "0.0.0.dev20261123211313+2539f5fc9969"),
    ("v0.1.1-0.20261123211313-2539f5fc9969+dirty", "0.1.1.dev20261123211313+2539f5fc9969"),
])
def test_versions(go, python):
    assert wheel_module().python_version(go) == python


@pytest.mark.parametrize("go", ["(devel)", "v1", "v1.2.3-alpha"])
def test_what_is_no_version(go):
    with pytest.raises(SystemExit, match="no version to publish"):
        wheel_module().python_version(go)


def test_every_platform_of_a_release_has_a_wheel():
    release = yaml.safe_load((ROOT / ".goreleaser.yaml").read_text("utf-8"))
    build = release["builds"][0]
    assert set(wheel_module().PLATFORMS) == {f"{goos}/{arch}" for goos in build["goos"] for arch in build["goarch"]}
    assert set(build["goos"]) == {"linux", "darwin", "windows"} and set(build["goarch"]) == {"amd64", "arm64"}


def test_the_program_is_built_in_one_way():
    """By the release, for the wheels and in the container; the test of two builds builds it so too."""
    release = yaml.safe_load((ROOT / ".goreleaser.yaml").read_text("utf-8"))
    build = release["builds"][0]
    assert build["env"] == ["CGO_ENABLED=0"] and "-trimpath" in build["flags"] and build["ldflags"] == ["-s -w"]
    assert release["checksum"]["algorithm"] == "sha256" and release["sboms"] == [{"artifacts": "archive"}]
    for file in ("packaging/wheel.py", "Dockerfile", "cmd/livy-kernel/reproducible_test.go"):
        text = (ROOT / file).read_text("utf-8")
        assert "CGO_ENABLED" in text and "-trimpath" in text and re.search("-ldflags=.?-s -w", text), file
