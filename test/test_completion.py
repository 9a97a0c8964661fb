# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Completion and inspection by what a real Spark session knows, in each
language."""
import time

import jupyter_client
import pytest
from jupyter_client.kernelspec import KernelSpecManager

PATIENCE = 300  # seconds; what takes longer has failed


@pytest.fixture(scope="module")
def client(local):
    """A session that has used each language, and holds a table."""
    manager = jupyter_client.KernelManager(
        kernel_name="livy-local-pyspark", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(local.home / ".local/share/jupyter/kernels")]))
    manager.start_kernel(env=local.env, cwd=str(local.home))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    for code in ("df = spark.range(3).selectExpr('id', 'id * 2.5 as fare_amount', \"'x' as `fare class`\")\ndf.createOrReplaceTempView('trips')",
                 "def fare(distance, *, per_km=2.0):\n    '''What a ride costs.'''\n    return distance * per_km\nrides = {'short': 1, 'long': 2}",
                 "%%sql\nselect 1", "%%spark\nval scalaTrips = spark.range(3)"):
        assert client.execute_interactive(code, timeout=PATIENCE, output_hook=lambda m: None)["content"]["status"] == "ok"
    yield client
    client.stop_channels()
    manager.shutdown_kernel()


def asked(client, request, code, enough, **kw):
    """The reply to a request with the cursor at the bar. A session that is slow
    to answer is not waited for, so it is asked again until the reply is enough."""
    before, after = code.split("|")
    end = time.monotonic() + PATIENCE
    while True:
        reply = getattr(client, request)(before + after, len(before), reply=True, timeout=PATIENCE, **kw)["content"]
        assert reply["status"] == "ok"
        if enough(reply) or time.monotonic() > end:
            return reply


@pytest.mark.parametrize("code, wanted", [
    ("df.fare|", {"fare_amount"}),
    ("df.filter('id > 1').gro|", {"groupBy"}),
    ("df['|", {"id", "fare_amount", "fare class"}),
    ("df.select('🦀', 'fare_|", {"fare_amount"}),
    ("rides['|", {"short", "long"}),
    ("far|", {"fare"}),
    ("spark.createD|", {"createDataFrame"}),
    ("%%sql\nselect * from tri|", {"trips"}),
    ("%%sql\nselect fare_| from trips", {"fare_amount"}),
    ("%%sql\nselect t.| from trips t", {"id", "fare_amount", "`fare class`"}),
    ("%%spark\nscalaTrips.fil|", {"filter"}),
    ("%%spark\nscalaTr|", {"scalaTrips"}),
])
def test_completion_by_the_session(client, code, wanted):
    reply = asked(client, "complete", code, lambda reply: wanted <= set(reply["matches"]))
    assert wanted <= set(reply["matches"]), reply


@pytest.mark.parametrize("code, said", [
    ("fa|re(1)", ["fare(distance, *, per_km=2.0)", "What a ride costs."]),
    ("d|f", ["fare_amount", "decimal", "bigint"]),
    ("df.fil|ter", ["Filters rows"]),
    ("%%sql\nselect * from tri|ps", ["fare_amount", "bigint"]),
    ("%%sql\nselect expl|ode(array(1))", ["explode"]),
    ("%%spark\nscalaTri|ps", ["Dataset"]),
])
def test_inspection_by_the_session(client, code, said):
    def missing(reply):
        return [s for s in said if s not in reply["data"].get("text/plain", "")]
    reply = asked(client, "inspect", code, lambda reply: not missing(reply), detail_level=0)
    assert reply["found"] and not missing(reply), reply
