# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The driver of one session: Python, SQL and Scala on one SparkContext.

Started by livy-kernel with a pipe on stdin (requests) and one on stdout
(answers), one JSON object a line. The main thread runs the statements, one
after the other; a second thread reads the requests, so that a statement can
be cancelled and code completed while another one runs. When the pipe of the
requests closes, its owner has ended, and so does everything started here.
"""
import json
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from channel import Channel  # noqa: E402

channel = Channel()  # before anything else can write to stdout

from session import Session  # noqa: E402


def main():
    settings = json.loads(channel.read())
    session = Session(settings, channel)
    threading.Thread(target=serve, args=(session,), daemon=True, name="requests").start()
    session.start()
    session.run()


def serve(session):
    """Reads requests until the owner has gone, then ends the process."""
    while line := channel.read():
        request = json.loads(line)
        kind = request["type"]
        if kind == "run":
            session.submit(request)
        elif kind == "cancel":
            session.cancel(request["id"])
        elif kind == "complete":
            session.complete(request)
    session.end()


if __name__ == "__main__":
    main()
