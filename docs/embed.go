// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package docs carries the page of errors within the binary.
package docs

import _ "embed"

// Troubleshooting is troubleshooting.md.
//
//go:embed troubleshooting.md
var Troubleshooting string
