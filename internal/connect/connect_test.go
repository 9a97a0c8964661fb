// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"encoding/pem"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// passwords is a keyring in memory; nil is a machine without one.
type passwords map[string]auth.Secret

func (p passwords) Get(account string) (auth.Secret, error) {
	if p == nil {
		return auth.Secret{}, auth.ErrNoKeyring
	}
	if s, ok := p[account]; ok {
		return s, nil
	}
	return auth.Secret{}, auth.ErrNoPassword
}
func (p passwords) Set(account string, s auth.Secret) error { p[account] = s; return nil }
func (p passwords) Delete(account string) error             { delete(p, account); return nil }

func options(p config.Profile, kept passwords, environ ...string) Options {
	p.Name = "a"
	return Options{Profile: p, Env: config.FromEnviron(environ), Passwords: kept, Version: "1", Logger: slog.New(slog.DiscardHandler)}
}

// session asks for a session, which shows whether the credentials pass.
func session(t *testing.T, o Options) error {
	t.Helper()
	client, err := Connect(t.Context(), o, func(string) {})
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = client.CreateSession(t.Context(), livy.CreateSessionRequest{})
	return err
}

func TestBasicOverTLS(t *testing.T) {
	server := livytest.NewServer(livytest.NewEngine(), livytest.WithTLS(), livytest.WithBasicAuth("ann", "pw"))
	defer server.Close()
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(bundle, block, 0o600); err != nil {
		t.Fatal(err)
	}
	profile := config.Profile{Endpoint: server.URL, Auth: "basic", Username: "ann", CAFile: bundle}
	named := profile
	named.Name = "a"
	kept := passwords{Account(named): auth.NewSecret("pw")}

	if err := session(t, options(profile, kept)); err != nil {
		t.Errorf("password of the keyring: %v", err)
	}
	if err := session(t, options(profile, passwords{}, "LIVY_KERNEL_PASSWORD=pw")); err != nil {
		t.Errorf("password of the environment: %v", err)
	}
	var refused *livy.APIError
	if err := session(t, options(profile, kept, "LIVY_KERNEL_PASSWORD=old")); !errors.As(err, &refused) || refused.StatusCode != 401 {
		t.Errorf("the environment comes first: %v", err)
	}
	untrusted := profile
	untrusted.CAFile = ""
	var transport *livy.TransportError
	if err := session(t, options(untrusted, kept)); !errors.As(err, &transport) {
		t.Errorf("without the bundle: %v", err)
	}
}

func TestCredentialsThatAreNotThere(t *testing.T) {
	moved := config.Profile{Name: "a", Endpoint: "https://old:8998", Auth: "basic", Username: "ann"}
	kept := passwords{Account(moved): auth.NewSecret("pw")}
	for _, c := range []struct {
		name    string
		profile config.Profile
		kept    passwords
		want    string
	}{
		{"no password", config.Profile{Endpoint: "https://h", Auth: "basic", Username: "ann"}, passwords{},
			"profile a: no password is kept for this profile; run livy-kernel login a, or set LIVY_KERNEL_PASSWORD"},
		{"one for another origin", config.Profile{Endpoint: "https://new:8998", Auth: "basic", Username: "ann"}, kept,
			"profile a: no password is kept for this profile; run livy-kernel login a, or set LIVY_KERNEL_PASSWORD"},
		{"no keyring", config.Profile{Endpoint: "https://h", Auth: "basic", Username: "ann"}, nil,
			"profile a: the keyring of this system cannot be used; set LIVY_KERNEL_PASSWORD in place of it"},
		{"no token", config.Profile{Endpoint: "https://h", Auth: "bearer"}, passwords{},
			"profile a: there is no token; set LIVY_KERNEL_TOKEN before the kernel starts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := session(t, options(c.profile, c.kept))
			var required *auth.RequiredError
			if !errors.As(err, &required) || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestWrongConfiguration(t *testing.T) {
	noCert := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(noCert, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		profile config.Profile
		want    string
	}{
		{config.Profile{Endpoint: "https://h", CAFile: noCert}, "profiles.a.ca_file: " + noCert + " holds no certificate in PEM form"},
		{config.Profile{Endpoint: "https://h", CAFile: noCert + "x"}, "profiles.a.ca_file: cannot be read: open " + noCert + "x: "},
		{config.Profile{Endpoint: "local"}, "profiles.a.spark.dir: is missing; livy-kernel install writes it"},
	} {
		err := session(t, options(c.profile, passwords{}))
		var wrong *config.Error
		if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
