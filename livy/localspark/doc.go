// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package localspark runs real Spark on this machine behind the engine of
// livy/server: no cluster, no Livy installation.
//
// [Setup] puts Spark, a Python environment and, where the machine has none, a
// Java runtime into a folder. [NewEngine] starts one driver process for each
// session: a Python process with Spark's JVM below it, which runs Python, SQL
// and Scala on one SparkContext.
//
// # The channel
//
// Requests and answers go through two pipes that the driver inherits and passes
// on to nobody, as JSON objects, one a line; see request and answer. What the
// driver and Java write to stdout and stderr is the session's log. When the
// requests end, because Close was called or because this process was killed,
// the driver ends itself, its JVM and what they started.
package localspark
