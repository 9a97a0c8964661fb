# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The Java process below the driver."""
import os
import subprocess
import time


class JVM:
    """Starts Java at once; pyspark is imported only afterwards, beside it."""

    def __init__(self, settings):
        home = os.environ["SPARK_HOME"]
        self._info = os.path.join(settings["scratch"], "gateway")
        windows = os.name == "nt"
        program = os.path.join(home, "bin", "spark-submit" + (".cmd" if windows else ""))
        # stdin is a pipe: at its end, which is the end of this process, Java
        # ends itself.
        self.process = subprocess.Popen(
            [program, *settings["submit"], "pyspark-shell"], stdin=subprocess.PIPE,
            env={**os.environ, "_PYSPARK_DRIVER_CONN_INFO_PATH": self._info})

    def connect(self):
        """Returns the py4j gateway, which asks for a random secret that Java
        made and wrote into a file of this user."""
        from pyspark.java_gateway import launch_gateway
        from pyspark.serializers import UTF8Deserializer, read_int
        while not os.path.exists(self._info):
            if self.process.poll() is not None:
                raise JavaEnded
            time.sleep(0.02)
        with open(self._info, "rb") as info:
            found = {"PYSPARK_GATEWAY_PORT": str(read_int(info)), "PYSPARK_GATEWAY_SECRET": UTF8Deserializer().loads(info)}
        os.remove(self._info)
        os.environ.update(found)
        try:
            return launch_gateway()
        finally:
            for name in found:  # children of cells have no business with it
                del os.environ[name]


def end_tree(process):
    """Kills Java and waits for it. On Windows it is a child of a script."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/f", "/t", "/pid", str(process.pid)], check=False, capture_output=True)
    process.kill()
    process.wait()


class JavaEnded(Exception):
    """Java ended before Spark was up, and has told stderr why."""


def scala_list(gateway, values):
    found = gateway.jvm.java.util.ArrayList()
    for value in values:
        found.append(value)
    return gateway.jvm.scala.collection.JavaConverters.asScalaBufferConverter(found).asScala().toList()


def python_list(gateway, sequence):
    return list(gateway.jvm.scala.collection.JavaConverters.seqAsJavaListConverter(sequence).asJava())
