// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestServer plays the recorded drivers behind our server, so that whatever
// differs is the server's doing.
func TestServer(t *testing.T) { Test(t, "testdata/allowed/server.json", nil, played) }

// TestServerLong does so with outputs of ten megabytes, and with more
// statements than a session keeps.
func TestServerLong(t *testing.T) {
	var long []Scenario
	for _, name := range []string{"big_output", "spark_ui_progress"} {
		s, err := Load("long/" + name)
		if err != nil {
			t.Fatal(err)
		}
		long = append(long, s)
	}
	Test(t, "testdata/allowed/server.json", long, played)
}

// played starts our server with the drivers of a scenario.
func played(t *testing.T, s Scenario) Target {
	t.Helper()
	engine := newPlayback(s)
	srv := server.New(engine, server.WithCancelTimeout(20*time.Millisecond))
	transport := server.NewTransport(srv)
	t.Cleanup(func() {
		if err := transport.Close(); err != nil {
			t.Error(err)
		}
		if err := srv.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return Target{
		Transport: transport, KillDriver: engine.kill, BeforeStep: engine.reach,
		Patience: 5 * time.Second, Poll: time.Millisecond,
	}
}
