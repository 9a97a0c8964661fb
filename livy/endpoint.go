// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

func parseEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(endpoint))
	// What could hold a secret comes first, for the others quote the URL.
	switch {
	case err != nil:
		return nil, errors.New("endpoint is not a URL") //nolint:nilerr // err quotes it
	case u.User != nil, strings.Contains(u.Opaque, "@"):
		return nil, errors.New("endpoint holds a user name; credentials are configured apart from it")
	case u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return nil, errors.New("endpoint has a query or a fragment, which a Livy endpoint never has")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, fmt.Errorf("endpoint %q is not an http or https URL", u)
	}
	u.Path, u.RawPath = withoutSessions(u.Path), withoutSessions(u.RawPath)
	return u, nil
}

// withoutSessions drops the last part of an endpoint as some portals show it.
func withoutSessions(path string) string {
	return strings.TrimRight(strings.TrimSuffix(strings.TrimRight(path, "/"), "/sessions"), "/")
}

// loopback reports whether host names this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
