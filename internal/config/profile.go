// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import "github.com/livy-kernel/livy-kernel/livy"

// EndpointLocal is the endpoint of the embedded default: Spark on this
// machine, served inside the kernel's own process.
const EndpointLocal = "local"

// Profile is one [profiles.NAME] table of the configuration file.
type Profile struct {
	Name     string                    `toml:"-"`
	Endpoint string                    `toml:"endpoint"`           // base URL, or "local"
	Dialect  string                    `toml:"dialect,omitempty"`  // "auto" or a name of the REST dialect
	Auth     string                    `toml:"auth,omitempty"`     // "auto", "none", "basic", "bearer"
	Username string                    `toml:"username,omitempty"` // for basic
	CAFile   string                    `toml:"ca_file,omitempty"`  // PEM bundle beside the system's roots
	Session  livy.CreateSessionRequest `toml:"session,omitempty"`  // body of POST /sessions
	Kernel   Kernel                    `toml:"kernel,omitempty"`
	Spark    Spark                     `toml:"spark,omitempty"`
}

// Kernel holds the settings of our own kernel process.
type Kernel struct {
	// Start is "first-cell" (the default: the session starts with the first
	// cell) or "kernel" (with the kernel).
	Start string `toml:"start,omitempty"`
}

// Spark holds the settings of the embedded default.
type Spark struct {
	// Dir is the folder that Spark and its Python environment are set up in;
	// absolute.
	Dir string `toml:"dir,omitempty"`
}
