// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// Environment is what the process was given in its environment. That of a
// kernel is not trusted: VS Code merges the .env file of a workspace into it,
// and whoever wrote that must not choose where a password goes. Therefore
// credentials are always taken from it, and the server only by Resolve, when
// the profile allows it.
type Environment struct {
	Password auth.Secret // LIVY_KERNEL_PASSWORD, for basic
	Token    auth.Secret // LIVY_KERNEL_TOKEN, for bearer

	Endpoint string // LIVY_KERNEL_ENDPOINT, as the key endpoint
	Dialect  string // LIVY_KERNEL_DIALECT, as the key dialect
	Auth     string // LIVY_KERNEL_AUTH, as the key auth; "bearer" where it is not set and LIVY_KERNEL_TOKEN is
	Username string // LIVY_KERNEL_USERNAME, as the key username
	CAFile   string // LIVY_KERNEL_CA_FILE, as the key ca_file

	AzureTenantID           string      // AZURE_TENANT_ID, the directory where the profile has no tenant
	AzureClientID           string      // AZURE_CLIENT_ID, the application where the profile has no client_id
	AzureClientSecret       auth.Secret // AZURE_CLIENT_SECRET, for client-secret
	AzureCertificatePath    string      // AZURE_CLIENT_CERTIFICATE_PATH, a PEM file with certificate and key, for certificate
	AzureFederatedTokenFile string      // AZURE_FEDERATED_TOKEN_FILE, for workload-identity
	AzureAuthorityHost      string      // AZURE_AUTHORITY_HOST, one of Microsoft's clouds, where the profile has no authority

	ConfigFile string // LIVY_KERNEL_CONFIG, the configuration file, absolute
	Profile    string // LIVY_KERNEL_PROFILE, the kernel's profile
	Kind       string // LIVY_KERNEL_KIND, the language of the kernel's cells
	Log        string // LIVY_KERNEL_LOG, a level, or a level and a file, as in "debug;/var/log/livy-kernel.log". A kernel writes to a file only where the profile says endpoint = "env"

	ParentPID   int    // JPY_PARENT_PID, the process that the kernel ends with; 0 for none
	SessionName string // JPY_SESSION_NAME, the notebook as Jupyter Server names it

	all []string
}

// FromEnviron takes what os.Environ returns. Where a variable is there twice
// the last one counts.
func FromEnviron(environ []string) Environment {
	e := Environment{all: slices.Clone(environ)}
	e.Password = auth.NewSecret(e.Lookup("LIVY_KERNEL_PASSWORD"))
	e.Token = auth.NewSecret(e.Lookup("LIVY_KERNEL_TOKEN"))
	e.Endpoint = e.Lookup("LIVY_KERNEL_ENDPOINT")
	e.Dialect = e.Lookup("LIVY_KERNEL_DIALECT")
	e.Auth = e.Lookup("LIVY_KERNEL_AUTH")
	e.Username = e.Lookup("LIVY_KERNEL_USERNAME")
	e.CAFile = e.Lookup("LIVY_KERNEL_CA_FILE")
	e.AzureTenantID = e.Lookup("AZURE_TENANT_ID")
	e.AzureClientID = e.Lookup("AZURE_CLIENT_ID")
	e.AzureClientSecret = auth.NewSecret(e.Lookup("AZURE_CLIENT_SECRET"))
	e.AzureCertificatePath = e.Lookup("AZURE_CLIENT_CERTIFICATE_PATH")
	e.AzureFederatedTokenFile = e.Lookup("AZURE_FEDERATED_TOKEN_FILE")
	e.AzureAuthorityHost = e.Lookup("AZURE_AUTHORITY_HOST")
	e.ConfigFile = e.Lookup("LIVY_KERNEL_CONFIG")
	e.Profile = e.Lookup("LIVY_KERNEL_PROFILE")
	e.Kind = e.Lookup("LIVY_KERNEL_KIND")
	e.Log = e.Lookup("LIVY_KERNEL_LOG")
	e.SessionName = e.Lookup("JPY_SESSION_NAME")
	if pid, err := strconv.Atoi(e.Lookup("JPY_PARENT_PID")); err == nil && pid > 0 {
		e.ParentPID = pid
	}
	return e
}

// String keeps the environment, which holds credentials, from being printed.
func (Environment) String() string { return "environment" }

// GoString does the same for the verb %#v.
func (Environment) GoString() string { return "environment" }

// Lookup returns the variable called name, or "". Windows knows no case.
func (e Environment) Lookup(name string) string {
	for _, entry := range slices.Backward(e.all) {
		key, value, _ := strings.Cut(entry, "=")
		if key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// Display reports whether a browser can be expected to show where this process
// runs, as runtime.GOOS names the system.
func (e Environment) Display(goos string) bool {
	if e.Lookup("SSH_CONNECTION") != "" || e.Lookup("SSH_TTY") != "" {
		return false
	}
	return goos == "windows" || goos == "darwin" || e.Lookup("DISPLAY") != "" || e.Lookup("WAYLAND_DISPLAY") != ""
}

// Children returns the environment for child processes: all of it but our own
// variables, which would hand credentials to the user's code.
func (e Environment) Children() []string {
	return slices.DeleteFunc(slices.Clone(e.all), func(entry string) bool {
		return strings.HasPrefix(strings.ToUpper(entry), "LIVY_KERNEL_")
	})
}
