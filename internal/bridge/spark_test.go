// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/localspark"
	"github.com/livy-kernel/livy-kernel/livy/localspark/sparktest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// onSpark returns a bridge in front of the embedded server with real Spark.
func onSpark(t *testing.T) (*Bridge, *livy.Client) {
	t.Helper()
	engine := localspark.NewEngine(sparktest.Setup(t, os.Environ()), localspark.WithEnv(os.Environ()))
	srv := server.New(engine, server.WithLimits(server.Limits{Watch: 500 * time.Millisecond}))
	transport := server.NewTransport(srv)
	client, err := livy.New("http://livy.invalid", livy.WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	b := New(Options{Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return client, nil, nil }})
	b.mends = false
	t.Cleanup(func() {
		err := b.Close(context.Background(), false)
		if err := errors.Join(err, transport.Close(), srv.Close(context.Background())); err != nil {
			t.Error(err)
		}
	})
	return b, client
}

// TestRowsOnSpark are those rows of the fault matrix in which the embedded
// server does as Apache Livy does, with real Spark. Row 39 is none of them:
// there a cancel stops what runs.
func TestRowsOnSpark(t *testing.T) {
	b, client := onSpark(t)
	run := func(t *testing.T, code, want string) {
		t.Helper()
		r := &recorder{}
		if err := b.Execute(t.Context(), cell(code), r); err != nil || r.stdout() != want {
			t.Fatalf("%s: %v, stdout %q", code, err, r.stdout())
		}
	}
	run(t, "x = 41", "")
	s := b.session()

	t.Run("Row40CancelOfWhatHasEnded", func(t *testing.T) {
		if err := client.Cancel(t.Context(), s.address, "0"); err != nil {
			t.Error(err)
		}
		run(t, "print(x)", "41\n")
		for range 5 { // an interrupt that comes about when the cell ends
			ctx, interrupt := context.WithCancelCause(t.Context())
			r := &recorder{}
			time.AfterFunc(50*time.Millisecond, func() { interrupt(kernel.ErrInterrupted) })
			err := b.Execute(ctx, cell("import time; time.sleep(0.05); print('done')"), r)
			var failed *kernel.CellError
			if err == nil && r.stdout() != "done\n" || err != nil && (!errors.As(err, &failed) || failed.EName != "KeyboardInterrupt") {
				t.Errorf("error %v, stdout %q", err, r.stdout())
			}
		}
		run(t, "print(x)", "41\n")
	})
	t.Run("Row42Retained", func(t *testing.T) {
		for i := range 101 {
			run(t, fmt.Sprintf("print(%d)", i), fmt.Sprintf("%d\n", i))
		}
		var api *livy.APIError
		if _, err := client.WaitStatement(t.Context(), s.address, livy.Statement{ID: "0", State: livy.StatementRunning}, nil); !errors.As(err, &api) ||
			api.StatusCode != http.StatusNotFound || errors.As(err, new(*livy.SessionLostError)) {
			t.Errorf("a statement beyond the hundred: %v", err)
		}
		run(t, "print(x)", "41\n")
	})
	t.Run("Row47DuplicateName", func(t *testing.T) {
		_, err := client.CreateSession(t.Context(), livy.CreateSessionRequest{Name: s.livy.Name})
		if !outcomeUnknown(err) || !strings.Contains(err.Error(), "Duplicate session name") {
			t.Errorf("error is %v", err)
		}
		if found, err := findSession(t.Context(), client, s.livy.Name); err != nil || found.ID != s.livy.ID {
			t.Errorf("found %+v, %v", found, err)
		}
	})
	t.Run("Row43KilledDriver", func(t *testing.T) {
		// What the next session is to be like: a server that ends it when it idles.
		b.request.IdleTimeout, b.request.HeartbeatTimeoutInSecond = "5s", 6
		e := cellError(t, b.Execute(t.Context(), cell("import os; os.kill(os.getpid(), 9)"), &recorder{}))
		if e.EName != "SessionLost" || !strings.Contains(e.EValue, "variables are gone") || len(e.Traceback) < 2 {
			t.Errorf("got %s, %q", e, e.Traceback)
		}
		r := &recorder{}
		if err := b.Execute(t.Context(), cell("print('x' in globals())"), r); err != nil || r.stdout() != "False\n" || !strings.HasPrefix(r.shown(), "New Spark session ") {
			t.Errorf("error %v, stdout %q, shown %q", err, r.stdout(), r.shown())
		}
	})
	t.Run("Row51IdleTimeout", func(t *testing.T) {
		run(t, "import time; time.sleep(12); print('done')", "done\n")
		if now, err := client.Session(t.Context(), b.session().address); err != nil || now.State.Terminal() {
			t.Errorf("afterwards: %+v, %v", now, err)
		}
	})
}
