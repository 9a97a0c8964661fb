// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package hotpath holds no code, only benchmarks of what runs for each message
// and each cell, and a test that bounds their allocations. `make profile` looks
// at where they go.
package hotpath
