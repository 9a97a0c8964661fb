// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import "os"

// trustVariables are read by Go's crypto/x509 itself, where it looks for the
// system's certificate authorities (on Linux and other Unix systems).
var trustVariables = []string{"SSL_CERT_FILE", "SSL_CERT_DIR"}

// DropTrust takes the variables that say whom to trust out of the environment
// of this process, and names those that were there. It works until the first
// TLS connection. Environment.Children still has them, for programs that set
// Spark up.
func DropTrust() (dropped []string, err error) {
	for _, name := range trustVariables {
		if _, ok := os.LookupEnv(name); !ok {
			continue
		}
		if err := os.Unsetenv(name); err != nil {
			return dropped, err
		}
		dropped = append(dropped, name)
	}
	return dropped, nil
}
