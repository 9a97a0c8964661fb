# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Words the results of the figures as Markdown."""
from record import load


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows])


def times(a, b):
    """How many times b is in a."""
    return f"{a / b:.1f} ×" if b > 0 else "–"


def number(value):
    """Three digits are enough, and no zero is negative."""
    if value is None:
        return "never"
    value = round(value, 3) + 0.0
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def deadtime(result):
    parts = []
    for server, rows in result.items():
        lines = []
        for seconds, row in rows.items():
            ours, theirs, floor, loop = (row.get(c) for c in ("livy-kernel", "sparkmagic", "floor", "loop of 5 s"))
            lines.append([f"{seconds} s", *(number(c["dead"]["mean"]) if c else "–" for c in (floor, ours, theirs, loop)),
                          times(theirs["dead"]["mean"], ours["dead"]["mean"]), times(theirs["dead"]["mean"], floor["dead"]["mean"]), number(ours["cell"]["median"] - floor["cell"]["median"]),
                          f"{ours['cell']['median'] / floor['cell']['median']:.3f}", ours["cell"]["n"]])
        parts.append(f"### {server}\n\n" + table(
            ["cell", "floor", "livy-kernel", "sparkmagic", "loop of 5 s", "sparkmagic / livy-kernel", "sparkmagic / floor", "cell over the floor, ms",
             "cell / floor", "n"], lines))
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
    parts = table(["what stands around it", "median, ms"], [[label, number(v["median"])] for label, v in result["process parts"].items()])
    first = table(["Run on the first cell to its output, on `serve`", "median, ms", "of the floor", "n"],
                  [[label, number(v["median"]), f"{v['median'] / floor:.2f}", v["n"]] for label, v in result["served"].items()])
    stages = table(["where Spark's start goes", "median, ms"], [[label, number(v["median"])] for label, v in result["stages"].items()])
    return "\n\n".join([process, parts, first, embedded(result["embedded"]), stages])


STATES = {"warm": "warm", "cold": "cold", "ahead": 'warm, `start = "kernel"`, Run after 15 s'}


def embedded(rows):
    """The first cell of the embedded default, beside a script that needs the same Spark."""
    lines = []
    for state, row in rows.items():
        plain = rows["cold" if state == "cold" else "warm"]["plain PySpark"]
        for label, v in row.items():
            lines.append([f"{label}, {STATES[state]}", number(v["output"]["median"]), f"{v['output']['median'] / plain['output']['median']:.2f}",
                          number(v["job"]["median"]), f"{v['job']['median'] / plain['job']['median']:.2f}", v["output"]["n"]])
    return table(["first cell of the embedded Spark", "to its output: median, ms", "of plain PySpark", "first Spark job: median, ms", "of plain PySpark", "n"], lines)


def weight(result):
    ours, output = result["kernels"]["livy-kernel"]["start"], (load("throughput") or {}).get("output", {})
    rows = [[label, number(v["start"]), f"{v['start'] / ours:.1f} ×", f"{number(v['after cells'])} ({v['cells']:,})",
             number(output[label][1]["peak"]) if len(output.get(label, [])) > 1 else "–", v["processor"]["idle"], v["processor"]["waiting"]]
            for label, v in result["kernels"].items()]
    many = result["many"]
    return table(["kernel", "MiB at start", "of livy-kernel", "MiB after (cells)", "MiB at most, 100 MB of output", "idle, ms of CPU a second", "waiting"], rows) + (
        f"\n\nThe binary has {result['binary']:.1f} MiB. {many['n']} kernels at once, each with a session and a cell: {many['seconds']:.1f} s, "
        f"{len(many['failures'])} failures, {many['memory']:,.0f} MiB in all, of which {many['own memory']:,.0f} are not shared ({many['own memory'] / many['n']:.1f} each), start "
        f"{number(many['start']['median'])} ms in the middle and {number(many['start']['max'])} ms at most while all start, "
        f"{many['idle']:.1f} ms of CPU a second for all of them when idle.")


def throughput(result):
    queued = table(["queued cells", "cells a second", "of livy-kernel", "all ended, in order"],
                   [[f"{label}, {r['n']:,}", number(r["per second"]), f"{r['per second'] / result['queued']['livy-kernel'][0]['per second']:.2f}",
                     "yes" if r["in order"] else f"{r['idles']:,} were seen to end"] for label, rows in result["queued"].items() for r in rows])
    ours = {r["bytes"]: r["ms"] for r in result["output"]["livy-kernel"]}
    output = table(["output", "ms", "of livy-kernel", "characters that came", "MiB before", "MiB at most", "MiB after 2 s", "ends with"],
                   [[f"{label}, {r['bytes'] // 10**6} MB", number(r["ms"]), f"{r['ms'] / ours[r['bytes']]:.2f}", f"{r['characters']:,}", number(r["before"]), number(r["peak"]), number(r["after"]),
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


# Of the figure kernel: what a row is called, and whether less is better.
KERNEL = {
    "exec": ("exec to kernel_info_reply, median, ms", True), "least exec": ("least, ms", True),
    "start": ("the same for a front-end of jupyter_client, median, ms", True), "launch": ("of that in its `start_kernel`, ms", True),
    "memory": ("resident memory at start, MiB", True), "first growth": ("more after the first cell, MiB", True),
    "growth": ("more after 1,000 cells, MiB", True),
    "round trip": ("round trip of a trivial cell, median, ms", True), "least round trip": ("least, ms", True),
    "queued": ("cells a second, 500 queued", False), "output": ("10 MB of output to idle, ms", True),
    "interrupt": ("interrupt to idle, median, ms", True), "shutdown": ("shutdown_request to exit, idle, median, ms", True),
    "busy shutdown": ("shutdown_request to exit, a cell runs, ms", True),
}


def kernel(result):
    ours, theirs = result["livy-kernel"], result["ipykernel"]
    rows = []
    for key, (what, less) in KERNEL.items():
        worse, better = (theirs[key], ours[key]) if less else (ours[key], theirs[key])
        rows.append([what, number(ours[key]), number(theirs[key]), "–" if theirs[key] is None else times(worse, better)])
    rows.append(["all in order, nothing lost or left over", *("yes" if side["sound"] else "no" for side in (ours, theirs)), ""])
    return table(["", "livy-kernel", "ipykernel", "better by"], rows)


def hotpaths(result):
    return table(["benchmark", "µs", "bytes", "allocations", "the test fails above"],
                 [[f"`{r['path']}`", number(r["ns"] / 1e3), f"{r['bytes']:,}", r["allocations"], r["at most"]] for r in result])


def demo(result):
    again = result["again"]["whole"]
    return table(["`make demo`", "s", "of the second", "set-up, s", "notebook, s", "of that the session's start, s"],
                 [[label, number(v["whole"]), f"{v['whole'] / again:.1f} ×", *(number(v[part]) for part in ("set-up", "quickstart", "session"))]
                  for label, v in result.items()])


def taken(figures):
    """When and where: one line for all figures of the same binary, machine and day."""
    groups = {}
    for figure, v in figures.items():
        groups.setdefault((v["day"], v["binary"], v["machine"]), []).append(f"{figure} {v['load']:.1f}")
    return "\n".join(f"- Taken on {day} by `{binary}` on {machine}. Load of the machine before each figure: {', '.join(loads)}."
                     for (day, binary, machine), loads in groups.items())
