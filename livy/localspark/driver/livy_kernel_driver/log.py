# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The session's log, which is stderr as this process got it."""
import contextlib
import os


def log(text):
    with contextlib.suppress(OSError):  # the owner has gone; the channel will say so
        os.write(2, f"{text.rstrip()}\n".encode("utf-8", "backslashreplace"))
