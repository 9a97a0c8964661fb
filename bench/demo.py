# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""The demo: `make demo` in a clean clone and a fresh home, where Go's modules,
Spark and Jupyter have to come over the network, and once more."""
import contextlib
import pathlib
import re
import subprocess
import tempfile
import time

from record import quick, save, say
from room import ROOT, outside

# Of the demo's own lines: what it took for what.
PARTS = {"set-up": r"^ +ready after ([\d.]+) s", "quickstart": r"^== Done in ([\d.]+) s", "session": r"session \S+ is ready \(([\d.]+) s\)"}


def demo(folder, env):
    """Seconds of a run, and of its parts."""
    began = time.perf_counter()
    done = subprocess.run(["make", "demo"], cwd=folder, env=env, capture_output=True, text=True, timeout=900, check=False)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    found = {part: re.search(pattern, done.stdout, re.M) for part, pattern in PARTS.items()}
    return {"whole": seconds, **{part: float(match[1]) for part, match in found.items() if match}}


def environment(**changed):
    """That of somebody at a terminal, outside of any make."""
    return {k: v for k, v in outside().items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")} | changed


@contextlib.contextmanager
def clone():
    """A clean clone and the environment of somebody who has never built it."""
    env_file, flags = subprocess.run(["go", "env", "GOENV", "GOFLAGS"], capture_output=True, text=True, check=True).stdout.splitlines()
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        folder = pathlib.Path(home, "clone")
        subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
        env = environment(HOME=home, GOENV=env_file, GOFLAGS=f"{flags} -modcacherw".strip())  # so that it can be removed
        yield folder, {k: v for k, v in env.items() if k not in ("GOPATH", "GOCACHE", "GOMODCACHE")}


def main():
    if quick(__doc__):
        say("demo: here")
        result = {"again": demo(ROOT, environment())}
    else:
        with clone() as (folder, env):
            say("demo: a clean clone")
            result = {"clean clone, fresh home": demo(folder, env)}
            say("demo: again")
            result["again"] = demo(folder, env)
    save("demo", result)


if __name__ == "__main__":
    main()
