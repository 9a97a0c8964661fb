# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0

"""The Java process below the driver."""
import os
import shlex


def launch(settings):
    """Starts the JVM and returns the py4j gateway to it, which asks for a
    random secret that py4j makes by itself."""
    from pyspark import SparkConf
    from pyspark.java_gateway import launch_gateway
    conf = SparkConf(loadDefaults=False)
    for key, value in settings["conf"].items():
        conf.set(key, value)
    os.environ["PYSPARK_SUBMIT_ARGS"] = shlex.join(settings["submit"] + ["pyspark-shell"])
    return launch_gateway(conf=conf)


def java_list(gateway, values):
    found = gateway.jvm.java.util.ArrayList()
    for value in values:
        found.append(value)
    return found


def scala_list(gateway, values):
    buffer = gateway.jvm.scala.collection.JavaConverters.asScalaBufferConverter(java_list(gateway, values)).asScala()
    return buffer.toList()


def python_list(gateway, sequence):
    return list(gateway.jvm.scala.collection.JavaConverters.seqAsJavaListConverter(sequence).asJava())
