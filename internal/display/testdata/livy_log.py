# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the SparkContext that Livy's interpreter has: its job group,
and the stderr of its JVM, which is the session's log."""
import json
import threading

lines = []
group = None
changed = threading.Condition()


class Err:
    def println(self, line):
        with changed:
            lines.append(line)
            changed.notify_all()


class System:
    err = Err()


class JVM:
    System = System


class Context:
    _jvm = JVM

    def getLocalProperty(self, name):
        return group


def wait(end):
    """Returns when the text in the log ends so."""
    def there():
        return lines and json.loads(lines[-1][lines[-1].index("{"):])["text"].endswith(end)
    with changed:
        assert changed.wait_for(there, 20)
