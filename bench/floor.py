# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""Livy clients without a kernel: the least and the plainest."""
import http.client
import json
import time
import urllib.parse

from client import Cell


class Bare:
    """One keep-alive connection: POST, then a GET every pause seconds.

    With 5 ms it is the floor of the figures; with 5 s, the loop that the
    documentation of Fabric's Livy API shows.
    """

    def __init__(self, room, pause=0.005):
        self.pause, self.headers = pause, room.headers
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(room.url).netloc)
        self.path = f"/sessions/{self.call('POST', '/sessions', {})['id']}"
        while self.call("GET", self.path)["state"] != "idle":
            time.sleep(0.1)

    def call(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        return json.loads(self.connection.getresponse().read())

    def execute(self, code):
        started, cell = time.perf_counter(), Cell()
        statement = self.call("POST", self.path + "/statements", {"code": code, "kind": "pyspark"})
        while statement["state"] in ("waiting", "running"):
            time.sleep(self.pause)
            statement = self.call("GET", f"{self.path}/statements/{statement['id']}")
        cell.ms, cell.idle_at, cell.status = (time.perf_counter() - started) * 1e3, time.time(), statement["output"]["status"]
        if cell.status != "ok":
            raise RuntimeError(f"{code!r} ended with {statement}")
        return cell

    def close(self):
        self.call("DELETE", self.path)
        self.connection.close()


def ends(room):
    """When each statement of a server ended, in seconds since 1970, by its code."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(room.url).netloc)

    def get(path):
        connection.request("GET", path, headers=room.headers)
        return json.loads(connection.getresponse().read())
    try:
        return {statement["code"].strip(): statement["completed"] / 1e3
                for session in get("/sessions?size=1000")["sessions"]
                for statement in get(f"/sessions/{session['id']}/statements?size=10000")["statements"]}
    finally:
        connection.close()
