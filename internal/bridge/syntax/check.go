// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import (
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Check tells whether code of a language can be run as it stands.
func Check(kind livy.Kind, code string) kernel.Completeness {
	switch kind {
	case livy.KindPySpark:
		return Python(code)
	case livy.KindSpark:
		return Scala(code)
	case livy.KindSQL:
		return SQL(code)
	}
	return kernel.Completeness{Status: "unknown"}
}
