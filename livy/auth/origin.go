// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Origin is the scheme, host and port that a token is for.
type Origin struct{ text string }

// ParseOrigin returns the origin of an https URL, or of an http URL of this
// machine.
func ParseOrigin(endpoint string) (Origin, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" {
		return Origin{}, &OriginError{Got: "no URL"}
	}
	o := originOf(u)
	if u.Scheme != "https" && (u.Scheme != "http" || !Loopback(u.Hostname())) {
		return Origin{}, &OriginError{Got: o.text}
	}
	return o, nil
}

// Check reports an *OriginError where u is of another origin.
func (o Origin) Check(u *url.URL) error {
	if got := originOf(u); o.text == "" || got != o {
		return &OriginError{Want: o.text, Got: got.text}
	}
	return nil
}

func (o Origin) String() string { return o.text }

func originOf(u *url.URL) Origin {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	case u.Scheme == "http":
		port = "80"
	}
	return Origin{strings.ToLower(u.Scheme + "://" + net.JoinHostPort(u.Hostname(), port))}
}

// Loopback reports whether host names this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// OriginError refuses to send a credential to where it does not belong. Nothing
// was sent.
type OriginError struct {
	Want string // the only origin that it is sent to
	Got  string
}

func (e *OriginError) Error() string {
	if e.Want == "" {
		return fmt.Sprintf("a token is only sent over https, not to %s", e.Got)
	}
	return fmt.Sprintf("the token is for %s and is not sent to %s", e.Want, e.Got)
}
