# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""What the figures are held to, and how far they are from it."""
import tables

NEAR = {"scripted 0 ms": 0, "serve": 0}  # servers: ms of a round trip
FAR = {"scripted 20 ms": 20, "scripted 150 ms": 150}
MEGABYTE = 1e6 / 2**20  # in MiB


def over_the_floor(what, servers, allowed):
    """The worst of the cells: how much of what is allowed a cell takes more than the floor."""
    def goal(result):
        shares = []
        for server, round_trip in servers.items():
            for seconds, row in result[server].items():
                if seconds != "1 to 5":  # lengths of their own
                    ours, floor = (row[client]["cell"]["median"] for client in ("livy-kernel", "floor"))
                    shares.append(((ours - floor) / allowed(floor, round_trip), f"{seconds} s, {server}"))
        share, where = max(shares)
        return what, f"{share:.2f} of that ({where})", share <= 1
    return goal


def sparkmagic(server, round_trip):
    """A network sets a limit to everybody: what the floor reaches to who polls, the answer's way back to who is told at once."""
    def goal(result):
        dead = {client: of["dead"]["mean"] for client, of in result[server]["1 to 5"].items()}
        ratio, polling = (dead["sparkmagic"] / dead[client] for client in ("livy-kernel", "floor"))
        note = ""
        if ratio < 20:
            note = f"; the floor is at {polling:.0f} ×" + (f", the answer's way back alone at {2 * dead['sparkmagic'] / round_trip:.0f} ×" if round_trip else "")
        return f"20 × less dead time than sparkmagic, cells of 1 to 5 s, {server}", f"{ratio:.0f} ×{note}", ratio >= 20
    return goal


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


def rests(result):
    used = result["kernels"]["livy-kernel"]["processor"]
    return "at most 1 % of a processor, idle and while a cell runs", f"{used['idle'] / 10:.2f} % and {used['waiting'] / 10:.2f} %", max(used.values()) <= 10


def many(result):
    return f"{result['many']['n']} kernels without a failure", len(result["many"]["failures"]), not result["many"]["failures"]


def whole(result):
    came = result["output"]["livy-kernel"][0]
    return "10 MB of stdout whole", f"{came['characters']:,} characters", came["characters"] == came["bytes"]


def flat(result):
    _, cut, thrice = result["output"]["livy-kernel"]
    return ("100 MB cut with a sentence, 300 MB take no more memory", f"{thrice['peak'] / cut['peak']:.2f} of the memory",
            thrice["peak"] < 1.1 * cut["peak"] and all("left out" in r["end"] for r in (cut, thrice)))


def queue(result):
    ours = result["queued"]["livy-kernel"]
    sizes, sound = " and ".join(f"{r['n']:,}" for r in ours), all(r["in order"] for r in ours)
    return f"{sizes} queued cells in order, none lost", "all" if sound else "not all", sound


def headless(result):
    ours, theirs, floor = (result["seconds"][c]["median"] for c in ("livy-kernel", "sparkmagic", "floor"))
    return "a headless run is shorter than with sparkmagic", f"{ours / floor:.2f} of the floor; sparkmagic {theirs / floor:.2f}", ours < theirs


def kernel(what, key, most, unit="ms"):
    """A goal of the kernel by itself: at most so much."""
    def goal(result):
        return f"{what}: at most {most:g} {unit}", f"{tables.number(result['livy-kernel'][key])} {unit}", result["livy-kernel"][key] <= most
    return goal


def beside_ipykernel(what, key, times=1.0):
    def goal(result):
        ratio = result["ipykernel"][key] / result["livy-kernel"][key]
        return what, f"{ratio:.1f} × better", ratio >= times
    return goal


def pipelined(result):
    ours = result["livy-kernel"]
    return "at least 1,500 queued cells a second, in order, none lost", f"{ours['queued']:,.0f}", ours["queued"] >= 1500 and ours["sound"]


def memory(what, key, megabytes):
    def goal(result):
        ours = result["livy-kernel"]
        took = (ours[key] if key in ours else ours["growth"] - ours["first growth"]) / MEGABYTE
        return f"{what}: at most {megabytes} MB", f"{took:.1f} MB", took <= megabytes
    return goal


GOALS = {
    "deadtime": [over_the_floor("at most 10 ms + 2 % over the floor, near", NEAR, lambda floor, _: 10 + 0.02 * floor),
                 over_the_floor("at most 1.5 round trips + 5 % over the floor, far", FAR, lambda floor, trip: 1.5 * trip + 0.05 * floor),
                 *(sparkmagic(server, trip) for server, trip in (NEAR | FAR).items())],
    "calls": [requests("apache", 0, 3), requests("embedded", 0, 3), requests("fabric", 0, 3), requests("apache", 600, 300), requests("embedded", 600, 300),
              requests("fabric", 600, 60), refusals],
    "kernel": [kernel("exec to kernel_info_reply", "exec", 15), beside_ipykernel("at least 20 × faster than ipykernel's", "exec", 20),
               beside_ipykernel("the same for a front-end of jupyter_client", "start", 20),
               memory("resident memory at start", "memory", 20), memory("more after 1,000 cells", "growth", 2), memory("of that from the second cell on", "later", 2),
               beside_ipykernel("round trip of a trivial cell below ipykernel's", "round trip"), pipelined,
               beside_ipykernel("10 MB of output no slower than ipykernel's", "output"), kernel("interrupt to idle", "interrupt", 20),
               kernel("shutdown, idle", "shutdown", 20), kernel("shutdown, busy", "busy shutdown", 20)],
    "weight": [light, rests, many],
    "throughput": [queue, whole, flat],
    "headless": [headless],
}


def table(results):
    rows = []
    for figure, goals in GOALS.items():
        for goal in goals if results.get(figure) else []:
            try:
                what, measured, reached = goal(results[figure])
            except (KeyError, StopIteration, ValueError):
                continue  # a run of few repetitions leaves some out
            rows.append([what, measured, "yes" if reached else "**no**"])
    return tables.table(["goal", "measured", "reached"], rows)
