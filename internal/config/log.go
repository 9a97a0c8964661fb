// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"log/slog"
	"strings"
)

// LogTo takes LIVY_KERNEL_LOG apart: the level, warn by default, and the file
// to write to, "" for stderr. In a kernel the file has a say only where the
// profile trusts the environment.
func (e Environment) LogTo() (level slog.Level, file string, err error) {
	name, file, _ := strings.Cut(e.Log, ";")
	level = slog.LevelWarn
	if name == "" {
		return level, file, nil
	}
	if err := level.UnmarshalText([]byte(name)); err != nil {
		return slog.LevelWarn, file, &Error{Key: "LIVY_KERNEL_LOG", Problem: quote(name) + " is no level", Allowed: []string{"debug", "info", "warn", "error"}}
	}
	return level, file, nil
}
