# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Words the results of the figures as Markdown."""


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows])


def times(a, b):
    """How many times b is in a."""
    return f"{a / b:.1f} ×" if b > 0 else "–"


def number(value):
    """Three digits are enough, and no zero is negative."""
    value = round(value, 3) + 0.0
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def deadtime(result):
    parts = []
    for server, rows in result.items():
        lines = []
        for seconds, row in rows.items():
            ours, theirs, floor, loop = (row.get(c) for c in ("livy-kernel", "sparkmagic", "floor", "loop of 5 s"))
            lines.append([f"{seconds} s", *(number(c["dead"]["mean"]) if c else "–" for c in (floor, ours, theirs, loop)),
                          times(theirs["dead"]["mean"], ours["dead"]["mean"]), number(ours["cell"]["median"] - floor["cell"]["median"]),
                          f"{ours['cell']['median'] / floor['cell']['median']:.3f}", ours["cell"]["n"]])
        parts.append(f"### {server}\n\n" + table(
            ["cell", "floor", "livy-kernel", "sparkmagic", "loop of 5 s", "sparkmagic / livy-kernel", "cell over the floor, ms", "cell / floor", "n"], lines))
    return "\n\n".join(parts)


def calls(result):
    counted = table(["cell, counted at the server", *result["counted"]["0"]], [[f"{s} s", *row.values()] for s, row in result["counted"].items()])
    theirs = {s: (n, dead) for s, n, dead in result["sparkmagic"]}
    rows = []
    for r in result["calls"]:
        n, dead = theirs.get(r["seconds"], (None, None))
        rows.append([f"{r['seconds']:g} s, {r['server']}", r["most"]["requests"], r["most"]["log_reads"], number(r["dead_mean_ms"]),
                     number(r["dead_most_ms"]), f"{n:.0f}" if n else "–", number(dead * 1e3) if n else "–"])
    simulated = table(["cell, simulated", "requests, at most", "log reads", "dead time, ms, mean", "at most", "sparkmagic: requests", "dead time, ms"], rows)
    return counted + "\n\n" + simulated


def notebooks(result):
    return table(["notebooks", "minutes", "requests", "most in a minute", "429", "cells", "beside a cell's length, s: median", "95th percentile",
                  "cells of a notebook", "fairness"],
                 [[f"{r['notebooks']:,}", number(r["minutes"]), f"{r['requests']:,}", r["most_per_minute"], r["refused"], f"{r['cells']:,}",
                   number(r["dead_median_s"]), number(r["dead_p95_s"]), f"{r['fewest_cells']}–{r['most_cells']}", f"{r['fairness']:.2f}"]
                  for r in result["notebooks"]])


def start(result):
    ours = result["process"]["livy-kernel"]["median"]
    rows = [[label, number(v["min"]), number(v["median"]), number(v["p95"]), times(v["median"], ours), v["n"]] for label, v in result["process"].items()]
    process = table(["exec to kernel_info_reply", "min, ms", "median, ms", "p95, ms", "of livy-kernel", "n"], rows)
    floor = result["served"]["floor"]["median"]
    first = table(["Run on the first cell to its output", "median, ms", "over the floor", "n"],
                  [[f"on `serve`: {label}", number(v["median"]), f"{v['median'] / floor:.3f}", v["n"]] for label, v in result["served"].items()]
                  + [[f"embedded, {label}", number(v["median"]), "–", v["n"]] for label, v in result["embedded"].items()])
    stages = table(["where Spark's start goes", "median, ms"], [[label, number(v["median"])] for label, v in result["stages"].items()])
    return "\n\n".join([process, first, stages])


def weight(result):
    rows = [[label, number(v["start"]), f"{number(v['after cells'])} ({v['cells']:,})", v["processor"]["idle"], v["processor"]["waiting"]]
            for label, v in result["kernels"].items()]
    many = result["many"]
    return table(["kernel", "MiB at start", "MiB after (cells)", "idle, ms of CPU a second", "waiting"], rows) + (
        f"\n\nThe binary has {result['binary']:.1f} MiB. {many['n']} kernels at once, each with a session and a cell: {many['seconds']:.1f} s, "
        f"{len(many['failures'])} failures, {many['own memory']:,.0f} MiB that are not shared ({many['own memory'] / many['n']:.1f} each), start "
        f"{number(many['start']['median'])} ms in the middle and {number(many['start']['max'])} ms at most while all start, "
        f"{many['idle']:.1f} ms of CPU a second for all of them when idle.")


def throughput(result):
    queued = table(["queued cells", "cells a second", "of livy-kernel", "all ended, in order"],
                   [[f"{label}, {r['n']:,}", number(r["per second"]), f"{r['per second'] / result['queued']['livy-kernel'][0]['per second']:.2f}",
                     "yes" if r["in order"] else f"{r['idles']:,} were seen to end"] for label, rows in result["queued"].items() for r in rows])
    output = table(["output", "ms", "characters that came", "MiB before", "MiB at most", "ends with"],
                   [[f"{label}, {r['bytes'] // 10**6} MB", number(r["ms"]), f"{r['characters']:,}", number(r["before"]), number(r["peak"]),
                     "its last line" if r["end"].startswith("xxx") else r["end"].replace("|", "\\|")] for label, rows in result["output"].items() for r in rows])
    rest = table(["", "livy-kernel", "the other", "ratio"], [
        ["display updates a second (ipykernel)", *compared(result["updates"], "ipykernel", "per second")],
        ["a table of 1,000 × 100, ms (sparkmagic)", *compared(result["table"], "sparkmagic", "median")]])
    return "\n\n".join([queued, output, rest])


def compared(pair, other, key):
    ours, theirs = pair["livy-kernel"][key], pair[other][key]
    return number(ours), number(theirs), f"{ours / theirs:.2f}"


def headless(result):
    floor = result["seconds"]["floor"]["median"]
    return table([f"{result['cells']} cells", "median, s", "of the floor", "n"],
                 [[label, number(v["median"]), f"{v['median'] / floor:.2f}", v["n"]] for label, v in result["seconds"].items()])
