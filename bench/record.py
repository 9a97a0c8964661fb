# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""What the figures have in common: their command line and their results."""
import argparse
import json
import signal
import statistics
import sys
import time

from room import CACHE

RESULTS = CACHE / "bench" / ("quick" if "--quick" in sys.argv else "results")


def quick(description):
    """Reads the command line; whether few repetitions are asked for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))  # so that servers and kernels are ended
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few repetitions: to see that it works, not for its numbers")
    return parser.parse_args().quick


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def save(name, result):
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1))
    say(f"{name}: saved")


def load(name):
    """The result of a figure, or None."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def summary(values):
    """The least, the middle and the 95th percentile of a list."""
    ordered = sorted(values)
    return {"n": len(ordered), "min": round(ordered[0], 3), "median": round(statistics.median(ordered), 3),
            "mean": round(statistics.fmean(ordered), 3), "p95": round(ordered[int(len(ordered) * .95)], 3), "max": round(ordered[-1], 3)}
