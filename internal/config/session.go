// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"reflect"

	"github.com/livy-kernel/livy-kernel/livy"
)

// sessionTable is a [profiles.NAME.session] table. Its keys are those of the
// body of POST /sessions, which it converts to and from: the fields must stay
// the same as those of livy.CreateSessionRequest.
type sessionTable struct {
	Kind                     livy.Kind         `toml:"-"`                                 // one session runs every language
	ProxyUser                string            `toml:"proxyUser,omitempty"`               // user to impersonate
	Jars                     []string          `toml:"jars,omitempty"`                    // jars to be used in the session
	PyFiles                  []string          `toml:"pyFiles,omitempty"`                 // Python files to be used
	Files                    []string          `toml:"files,omitempty"`                   // files to be used
	DriverMemory             string            `toml:"driverMemory,omitempty"`            // as in "4g"
	DriverCores              int               `toml:"driverCores,omitzero"`              // of the driver process
	ExecutorMemory           string            `toml:"executorMemory,omitempty"`          // as in "4g", for each executor
	ExecutorCores            int               `toml:"executorCores,omitzero"`            // of each executor
	NumExecutors             int               `toml:"numExecutors,omitzero"`             // how many executors
	Archives                 []string          `toml:"archives,omitempty"`                // archives to be unpacked
	Queue                    string            `toml:"queue,omitempty"`                   // of YARN
	Name                     string            `toml:"name,omitempty"`                    // of the session; a random part follows
	Conf                     map[string]string `toml:"conf,omitempty"`                    // Spark's settings
	Tags                     map[string]string `toml:"tags,omitempty"`                    // of Fabric; shown in its Monitoring hub
	HeartbeatTimeoutInSecond int               `toml:"heartbeatTimeoutInSecond,omitzero"` // seconds until the server reaps a session nobody asks for
	TTL                      string            `toml:"ttl,omitempty"`                     // as in "8h": how long an idle session lives
	IdleTimeout              string            `toml:"idleTimeout,omitempty"`             // as in "1h"
}

// profileTable is a [profiles.NAME] table with all that stands below it.
type profileTable struct {
	Profile
	Session *sessionTable `toml:"session,omitempty"`
}

// fileTable is the whole file.
type fileTable struct {
	Profiles map[string]profileTable `toml:"profiles"`
}

func tableOf(p Profile) profileTable {
	t := profileTable{Profile: p}
	if s := sessionTable(p.Session); !reflect.ValueOf(s).IsZero() {
		t.Session = &s
	}
	return t
}

func (t profileTable) profile(name string) Profile {
	p := t.Profile
	p.Name = name
	if t.Session != nil {
		p.Session = livy.CreateSessionRequest(*t.Session)
	}
	return p
}
