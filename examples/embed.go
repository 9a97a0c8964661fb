// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package examples carries the notebooks of this folder within the binary.
package examples

import _ "embed"

// Quickstart is quickstart.ipynb.
//
//go:embed quickstart.ipynb
var Quickstart []byte
