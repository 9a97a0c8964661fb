// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"testing"
)

func TestOrigin(t *testing.T) {
	o, err := ParseOrigin("https://API.Fabric.Example/v1/livyApi?x=y")
	if err != nil || o.String() != "https://api.fabric.example:443" {
		t.Fatalf("origin is %q, %v", o, err)
	}
	for link, same := range map[string]bool{
		"https://api.fabric.example":            true,
		"https://api.fabric.example:443/a":      true,
		"https://API.FABRIC.EXAMPLE/":           true,
		"https://api.fabric.example:444":        false,
		"http://api.fabric.example:443":         false,
		"https://api.fabric.example.":           false,
		"https://fabric.example":                false,
		"https://api.fabric.example@evil.test/": false,
		"//api.fabric.example":                  false,
	} {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Check(u); (err == nil) != same {
			t.Errorf("%s: %v", link, err)
		}
		var none *OriginError
		if err := (Origin{}).Check(u); !errors.As(err, &none) {
			t.Errorf("no origin allows %s", link)
		}
	}
}

func TestSignInErrorText(t *testing.T) {
	for want, e := range map[string]*SignInError{
		"sign-in failed: no (AADSTS65001, correlation id c)": {Code: "AADSTS65001", Meaning: "no", CorrelationID: "c"},
		"sign-in failed: no (access_denied)":                 {Code: "access_denied", Meaning: "no"},
		"sign-in failed: no":                                 {Meaning: "no"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("text is %q, want %q", got, want)
		}
	}
}

func TestTemporary(t *testing.T) {
	refused := &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
	cases := []struct {
		phase string
		err   error
		want  bool
	}{
		{"DNS", &net.DNSError{}, true},
		{"TCP", &net.OpError{Op: "dial"}, true},
		{"proxy", &net.OpError{Op: "proxyconnect"}, false},
		{"TLS", refused, false},
		{"TLS", io.EOF, true},
		{"TLS", &net.OpError{Op: "read"}, true},
		{"TLS", &net.OpError{Op: "remote error"}, false},
		{"time-out", context.DeadlineExceeded, true},
	}
	for _, c := range cases {
		if got := (&UnreachableError{Phase: c.phase, Err: c.err}).Temporary(); got != c.want {
			t.Errorf("%s, %v: temporary is %v", c.phase, c.err, got)
		}
	}
}

type nobody struct{}

func (nobody) Prompt(context.Context, Prompt) func() { return func() {} }

func TestPrompter(t *testing.T) {
	if PrompterFrom(t.Context()) != nil || PrompterFrom(WithPrompter(t.Context(), nobody{})) != (nobody{}) {
		t.Error("the context does not carry the prompter")
	}
}
