// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Resolve returns the profile with nothing left open: "env" is replaced by
// what the environment says, "auto" by what it means here. Only a profile
// whose endpoint is "env" has its server chosen by the environment.
//
// ignored names the variables that are set and have no say.
func (e Environment) Resolve(p Profile) (resolved Profile, ignored []string, err error) {
	trusted := p.Endpoint == EndpointEnv
	if trusted {
		p.Endpoint = strings.TrimSpace(e.Endpoint)
		if p.Endpoint == "" || p.Endpoint == EndpointEnv {
			return p, nil, &Error{Key: "LIVY_KERNEL_ENDPOINT", Problem: "is not set, and profile " + p.Name + " takes its endpoint from there"}
		}
		p.Dialect = or(e.Dialect, p.Dialect)
		p.Auth = or(e.Auth, p.Auth)
		p.Username = or(e.Username, p.Username)
		p.CAFile = or(e.CAFile, p.CAFile)
		p.Proxy = or(p.Proxy, ProxyEnv)
		if (p.Auth == "" || p.Auth == AuthAuto) && !e.Token.Empty() {
			p.Auth = AuthBearer
		}
	} else {
		ignored = e.untrusted()
	}
	p.Dialect = string(p.dialect())
	if p.Auth == "" || p.Auth == AuthAuto {
		switch {
		case p.Username != "":
			p.Auth = AuthBasic
		case p.Dialect == string(livy.DialectFabric):
			p.Auth = AuthEntra
		default:
			p.Auth = AuthNone
		}
	}
	if p.Auth == AuthEntra {
		var unused []string
		p, unused = e.resolveEntra(p, trusted)
		ignored = append(ignored, unused...)
	}
	return p, ignored, p.Check()
}

// untrusted names the variables that are set and say where credentials go or
// whom to trust.
func (e Environment) untrusted() []string {
	var names []string
	for _, v := range []struct{ name, value string }{
		{"LIVY_KERNEL_ENDPOINT", e.Endpoint},
		{"LIVY_KERNEL_DIALECT", e.Dialect},
		{"LIVY_KERNEL_AUTH", e.Auth},
		{"LIVY_KERNEL_USERNAME", e.Username},
		{"LIVY_KERNEL_CA_FILE", e.CAFile},
	} {
		if v.value != "" {
			names = append(names, v.name)
		}
	}
	return names
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
