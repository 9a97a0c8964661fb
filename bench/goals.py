# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""What the figures are held to, and how far they are from it."""
import tables


def over_the_floor(result, servers, allowed):
    """The worst of the cells: how much of what is allowed a cell takes more than the floor."""
    shares = []
    for server, round_trip in servers.items():
        for seconds, row in result[server].items():
            if seconds != "1 to 5":  # lengths of their own
                ours, floor = (row[client]["cell"]["median"] for client in ("livy-kernel", "floor"))
                shares.append(((ours - floor) / allowed(floor, round_trip), f"{seconds} s, {server}"))
    return max(shares)


def near(result):
    share, where = over_the_floor(result, {"scripted 0 ms": 0, "serve": 0}, lambda floor, _: 10 + 0.02 * floor)
    return "at most 10 ms + 2 % over the floor, near", f"{share:.2f} of that ({where})", share <= 1


def far(result):
    share, where = over_the_floor(result, {"scripted 20 ms": 20, "scripted 150 ms": 150}, lambda floor, trip: 1.5 * trip + 0.05 * floor)
    return "at most 1.5 round trips + 5 % over the floor, far", f"{share:.2f} of that ({where})", share <= 1


def sparkmagic(result):
    dead = result["serve"]["1 to 5"]
    ratio = dead["sparkmagic"]["dead"]["mean"] / dead["livy-kernel"]["dead"]["mean"]
    return "20 × less dead time than sparkmagic, cells of 1 to 5 s on `serve`", f"{ratio:.0f} ×", ratio >= 20


def requests(server, seconds, most):
    def goal(result):
        row = next(r for r in result["calls"] if r["server"] == server and r["seconds"] == seconds)
        n = row["most"]["requests"]
        return f"at most {most} requests for a cell of {seconds} s, {server}", n, n <= most
    return goal


def refusals(result):
    refused = sum(r["refused"] for r in result["notebooks"])
    return "no 429 with up to 1,000 notebooks", refused, refused == 0


def light(result):
    kernels = result["kernels"]
    return ("less memory than sparkmagic and ipykernel", tables.times(kernels["sparkmagic"]["start"], kernels["livy-kernel"]["start"]) + " less than sparkmagic",
            kernels["livy-kernel"]["after cells"] < kernels["ipykernel"]["start"])


def many(result):
    return f"{result['many']['n']} kernels without a failure", len(result["many"]["failures"]), not result["many"]["failures"]


def headless(result):
    ours, theirs, floor = (result["seconds"][c]["median"] for c in ("livy-kernel", "sparkmagic", "floor"))
    return "a headless run is shorter than with sparkmagic", f"{ours / floor:.2f} of the floor; sparkmagic {theirs / floor:.2f}", ours < theirs


GOALS = [("deadtime", near), ("deadtime", far), ("deadtime", sparkmagic), ("calls", requests("apache", 0, 3)), ("calls", requests("fabric", 0, 3)),
         ("calls", requests("apache", 600, 300)), ("calls", requests("embedded", 600, 300)), ("calls", requests("fabric", 600, 60)), ("calls", refusals), ("weight", light), ("weight", many),
         ("headless", headless)]


def table(results):
    rows = []
    for figure, goal in GOALS:
        if results.get(figure):
            try:
                what, measured, reached = goal(results[figure])
            except (KeyError, StopIteration):
                continue  # a run of few repetitions leaves some cells out
            rows.append([what, measured, "yes" if reached else "**no**"])
    return tables.table(["goal", "measured", "reached"], rows)
