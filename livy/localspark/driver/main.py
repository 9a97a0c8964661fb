# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""Starts the driver: main.py REQUESTS ANSWERS, two file descriptors.

The package beside this file is found because Python puts the folder of a
script first in sys.path; the driver takes that entry back before users' code
runs, so that only the one long name of the package is not theirs.
"""
import sys

from livy_kernel_driver.channel import Channel

channel = Channel(int(sys.argv[1]), int(sys.argv[2]))  # before anything else can write there

from livy_kernel_driver.session import serve  # noqa: E402

serve(channel)
