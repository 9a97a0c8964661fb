# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The instructions of a Dockerfile, carried out in a chroot."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def instructions(stage):
    """The stage's instructions: pairs of word and rest, comments gone and lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.M).replace("\\\n", "")
    found = []
    for line in filter(None, text.split("\n")):
        word, rest = line.split(None, 1)
        if word == "FROM":
            current = rest.split()[-1]
        if current == stage:
            found.append((word, rest))
    return found


class Chroot:
    """A root folder, and what ENV, USER and WORKDIR have said so far. built makes what COPY takes from another stage."""

    def __init__(self, path, built):
        self.path, self.built = path, built
        self.user, self.dir, self.env = "0", "/", {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}

    def command(self, *argv, **env):
        """argv as a process in here is started."""
        home = "/root" if self.user == "0" else "/home/jupyter"
        values = [f"{k}={v}" for k, v in {"HOME": home, **self.env, **env}.items()]
        inside = f"cd {shlex.quote(self.dir)} && exec {shlex.join(argv)}"
        return ["chroot", f"--userspec={self.user}:{self.user}", str(self.path), "/usr/bin/env", "-i", *values, "/bin/sh", "-c", inside]

    def isolated(self, *argv, network=True, **env):
        """The same in a process tree of its own, whose first process is argv."""
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.path}/proc"]
        if network:
            return apart + self.command(*argv, **env)
        return [*apart, "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *self.command(*argv, **env)]

    def carry_out(self, word, rest):
        if word == "ENV":
            self.env.update(pair.split("=", 1) for pair in shlex.split(rest))
        elif word == "USER":
            self.user = rest
        elif word == "WORKDIR":
            self.dir = rest
        elif word == "RUN":
            subprocess.run(self.isolated("/bin/bash", "-o", "pipefail", "-c", rest, **trust(self.path)), check=True)
        elif word == "COPY":
            self.copy(*shlex.split(rest))

    def copy(self, *argv):
        owner = [a.split("=")[1] for a in argv if a.startswith("--chown=")]
        elsewhere = any(a.startswith("--from=") for a in argv)
        *sources, target = [a for a in argv if not a.startswith("--")]
        target = self.path / target.lstrip("/") if not target.endswith("/") else self.path / target.strip("/") / "."
        target.parent.mkdir(parents=True, exist_ok=True)
        for source in sources:
            copied = shutil.copy(self.built() if elsewhere else ROOT / source, target)
            for uid in owner:
                os.chown(copied, *map(int, uid.split(":")))


def trust(root):
    """What a build on this machine needs to reach the network: its authorities."""
    bundle = os.environ.get("SSL_CERT_FILE")
    if not bundle:
        return {}
    shutil.copy(bundle, root / "etc" / "build-ca.pem")
    return dict.fromkeys(("SSL_CERT_FILE", "PIP_CERT"), "/etc/build-ca.pem")
