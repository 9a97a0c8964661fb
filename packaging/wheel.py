#!/usr/bin/env python3
# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Builds Python wheels that carry the binary, one for each platform.

A wheel is a zip with a list of its files: it needs no packages to be made, and
the same source gives the same bytes. The version is what Go reads from the
tag, so that `pip show` and `livy-kernel version` say the same.
"""
import argparse
import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What pip calls the platforms that Go builds for. The binaries are static, so
# any Linux does; macOS 12 is the oldest that Go supports.
PLATFORMS = {
    "linux/amd64": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "linux/arm64": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "darwin/amd64": "macosx_12_0_x86_64",
    "darwin/arm64": "macosx_12_0_arm64",
    "windows/amd64": "win_amd64",
    "windows/arm64": "win_arm64",
}

METADATA = """\
Metadata-Version: 2.4
Name: livy-kernel
Version: {version}
Summary: A Jupyter kernel for Spark, through the Livy REST API or on this machine
License-Expression: Apache-2.0
License-File: LICENSE
Keywords: jupyter,kernel,spark,pyspark,livy,fabric
Classifier: Framework :: Jupyter
Classifier: Intended Audience :: Science/Research
Classifier: Operating System :: MacOS
Classifier: Operating System :: Microsoft :: Windows
Classifier: Operating System :: POSIX :: Linux
Description-Content-Type: text/markdown

    $ pip install livy-kernel
    $ livy-kernel install

gives JupyterLab, VS Code and nbconvert the kernels PySpark, Spark Scala and Spark SQL. They run on Spark on this
machine, which the first cell sets up, or on any Apache Livy and Microsoft Fabric: `livy-kernel install --help`.
"""


def build(target: str, binary: pathlib.Path) -> str:
    """Builds the program for a platform; the version that Go gave it."""
    goos, goarch = target.split("/")
    subprocess.run(
        ["go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", binary, "./cmd/livy-kernel"],
        cwd=ROOT, check=True, env={**os.environ, "GOOS": goos, "GOARCH": goarch, "CGO_ENABLED": "0"})
    said = subprocess.run(["go", "version", "-m", binary], check=True, capture_output=True, text=True).stdout
    return python_version(re.search(r"^\tmod\t\S+\t(\S+)", said, re.M).group(1))


def python_version(version: str) -> str:
    """A version of Go's as Python writes it: v1.2.3, v1.2.3-rc.1 and what stands for a commit without a tag."""
    if release := re.fullmatch(r"v(\d+\.\d+\.\d+)(?:-(a|b|rc)\.?(\d+))?", version):
        return "".join(part or "" for part in release.groups())
    if commit := re.match(r"v(\d+\.\d+\.\d+)-(?:\w+\.)*?(\d{14})-([0-9a-f]{12})", version):
        return "{}.dev{}+{}".format(*commit.groups())
    raise SystemExit(f"{version} is no version to publish: commit, and tag vMAJOR.MINOR.PATCH")


def write(folder: pathlib.Path, target: str, version: str, program: bytes) -> pathlib.Path:
    """Writes the wheel of one platform."""
    tags = [f"py3-none-{platform}" for platform in PLATFORMS[target].split(".")]
    info = f"livy_kernel-{version}.dist-info"
    name = "livy-kernel.exe" if target.startswith("windows/") else "livy-kernel"
    files = {
        f"livy_kernel-{version}.data/scripts/{name}": program,
        f"{info}/licenses/LICENSE": (ROOT / "LICENSE").read_bytes(),
        f"{info}/METADATA": METADATA.format(version=version).encode(),
        f"{info}/WHEEL": "\n".join(
            ["Wheel-Version: 1.0", "Generator: livy-kernel", "Root-Is-Purelib: false", *(f"Tag: {t}" for t in tags), ""]).encode(),
    }
    record = [f"{path},sha256={digest(content)},{len(content)}" for path, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"livy_kernel-{version}-py3-none-{PLATFORMS[target]}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path)  # of 1980, as the same source is to give the same bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whose mode follows
            entry.external_attr = (0o100755 if content is program else 0o100644) << 16
            archive.writestr(entry, content)
    return wheel


def digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "dist")
    parser.add_argument("targets", nargs="*", metavar="OS/ARCH", help=f"of {', '.join(PLATFORMS)}; all without one")
    options = parser.parse_args(argv)
    for target in options.targets or PLATFORMS:
        if target not in PLATFORMS:
            parser.error(f"{target} is not one of {', '.join(PLATFORMS)}")
        with tempfile.TemporaryDirectory() as folder:
            binary = pathlib.Path(folder) / "livy-kernel"
            version = build(target, binary)
            print(write(options.output, target, version, binary.read_bytes()))


if __name__ == "__main__":
    main(sys.argv[1:])
