# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Draws the charts of docs/benchmarks.md, each as PNG and as SVG."""
import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "livy-kernel"  # the same figures make the same file
from matplotlib import pyplot  # noqa: E402 (after the choice of how to draw)

from room import ROOT  # noqa: E402

IMAGES = ROOT / "docs" / "images"
COLOURS = {"livy-kernel": "#0b6e4f", "sparkmagic": "#c8553d", "ipykernel": "#7a6c9d", "floor": "#8d99ae", "loop of 5 s": "#e0a458"}


def save(figure, name):
    for ax in figure.axes:
        ax.spines[["top", "right"]].set_visible(False)
    figure.savefig(IMAGES / f"bench-{name}.png", dpi=110, metadata={"Software": None})
    figure.savefig(IMAGES / f"bench-{name}.svg", metadata={"Date": None})
    pyplot.close(figure)


def deadtime(result):
    figure, axes = pyplot.subplots(1, len(result), figsize=(3.1 * len(result), 3.6), sharey=True, layout="constrained")
    for ax, (server, rows) in zip(axes, result.items()):
        lengths = [s for s in rows if s != "1 to 5"]
        for client, colour in COLOURS.items():
            if client in rows[lengths[0]]:
                dead = [max(rows[s][client]["dead"]["mean"], 0.1) for s in lengths]
                ax.plot(range(len(lengths)), dead, "o-", color=colour, label=client, linewidth=2 if client == "livy-kernel" else 1.2, markersize=4)
        ax.set(title=server, yscale="log", xlabel="cell, s")
        ax.set_xticks(range(len(lengths)), lengths)
    axes[0].set_ylabel("dead time, ms (mean)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    save(figure, "deadtime")


def calls(result):
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for server, label, colour in (("embedded", "livy-kernel, embedded", "#0b6e4f"), ("apache", "livy-kernel, Apache Livy", "#5aa469"),
                                  ("fabric", "livy-kernel, Fabric", "#3f88c5")):
        rows = [r for r in result["calls"] if r["server"] == server and r["seconds"] > 1]
        left.plot([r["seconds"] for r in rows], [r["most"]["requests"] for r in rows], "o-", color=colour, label=label)
        right.plot([r["seconds"] for r in rows], [max(r["dead_mean_ms"] / 1e3, 1e-3) for r in rows], "o-", color=colour, label=label)
    lengths, requests, dead = zip(*result["sparkmagic"])
    left.plot(lengths, requests, "o-", color=COLOURS["sparkmagic"], label="sparkmagic")
    right.plot(lengths, dead, "o-", color=COLOURS["sparkmagic"], label="sparkmagic")
    left.set(xscale="log", xlabel="cell, s", ylabel="requests, at most")
    right.set(xscale="log", yscale="log", xlabel="cell, s", ylabel="dead time, s (mean; 1 ms at least)")
    left.legend(fontsize=7, frameon=False)
    save(figure, "calls")


def notebooks(result):
    rows = result["notebooks"]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    n = [r["notebooks"] for r in rows]
    left.plot(n, [r["dead_median_s"] for r in rows], "o-", color="#0b6e4f", label="median")
    left.plot(n, [r["dead_p95_s"] for r in rows], "o--", color="#0b6e4f", label="95th percentile")
    left.set(xscale="log", yscale="log", xlabel="notebooks", ylabel="beside the cell's length, s")
    left.legend(fontsize=7, frameon=False)
    right.plot(n, [r["most_per_minute"] for r in rows], "o-", color="#0b6e4f", label="most requests in a minute")
    right.plot(n, [r["refused"] for r in rows], "o-", color="#c8553d", label="refused with 429")
    right.axhline(200, color="#8d99ae", linewidth=1, label="what the server takes")
    right.set(xscale="log", xlabel="notebooks", ylim=(-5, 230))
    right.legend(fontsize=7, frameon=False, loc="center right")
    save(figure, "notebooks")


def bars(name, groups, unit):
    """One panel a group: {title: {label: value}}; unit is one for all, or one for each."""
    figure, axes = pyplot.subplots(1, len(groups), figsize=(max(3.4 * len(groups), 5), 2.6), squeeze=False, layout="constrained")
    units = [unit] * len(groups) if isinstance(unit, str) else unit
    for ax, unit, (title, values) in zip(axes[0], units, groups.items()):
        drawn = ax.barh(list(values), list(values.values()), color=[COLOURS.get(label, "#8d99ae") for label in values])
        ax.bar_label(drawn, fmt="{:,.0f}" if max(values.values()) > 50 else "{:.1f}", padding=3, fontsize=8)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel(unit)
        ax.margins(x=0.2)
        ax.invert_yaxis()
    save(figure, name)


def start(result):
    embedded = {f"{label}, {state}".replace("livy-kernel, ahead", "livy-kernel,\nstarted ahead"): v["output"]["median"]
                for state, row in result["embedded"].items() for label, v in row.items()}
    bars("start", {"exec to kernel_info_reply": {k: v["median"] for k, v in result["process"].items()},
                   "first cell on livy-kernel serve": {k: v["median"] for k, v in result["served"].items()},
                   "first cell, embedded": embedded,
                   "where Spark's start goes": {k.replace(" beside", "\nbeside").replace(", until", ",\nuntil"): v["median"]
                                                for k, v in result["stages"].items()}}, "ms")


def weight(result):
    bars("weight", {"memory at start": {k: v["start"] for k, v in result["kernels"].items()},
                    "memory after many cells": {k: v["after cells"] for k, v in result["kernels"].items()},
                    "processor while a cell runs": {k: v["processor"]["waiting"] for k, v in result["kernels"].items()}}, ["MiB", "MiB", "ms a second"])


def throughput(result):
    bars("throughput", {"queued cells": {k: v[-1]["per second"] for k, v in result["queued"].items()},
                        "display updates": {k: v["per second"] for k, v in result["updates"].items()},
                        "memory at most, 100 MB of output": {k: v[1]["peak"] for k, v in result["output"].items() if len(v) > 1},
                        "a table of 1,000 × 100": {k: v["median"] for k, v in result["table"].items()}}, ["a second", "a second", "MiB", "ms"])


def headless(result):
    bars("headless", {f"{result['cells']} cells by nbconvert": {k: v["median"] for k, v in result["seconds"].items()}}, "s")


def kernel(result):
    bars("kernel", {what: {label: side[key] for label, side in result.items()} for key, what in
                    (("exec", "start"), ("memory", "memory"), ("round trip", "trivial cell"), ("queued", "queued cells"))},
         ["ms", "MiB", "ms", "a second"])


def demo(result):
    bars("demo", {"make demo": {label: v["whole"] for label, v in result.items()}}, "s")
