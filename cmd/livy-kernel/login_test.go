// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// typist reads what a command prints, and enters the code that it asks for.
type typist struct {
	authority *authtest.Authority
	user      string // empty for one who declines

	mu      sync.Mutex
	read    bytes.Buffer
	entered string
	err     error
}

func (p *typist) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.read.Write(b)
	if found := userCode.FindSubmatch(p.read.Bytes()); found != nil && p.entered == "" {
		p.entered = string(found[1])
		if p.user == "" {
			p.err = p.authority.DeclineCode(p.entered)
		} else {
			p.err = p.authority.EnterCode(p.entered, p.user)
		}
	}
	return len(b), nil
}

// keepInFile has the profile keep its sign-in where every machine can.
func (u *user) keepInFile() {
	u.t.Helper()
	file := filepath.Join(u.home, ".config/livy-kernel/config.toml")
	content, err := os.ReadFile(file)
	if err != nil {
		u.t.Fatal(err)
	}
	changed := strings.Replace(string(content), "[profiles.sales]\n", "[profiles.sales]\ntoken_cache = \"file\"\n", 1)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		u.t.Fatal(err)
	}
}

// signIn runs livy-kernel login with somebody at the terminal.
func (u *user) signIn(authority *authtest.Authority, name string) (p *typist, stdout string, code int) {
	u.t.Helper()
	p = &typist{authority: authority, user: name}
	u.change = func(a *app) { a.stderr = p }
	defer func() { u.change = nil }()
	stdout, _, code = u.run("login", "sales")
	if p.err != nil {
		u.t.Errorf("code %q: %v", p.entered, p.err)
	}
	return p, stdout, code
}

// TestLoginToEntra ahead of the first cell: a kernel, and another one after it,
// ask nobody, until logout.
func TestLoginToEntra(t *testing.T) {
	u, authority, _ := fabricUser(t, []livytest.FabricPhase{})
	u.keepInFile()
	p, _, code := u.signIn(authority, "")
	if said := p.read.String(); code != exitFailure || !strings.Contains(said, "AADSTS70017") || strings.Contains(said[strings.Index(said, "AADSTS"):], p.entered) {
		t.Errorf("declined: exited %d: %s", code, said)
	}
	p, said, code := u.signIn(authority, "ann@contoso.example")
	if code != exitOK || !strings.Contains(said, "Signed in as ann@contoso.example (device-code).") || !strings.Contains(said, "only you can read") {
		t.Fatalf("exited %d: %s%s", code, said, p.read.String())
	}
	for range 2 {
		k := u.startSales()
		if got := execute(t, k.dial(t), "1+1"); got != "" {
			t.Errorf("the cell says %s", got)
		}
		k.signal(t, syscall.SIGTERM)
		k.ends(t, exitOK)
	}
	if n := len(authority.Tokens()); n != 1 {
		t.Errorf("%d tokens for one sign-in", n)
	}
	if stdout := u.must("doctor", "sales"); !strings.Contains(stdout, "ann@contoso.example") || strings.Contains(stdout, "FAIL") {
		t.Errorf("doctor says %s", stdout)
	}
	u.must("logout", "sales")
	u.keepsNothing(authority.Secrets(), p.read.String()[strings.LastIndex(p.read.String(), p.entered)+len(p.entered):])
	k := u.startSales()
	if got := execute(t, k.dial(t), "1+1"); !strings.HasPrefix(got, "SignInRequired: ") {
		t.Errorf("after logout the cell says %s", got)
	}
	k.signal(t, syscall.SIGTERM)
	k.ends(t, exitOK)
}
