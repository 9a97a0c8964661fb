// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package toxiproxy holds the tests of faults of the network itself: toxiproxy
// stands between the kernel and a Livy server, both in this process. It is a
// module of its own, so that nothing else has to do with its dependencies.
package toxiproxy
