// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// madeUp matches the ids that differ from run to run.
var madeUp = regexp.MustCompile(`(session|request) [0-9a-f-]{36}|[0-9a-f-]{36} (was made|is deleted)`)

// TestDoctorOnFabric: each thing that can be missing there, and what to do.
func TestDoctorOnFabric(t *testing.T) {
	// With a phase no session is ready in the answer to its create already.
	u, authority, srv := fabricUser(t, livytest.DefaultPhases()[:1])
	const secret = "canary-of-the-application"
	withSecret := authtest.App{ID: fabricApp, Resource: entra.FabricResource, Secret: secret, Public: true, Permissions: entra.FabricScopes(), Consented: entra.FabricScopes()}
	authority.Register(withSecret)
	elsewhere := "99999999-0000-4000-8000-000000000000"
	refused := func(status int, code string) livytest.Fault {
		return (&livytest.FabricError{Status: status, Code: code, Message: "no"}).Fault()
	}
	var all strings.Builder
	for _, c := range []struct {
		name     string
		secret   string
		endpoint string
		pattern  string
		fault    livytest.Fault
	}{
		{name: "an application", secret: secret},
		{name: "nobody is signed in"},
		{name: "a wrong secret", secret: "wrong"},
		{name: "no role", secret: secret, pattern: "GET /sessions", fault: refused(http.StatusForbidden, "InsufficientPrivileges")},
		{name: "another workspace", secret: secret, endpoint: strings.Replace(srv.Endpoint(), livytest.DefaultWorkspace, elsewhere, 1)},
		{name: "another lakehouse", secret: secret, endpoint: strings.Replace(srv.Endpoint(), livytest.DefaultLakehouse, elsewhere, 1)},
		{name: "no list for a service principal", secret: secret, pattern: "GET /sessions", fault: refused(http.StatusInternalServerError, "InternalError")},
		{name: "may read and not run", secret: secret, pattern: "POST /sessions", fault: refused(http.StatusForbidden, "InsufficientWorkspaceRole")},
		{name: "a session that fails", secret: secret, pattern: "GET /sessions/*", fault: livytest.Status(http.StatusOK,
			`{"state":"error","errorInfo":[{"message":"no such pool","errorCode":"INVALID_POOL","source":"User"}]}`)},
		{name: "a statement that is refused", secret: secret, pattern: "POST /sessions/*/statements", fault: refused(http.StatusForbidden, "InsufficientScopes")},
		{name: "a session that stays", secret: secret, pattern: "DELETE /sessions/*", fault: refused(http.StatusForbidden, "InsufficientPrivileges")},
	} {
		if c.endpoint == "" {
			c.endpoint = srv.Endpoint()
		}
		u.must("install", "sales", "--endpoint", c.endpoint, "--flow", "auto")
		srv.Heal()
		if c.fault != nil {
			srv.Inject(c.pattern, c.fault)
		}
		before := u.environ
		if c.secret != "" {
			u.environ = append(u.environ, "AZURE_CLIENT_SECRET="+c.secret)
		}
		stdout, stderr, code := u.run("doctor", "sales")
		u.environ = before
		if (code == exitOK) == strings.Contains(stdout, "FAIL") || strings.Contains(stdout+stderr, "canary") {
			t.Errorf("%s: exited %d\n%s%s", c.name, code, stdout, stderr)
		}
		text := madeUp.ReplaceAllStringFunc(measured.ReplaceAllString(stdout, "<…>"), func(found string) string {
			return regexp.MustCompile(`[0-9a-f-]{36}`).ReplaceAllString(found, "<id>")
		})
		fmt.Fprintf(&all, "# %s\n%s\n", c.name, text)
	}
	golden(t, "doctor-fabric.txt", all.String())
	if n := srv.Count("POST /sessions") - srv.Count("DELETE /sessions/*"); n != 1 { // the one that was refused
		t.Errorf("%d more sessions were asked for than deleted", n)
	}
}
