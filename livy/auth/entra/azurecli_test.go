// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// az writes a program that stands in for the Azure CLI.
func az(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		return writeFile(t, "az.cmd", "@echo off\r\nsh -c '"+script+"'\r\n", 0o700)
	}
	return writeFile(t, "az", "#!/bin/sh\n"+script+"\n", 0o700)
}

const azToken = `{"accessToken": "eyJ.canary.az", "expiresOn": "2026-01-01 00:00:00.000000", "expires_on": %d, "subscription": "s", "tenant": "t", "tokenType": "Bearer"}`

func azAnswer(life time.Duration) string { return fmt.Sprintf(azToken, time.Now().Add(life).Unix()) }

func TestAzureCLI(t *testing.T) {
	called := writeFile(t, "called", "", 0o600)
	o := Options{Origin: origin, Tenant: "contoso.example", Flow: FlowAzureCLI}
	o.AzPath = az(t, `echo "$0 $@" >> `+called+"\ncat <<'E'\n"+azAnswer(time.Hour)+"\nE")
	s := newSource(t, o)
	for range 2 {
		if got, err := header(t.Context(), s); err != nil || got != "Bearer eyJ.canary.az" {
			t.Fatalf("header is %q, %v", got, err)
		}
	}
	aged(s)
	var refused *auth.SignInError
	if err := s.Unauthorized(t.Context(), nil); !errors.As(err, &refused) || !strings.Contains(err.Error(), "azure-cli") {
		t.Errorf("az gives the refused token again: %v", err)
	}
	lines, err := os.ReadFile(called)
	want := o.AzPath + " account get-access-token --output json --scope " + FabricResource + "/.default --tenant contoso.example\n"
	if err != nil || string(lines) != want+want {
		t.Errorf("az was called: %s", lines)
	}
}

func TestAzureCLIRefuses(t *testing.T) {
	cases := []struct {
		name, script string
		want         string
	}{
		{"nobody is signed in", `echo "Please run 'az login' to setup account." >&2; exit 1`, "run az login"},
		{"a code", `echo "AADSTS50076: canary. Correlation ID: ` + authtest.CorrelationID + `" >&2; exit 1`, "AADSTS50076, correlation id " + authtest.CorrelationID},
		{"something else", `echo canary >&2; exit 1`, "az gave no token"},
		{"no JSON", `echo canary`, "no JSON"},
		{"no token", `echo "{}"`, "no time"},
		{"an old token", "cat <<'E'\n" + azAnswer(-time.Hour) + "\nE", "ended already"},
		{"a token for ever", "cat <<'E'\n" + azAnswer(10000*time.Hour) + "\nE", "never ends"},
		{"no end", "i=0; while [ $i -lt 3000 ]; do echo canarycanarycanarycanarycanarycanarycanary; i=$((i+1)); done", "no JSON"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, Options{Profile: "sales", Origin: origin, Flow: FlowAzureCLI, AzPath: az(t, c.script)})
			_, err := header(t.Context(), s)
			var required *auth.RequiredError
			var refused *auth.SignInError
			if !errors.As(err, &required) && !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("error is %v", err)
			}
		})
	}
	_, err := header(t.Context(), newSource(t, Options{Origin: origin, Flow: FlowAzureCLI, AzPath: writeFile(t, "az", "", 0o600)}))
	var wrong *OptionError
	if !errors.As(err, &wrong) || wrong.Option != "azure_cli" {
		t.Errorf("an az that is no program: %v", err)
	}
}

// TestAutoGoesOn: without an account and without an az login, the person is
// asked after all; and without a person, the reason is named.
func TestAutoGoesOn(t *testing.T) {
	a := newAuthority(t, authtest.InProcess())
	for name, path := range map[string]string{
		"no login": az(t, `echo "Please run 'az login' to setup account." >&2; exit 1`),
		"no az":    writeFile(t, "az", "", 0o600),
	} {
		t.Run(name, func(t *testing.T) {
			o := options(a, FlowAuto)
			o.AllowAzureCLI, o.AzPath = true, path
			s := newSource(t, o)
			var required *auth.RequiredError
			if _, err := header(t.Context(), s); !errors.As(err, &required) || !strings.Contains(err.Error(), "livy-kernel login sales") || strings.Count(err.Error(), "profile sales") != 1 {
				t.Errorf("without a person: %v", err)
			}
			p := &authtest.Person{Authority: a, User: ann}
			good(t, asked(t, p), s, a)
			if len(p.Prompts()) != 1 || len(p.Errors()) != 0 {
				t.Errorf("prompts: %v, %v", p.Prompts(), p.Errors())
			}
		})
	}
	o := options(a, FlowAuto)
	o.AllowAzureCLI, o.AzPath = true, az(t, "cat <<'E'\n"+azAnswer(time.Hour)+"\nE")
	if got, err := header(t.Context(), newSource(t, o)); err != nil || got != "Bearer eyJ.canary.az" {
		t.Errorf("with an az login: %q, %v", got, err)
	}
}

// TestRow79AzEnvironment: az gets no program, library, proxy or certificate
// that the environment names.
func TestRow79AzEnvironment(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // where az is no script of sh
	}
	seen := writeFile(t, "seen", "", 0o600)
	o := Options{Origin: origin, Flow: FlowAzureCLI}
	o.AzPath = az(t, "/usr/bin/env > "+seen+"\ncat <<'E'\n"+azAnswer(time.Hour)+"\nE")
	o.AzEnviron = []string{
		"HOME=/home/ann", "PATH=/evil", "PYTHONPATH=/evil", "BASH_ENV=/evil", "LD_PRELOAD=/evil", "HTTPS_PROXY=http://evil", "https_proxy=http://evil",
		"REQUESTS_CA_BUNDLE=/evil", "SSL_CERT_FILE=/evil", "AZURE_AUTHORITY_HOST=https://evil", "AZURE_CLIENT_SECRET=evil",
	}
	o.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy.example:3128") }
	if _, err := header(t.Context(), newSource(t, o)); err != nil {
		t.Fatal(err)
	}
	environ, err := os.ReadFile(seen)
	if got := string(environ); err != nil || strings.Contains(got, "evil") || !strings.Contains(got, "HOME=/home/ann\n") || !strings.Contains(got, "HTTPS_PROXY=http://proxy.example:3128\n") {
		t.Errorf("az has the environment %q, %v", got, err)
	}
}

func FuzzAzToken(f *testing.F) {
	f.Add([]byte(azAnswer(time.Hour)))
	f.Add([]byte(`{"accessToken":"a","tokenType":"Bearer","expiresOn":"2026-01-01 00:00:00.000000"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, output []byte) {
		got, err := parseAzToken(output)
		if err == nil && (!bearerPattern.MatchString(got.secret.Reveal()) || !got.lasts(0)) {
			t.Errorf("%q gives a token until %s", output, got.expires)
		}
	})
}
