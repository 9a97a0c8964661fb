// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestServerLimits replays in test time what a server did whose administrator
// had set limits: a missing header, too many starts, a client that is silent,
// and a session that is old.
func TestServerLimits(t *testing.T) {
	s, err := Load("limits/server_limits_csrf_heartbeat_ttl")
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := ReadAllowed("testdata/allowed/limits.json")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		engine, began := newPlayback(s), time.Now()
		srv := server.New(engine, server.WithLimits(server.Limits{CSRF: true, MaxCreation: 2, Watch: 2 * time.Second}))
		transport := server.NewTransport(srv)
		diffs, err := Replay(t.Context(), s, Target{
			Transport: transport, Patience: 20 * time.Second,
			BeforeStep: func(ctx context.Context, step int, e Exchange) {
				engine.reach(ctx, step, e)
				time.Sleep(time.Until(began.Add(e.Offset())))
			},
		})
		if err != nil {
			t.Error(err)
		}
		for _, d := range allowed.Filter(diffs) {
			t.Errorf("step %d, %s: %s is %s, recorded %s", d.Step, d.Request, d.Path, d.Got, d.Want)
		}
		if err := transport.Close(); err != nil {
			t.Error(err)
		}
		if err := srv.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	for _, a := range allowed.Unused(map[string]bool{s.Name: true}, true) {
		t.Errorf("allowed difference no longer occurs: %s, %s (%s)", a.Request, a.Path, a.Why)
	}
}
