// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package simulation holds no code, only tests that count the requests of
// notebooks in simulated time: hours of them pass in seconds. With -args -json
// DIR the tests write what they have counted to that folder, as figures for
// docs/benchmarks.md.
package simulation
