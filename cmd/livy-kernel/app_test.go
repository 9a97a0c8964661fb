// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/finish"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// asProgram makes the test binary behave as livy-kernel, for tests of the
// process.
const asProgram = "TEST_AS_LIVY_KERNEL"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" || len(os.Args) > 1 && os.Args[1] == finish.Command { // which gets no environment
		main()
	}
	goleak.VerifyTestMain(m)
}

// user is somebody with a home folder and nothing in it but the program.
type user struct {
	t         *testing.T
	home      string
	environ   []string
	stdin     string
	passwords passwords
	change    func(*app)
}

func newUser(t *testing.T, environ ...string) *user {
	t.Helper()
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Join(home, "bin")) // no python there
	program := filepath.Join(home, "bin", "livy-kernel")
	if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	return &user{t: t, home: home, environ: append([]string{"HOME=" + home}, environ...), passwords: passwords{}}
}

// run runs a command and returns what it printed, with $HOME for the home
// folder, and the exit code.
func (u *user) run(args ...string) (stdout, stderr string, code int) {
	u.t.Helper()
	return u.runUntil(u.t.Context(), args...)
}

func (u *user) runUntil(ctx context.Context, args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	a := newApp(config.FromEnviron(u.environ), strings.NewReader(u.stdin), &out, &errs)
	a.goos, a.passwords = "linux", u.passwords
	a.executable = func() (string, error) { return filepath.Join(u.home, "bin", "livy-kernel"), nil }
	if u.change != nil {
		u.change(a)
	}
	code = run(ctx, a, args)
	plain := func(b bytes.Buffer) string { return strings.ReplaceAll(b.String(), u.home, "$HOME") }
	return plain(out), plain(errs), code
}

// must runs a command that succeeds.
func (u *user) must(args ...string) string {
	u.t.Helper()
	stdout, stderr, code := u.run(args...)
	if code != exitOK {
		u.t.Fatalf("%v exited %d\n%s%s", args, code, stdout, stderr)
	}
	return stdout + stderr
}

func (u *user) read(path string) string {
	u.t.Helper()
	data, err := os.ReadFile(filepath.Join(u.home, path))
	if err != nil {
		u.t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), u.home, "$HOME")
}

// passwords is a keyring in memory; nil is a machine without one.
type passwords map[string]string

func (p passwords) Get(account string) (auth.Secret, error) {
	if s, ok := p[account]; ok {
		return auth.NewSecret(s), nil
	}
	return auth.Secret{}, auth.ErrNoPassword
}

func (p passwords) Set(account string, s auth.Secret) error {
	if p == nil {
		return auth.ErrNoKeyring
	}
	p[account] = s.Reveal()
	return nil
}

func (p passwords) Delete(account string) error {
	if _, ok := p[account]; !ok {
		return auth.ErrNoPassword
	}
	delete(p, account)
	return nil
}

// golden compares text with a file, or writes it there.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Error(diff)
	}
}

// echoServer is a Livy server whose statements do what livytest.Echo says.
func echoServer(opts ...livytest.Option) *livytest.Server {
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Echo)
	return livytest.NewServer(engine, opts...)
}
