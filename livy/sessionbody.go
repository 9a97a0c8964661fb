// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

// CreateSessionRequest is the body of POST /sessions. Zero fields are left
// out. Servers refuse fields that their dialect does not have, see
// Dialect.Check.
type CreateSessionRequest struct {
	Kind                     Kind              `json:"kind,omitempty"`
	ProxyUser                string            `json:"proxyUser,omitempty"`
	Jars                     []string          `json:"jars,omitempty"`
	PyFiles                  []string          `json:"pyFiles,omitempty"`
	Files                    []string          `json:"files,omitempty"`
	DriverMemory             string            `json:"driverMemory,omitempty"`
	DriverCores              int               `json:"driverCores,omitempty"`
	ExecutorMemory           string            `json:"executorMemory,omitempty"`
	ExecutorCores            int               `json:"executorCores,omitempty"`
	NumExecutors             int               `json:"numExecutors,omitempty"`
	Archives                 []string          `json:"archives,omitempty"`
	Queue                    string            `json:"queue,omitempty"`
	Name                     string            `json:"name,omitempty"`
	Conf                     map[string]string `json:"conf,omitempty"`
	Tags                     map[string]string `json:"tags,omitempty"`
	HeartbeatTimeoutInSecond int               `json:"heartbeatTimeoutInSecond,omitempty"`
	TTL                      string            `json:"ttl,omitempty"`
	IdleTimeout              string            `json:"idleTimeout,omitempty"`
}
