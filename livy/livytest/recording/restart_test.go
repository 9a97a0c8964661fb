// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// running is a server that can be ended, and another one in its place.
type running struct {
	engine    *playback
	server    *server.Server
	transport *server.Transport
}

func (r *running) start() {
	r.server = server.New(r.engine)
	r.transport = server.NewTransport(r.server)
}

func (r *running) stop(ctx context.Context) error {
	return errors.Join(r.transport.Close(), r.server.Close(ctx))
}

// RoundTrip implements http.RoundTripper, with the server that runs now.
func (r *running) RoundTrip(req *http.Request) (*http.Response, error) {
	return r.transport.RoundTrip(req)
}

// TestRow44Restart replays what becomes of a session when its server is
// restarted: nobody knows it, and the next one has its id.
func TestRow44Restart(t *testing.T) {
	s, err := Load("restart/server_restart_without_recovery")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{engine: newPlayback(s)}
	r.start()
	diffs, err := Replay(t.Context(), s, Target{
		Transport: r, BeforeStep: r.engine.reach, Patience: 5 * time.Second, Poll: time.Millisecond,
		Restart: func(ctx context.Context) error {
			if err := r.stop(ctx); err != nil {
				return err
			}
			r.engine.restart()
			r.start()
			return nil
		},
	})
	if err != nil {
		t.Error(err)
	}
	for _, d := range diffs {
		t.Errorf("step %d, %s: %s is %s, recorded %s", d.Step, d.Request, d.Path, d.Got, d.Want)
	}
	if err := r.stop(t.Context()); err != nil {
		t.Error(err)
	}
}
