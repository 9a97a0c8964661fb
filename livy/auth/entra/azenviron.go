// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// azVariables are what az is given of the environment: where its login is kept,
// and how it speaks. Not what names programs, libraries, proxies or certificates:
// whoever wrote a workspace's .env file would get at the login by those.
var azVariables = []string{
	"HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "TEMP", "TMP", "AZURE_CONFIG_DIR", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR",
	"USERPROFILE", "USERNAME", "USERDOMAIN", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT",
}

// azEnviron returns the environment of az; nil is this process's.
func (o Options) azEnviron() []string {
	if o.AzEnviron == nil {
		return nil
	}
	environ := []string{}
	path := []string{filepath.Dir(o.AzPath)}
	for _, entry := range o.AzEnviron {
		name, value, _ := strings.Cut(entry, "=")
		if !slices.Contains(azVariables, strings.ToUpper(name)) {
			continue
		}
		environ = append(environ, entry)
		if strings.EqualFold(name, "SYSTEMROOT") {
			path = append(path, filepath.Join(value, "System32"))
		}
	}
	if runtime.GOOS != "windows" {
		path = append(path, strings.TrimPrefix(systemPath, "PATH="), "/opt/homebrew/bin")
	}
	environ = append(environ, "PATH="+strings.Join(path, string(filepath.ListSeparator)))
	if proxy := o.proxyURL(); proxy != "" {
		environ = append(environ, "HTTPS_PROXY="+proxy)
	}
	return environ
}

// proxyURL returns the proxy for the authority; empty for none.
func (o Options) proxyURL() string {
	if o.Proxy == nil {
		return ""
	}
	req, err := http.NewRequest(http.MethodGet, o.Authority, http.NoBody)
	if err != nil {
		return ""
	}
	if proxy, err := o.Proxy(req); err == nil && proxy != nil {
		return proxy.String()
	}
	return ""
}
