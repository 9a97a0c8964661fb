// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"net/http"
	"net/url"
)

// ProxyEnv has the proxy be what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
const ProxyEnv = "env"

func (p Profile) checkProxy() error {
	if p.Proxy == "" || p.Proxy == ProxyEnv {
		return nil
	}
	u, err := url.Parse(p.Proxy)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
		return p.problem("proxy", "is not the URL of a proxy such as http://proxy:3128", ProxyEnv)
	case u.User != nil:
		return p.problem("proxy", `holds a user name; write "env" and set HTTPS_PROXY where the kernel starts`)
	}
	return nil
}

// ProxyOf returns what tells the proxy of a request; nil for none.
func (p Profile) ProxyOf() func(*http.Request) (*url.URL, error) {
	if p.Proxy == ProxyEnv {
		return http.ProxyFromEnvironment
	}
	if u, err := url.Parse(p.Proxy); err == nil && p.Proxy != "" {
		return http.ProxyURL(u)
	}
	return nil
}

// FindProxy returns the proxy that the environment names for an endpoint: its
// URL, or ProxyEnv where that holds a credential, or "".
func FindProxy(endpoint string) string {
	req, err := http.NewRequest(http.MethodGet, endpoint, http.NoBody) //nolint:noctx // it is not sent
	if err != nil {
		return ""
	}
	u, err := http.ProxyFromEnvironment(req)
	if err != nil || u == nil {
		return ""
	}
	if u.User != nil {
		return ProxyEnv
	}
	return u.String()
}
