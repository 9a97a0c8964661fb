// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

const fabricApp = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"

// fabricUser has the kernels of a Fabric that takes the tokens of the authority
// and whose sessions go through phases, the usual ones if nil.
func fabricUser(t *testing.T, phases []livytest.FabricPhase, opts ...authtest.Option) (*user, *authtest.Authority, *livytest.Server) {
	t.Helper()
	authority := authtest.New(opts...)
	t.Cleanup(authority.Close)
	authority.AddUser("ann@contoso.example")
	var permissions []string
	for _, scope := range entra.FabricScopes() {
		permissions = append(permissions, strings.TrimPrefix(scope, entra.FabricResource+"/"))
	}
	authority.Register(authtest.App{ID: fabricApp, Public: true, Redirects: []string{"http://localhost"}, Resource: entra.FabricResource, Permissions: permissions, Consented: permissions})
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Echo)
	engine.On("1+1", livytest.Text("2")) // what doctor asks
	srv := livytest.NewServer(engine, livytest.WithTLS(), livytest.WithFabric(livytest.Fabric{Phases: phases, Token: func(token string) error {
		_, err := authority.Check("Bearer "+token, entra.FabricResource+"/Lakehouse.Execute.All")
		return err
	}}))
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	var bundle bytes.Buffer
	for _, der := range [][]byte{authority.Certificate().Raw, srv.Certificate().Raw} {
		if err := pem.Encode(&bundle, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			t.Fatal(err)
		}
	}
	u := newUser(t)
	ca := filepath.Join(u.home, "ca.pem")
	if err := os.WriteFile(ca, bundle.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	u.must("install", "sales", "--endpoint", srv.Endpoint(), "--dialect", "fabric", "--tenant", authority.Tenant, "--client-id", fabricApp,
		"--authority", authority.URL, "--ca-file", ca, "--flow", "device-code")
	return u, authority, srv
}

var userCode = regexp.MustCompile(`the code ([A-Z0-9-]{6,}) at`)

// TestSignInFromACell signs in by the code that the cell shows; nothing of it
// stays in the notebook, and no token is left on the disk.
func TestSignInFromACell(t *testing.T) {
	u, authority, srv := fabricUser(t, nil)
	p := u.startSales()
	client := p.dial(t)
	request, err := client.Send(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: "1+1", StoreHistory: true, AllowStdin: true})
	if err != nil {
		t.Fatal(err)
	}
	var code string
	_, err = client.Wait(t.Context(), request, func(x kerneltest.Exchange) bool {
		for _, m := range x.IOPub {
			if found := userCode.FindSubmatch(m.Content); found != nil {
				code = string(found[1])
			}
		}
		return code != "" || x.Served()
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := authority.EnterCode(code, "ann@contoso.example"); err != nil {
		t.Fatalf("code %q: %v", code, err)
	}
	x, err := client.Wait(t.Context(), request, kerneltest.Exchange.Served)
	if err != nil {
		t.Fatal(err)
	}
	if m := x.Find("error"); m != nil {
		t.Fatalf("the cell failed: %s", m.Content)
	}
	var last []byte
	for _, m := range x.IOPub {
		if strings.HasSuffix(m.Header.MsgType, "display_data") {
			last = m.Content
		}
	}
	if bytes.Contains(last, []byte(code)) || !bytes.Contains(last, []byte("Monitoring hub")) {
		t.Errorf("at last the cell shows %s", last)
	}
	p.signal(t, syscall.SIGTERM)
	p.ends(t, exitOK)
	if n := srv.Count("DELETE /sessions/*"); n != 1 {
		t.Errorf("%d sessions deleted", n)
	}
	u.keepsNothing(authority.Secrets(), p.stderr.String())
}

var signInLink = regexp.MustCompile(`at this link: (https://\S+)`)

// TestSignInByBrowserFromACell: with a display the cell shows the link of the
// browser's sign-in, and what the browser posts ends it.
func TestSignInByBrowserFromACell(t *testing.T) {
	u, authority, srv := fabricUser(t, []livytest.FabricPhase{})
	u.must("install", "sales", "--flow", "auto")
	p := u.startSales("DISPLAY=:livy-kernel-test")
	client := p.dial(t)
	request, err := client.Send(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: "1+1", StoreHistory: true, AllowStdin: true})
	if err != nil {
		t.Fatal(err)
	}
	var link string
	if _, err = client.Wait(t.Context(), request, func(x kerneltest.Exchange) bool {
		for _, m := range x.IOPub {
			var shown struct{ Data map[string]string }
			if json.Unmarshal(m.Content, &shown) != nil {
				continue
			}
			if found := signInLink.FindStringSubmatch(shown.Data["text/plain"]); found != nil {
				link = found[1]
			}
		}
		return link != "" || x.Served()
	}); err != nil {
		t.Fatal(err)
	}
	form, err := authority.Visit(link, "ann@contoso.example")
	if err == nil {
		err = form.Post()
	}
	if err != nil {
		t.Fatalf("link %q: %v", link, err)
	}
	x, err := client.Wait(t.Context(), request, kerneltest.Exchange.Served)
	if err != nil || x.Find("error") != nil || x.Text("stdout") != "2\n" {
		t.Errorf("stdout %q, %v", x.Text("stdout"), err)
	}
	p.signal(t, syscall.SIGTERM)
	p.ends(t, exitOK)
	if n := srv.Count("DELETE /sessions/*"); n != 1 || len(authority.Grants("authorization_code")) != 1 {
		t.Errorf("%d sessions deleted, %d codes redeemed", n, len(authority.Grants("authorization_code")))
	}
	u.keepsNothing(authority.Secrets(), p.stderr.String())
}

// TestNobodyToSignIn fails at once, and shows no code.
func TestNobodyToSignIn(t *testing.T) {
	u, authority, srv := fabricUser(t, nil)
	p := u.startSales()
	if got := execute(t, p.dial(t), "1+1"); !strings.HasPrefix(got, "SignInRequired: ") || !strings.Contains(got, "livy-kernel login sales") {
		t.Errorf("the cell says %q", got)
	}
	p.signal(t, syscall.SIGTERM)
	p.ends(t, exitOK)
	if len(srv.Requests()) != 0 || len(authority.Grants("device_code")) != 0 {
		t.Errorf("%d requests, %d sign-ins begun", len(srv.Requests()), len(authority.Grants("device_code")))
	}
}

// keepsNothing searches everything below the home folder, and said, for secrets.
func (u *user) keepsNothing(secrets []string, said string) {
	u.t.Helper()
	check := func(where string, content []byte) {
		for _, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				u.t.Errorf("a secret stands in %s", where)
			}
		}
	}
	check("the log", []byte(said))
	err := filepath.WalkDir(u.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		check(path, content)
		return err
	})
	if err != nil {
		u.t.Error(err)
	}
}
