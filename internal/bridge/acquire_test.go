// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

const (
	postAcquire   = "POST /highConcurrencySessions"
	deleteAcquire = "DELETE /highConcurrencySessions/*"
)

// newFabric returns a bench of kernels on a server in Fabric's dialect.
func newFabric(t *testing.T, k config.Kernel) *kernels {
	t.Helper()
	return newFabricOf(t, k, livytest.Fabric{Phases: []livytest.FabricPhase{}})
}

func newFabricOf(t *testing.T, k config.Kernel, f livytest.Fabric) *kernels {
	t.Helper()
	ks := newKernelsOn(t, k, livytest.WithFabric(f))
	client, err := livy.New(ks.server.Endpoint(), livy.WithDialect(livy.DialectFabric), livy.WithAuthorizer(auth.Bearer{Token: auth.NewSecret("t")}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	ks.client, ks.dialect = client, livy.DialectFabric
	ks.next("nb")
	return ks
}

// TestFabricSession asks for as little as possible, and shows the page of the
// Monitoring hub.
func TestFabricSession(t *testing.T) {
	ks := newFabric(t, config.Kernel{})
	r := ks.must("1+1")
	if !strings.Contains(r.shown(), "is ready") || !strings.Contains(r.shown(), "Monitoring hub: https://app.fabric.microsoft.com/workloads/de-ds/sparkmonitor/") {
		t.Errorf("shown %q", r.shown())
	}
	for _, req := range ks.server.Requests() {
		if req.Method != http.MethodPost || !strings.HasSuffix(req.Path, "/sessions") {
			continue
		}
		var body map[string]json.RawMessage
		if err := json.Unmarshal(req.Body, &body); err != nil || len(body) != 2 || body["name"] == nil || string(body["tags"]) != `{"livy-kernel":`+string(body["name"])+`}` {
			t.Errorf("body %s, %v", req.Body, err)
		}
	}
	if got := ks.must("%%info").shown(); !strings.Contains(got, "sparkmonitor") {
		t.Errorf("info %q", got)
	}
}

// TestRow46OnFabric: a session whose request had no answer is found by its tag,
// whatever name the list has for it.
func TestRow46OnFabric(t *testing.T) {
	for name, list := range map[string]livytest.Fault{
		"as it is": nil,
		"nameless": func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			w.WriteHeader(answer.Code)
			_, _ = w.Write([]byte(strings.ReplaceAll(answer.Body.String(), `"name":"livy-kernel`, `"name":"Livy session of Ann`)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			ks := newFabric(t, config.Kernel{})
			ks.server.Inject(postSession, livytest.StatusAfterAcceptance(http.StatusGatewayTimeout))
			if list != nil {
				ks.server.Inject("GET /sessions", list)
			}
			r := ks.must("1+1")
			if n := ks.server.Count(postSession); n != 1 || ks.engine.Living() != 1 || r.stdout() != "2\n" {
				t.Errorf("%d sessions asked for, %d drivers, stdout %q", n, ks.engine.Living(), r.stdout())
			}
		})
	}
}

// TestStartOnFabric: while a session starts the cell shows its phase, that it is
// queued and its page, and then why it was not taken from the starter pool.
func TestStartOnFabric(t *testing.T) {
	ks := newFabricOf(t, config.Kernel{}, livytest.Fabric{
		Phases: []livytest.FabricPhase{
			{State: "not_submitted", Fabric: "queued", Scheduler: "Queued"},
			{State: "not_started", Fabric: "libraryPackaging", Plugin: "Queued", Scheduler: "Scheduled"},
			{State: "starting", Livy: "starting", Fabric: "unknown", Plugin: "Monitoring"},
		},
		FallbackReasons: []string{"CustomPool", "<b>"},
	})
	const page = " Monitoring hub: https://app.fabric.microsoft.com/workloads/de-ds/sparkmonitor/" + livytest.DefaultLakehouse + "/"
	r := ks.start("1+1")
	for _, news := range []string{"s, queued" + page, "s, library packaging, queued" + page, "s, monitoring" + page} {
		r.await(t, news)
	}
	if err := <-r.err; err != nil {
		t.Fatal(err)
	}
	if got := r.shown(); !strings.Contains(got, "It was not taken from the starter pool: CustomPool, <b>."+page) {
		t.Errorf("shown %q", got)
	}
	for _, d := range r.displays {
		if strings.Contains(string(d.Data["text/html"]), "<b>") {
			t.Errorf("markup %s", d.Data["text/html"])
		}
	}
}

// TestHighConcurrency gives each notebook a REPL of its own on one session, and
// back; none deletes the session, which ends with its last REPL.
func TestHighConcurrency(t *testing.T) {
	ks := newFabric(t, config.Kernel{Share: "team"})
	ks.must("1+1")
	first := ks.bridge
	ks.next("other")
	if r := ks.must("1+1"); !strings.Contains(r.shown(), `which notebooks share as "team"`) {
		t.Errorf("shown %q", r.shown())
	}
	if one, other := first.session(), ks.bridge.session(); one.livy.ID != other.livy.ID || one.repl == other.repl {
		t.Errorf("sessions %s and %s, acquires %s and %s", one.livy.ID, other.livy.ID, one.repl, other.repl)
	}
	if err := first.Close(t.Context(), false); err != nil {
		t.Error(err)
	}
	ks.must("1+1")
	ks.closeNow()
	if a, d, s := ks.server.Count(postAcquire), ks.server.Count(deleteAcquire), ks.server.Count("DELETE /sessions/*"); a != 2 || d != 2 || s != 0 {
		t.Errorf("%d acquires, %d releases, %d sessions deleted", a, d, s)
	}
	if ks.engine.Living() != 0 || len(ks.records()) != 0 {
		t.Errorf("%d drivers, records %+v", ks.engine.Living(), ks.records())
	}
}

// TestShareMagic does the same from a cell.
func TestShareMagic(t *testing.T) {
	ks := newFabric(t, config.Kernel{})
	if got := ks.must("%%session share team").stdout(); !strings.Contains(got, "share as team") {
		t.Errorf("stdout %q", got)
	}
	ks.must("1+1")
	if _, err := ks.run("%%session share other"); cellError(t, err).EName != "ConfigError" {
		t.Error("shared while a session runs")
	}
	ks.must("%%session stop")
	if n := ks.server.Count(deleteAcquire); n != 1 {
		t.Errorf("%d releases", n)
	}
	for _, bad := range []string{"%%session share", "%%session share A b"} {
		if _, err := ks.run(bad); cellError(t, err).EName != "UnknownMagic" {
			t.Errorf("%s is taken", bad)
		}
	}
}

// TestAcquireWithoutAnswer says that one may be running, and asks no second
// time.
func TestAcquireWithoutAnswer(t *testing.T) {
	ks := newFabric(t, config.Kernel{Share: "team"})
	ks.server.Inject(postAcquire, livytest.StatusAfterAcceptance(http.StatusGatewayTimeout))
	_, err := ks.run("1+1")
	if e := cellError(t, err); e.EName != "SubmissionUnknown" || !strings.Contains(e.EValue, "one may have come to be") {
		t.Errorf("got %s", e)
	}
	if n := ks.server.Count(postAcquire); n != 1 {
		t.Errorf("asked %d times", n)
	}
}
