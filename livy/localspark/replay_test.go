// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/livytest/recording"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestReplay holds real Spark to what a real Apache Livy answered.
func TestReplay(t *testing.T) {
	drivers := newPool(testEngine(t))
	t.Cleanup(func() { drivers.close(t) })
	recording.Test(t, "testdata/allowed.json", nil, func(t *testing.T, s recording.Scenario) recording.Target {
		var engine server.Engine = drivers
		if s.Name == "delete" {
			engine = drivers.engine // The scenario wants to see the session start.
		}
		srv := server.New(engine)
		transport := server.NewTransport(srv)
		t.Cleanup(func() {
			if err := transport.Close(); err != nil {
				t.Error(err)
			}
			if err := srv.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		return recording.Target{
			Transport: transport, KillDriver: drivers.kill,
			BeforeStep: func(ctx context.Context, step int, e recording.Exchange) {
				if cancelsJob(s, step) {
					waitForJob(ctx, t, drivers.newest().App())
				}
			},
		}
	})
}

// cancelsJob reports whether the exchange cancels a statement whose Spark job
// had begun: the recorded client had waited for two seconds.
func cancelsJob(s recording.Scenario, step int) bool {
	path, cancels := strings.CutSuffix(s.Steps[step].Path, "/cancel")
	if !cancels {
		return false
	}
	for _, later := range s.Steps[step:] {
		if later.Path == path && strings.Contains(string(later.Answer), "cancelled part of cancelled job group") {
			return true
		}
	}
	return false
}

// waitForJob waits until Spark itself tells of a running job.
func waitForJob(ctx context.Context, t *testing.T, app server.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, app.UIURL+"/api/v1/applications/"+app.ID+"/jobs?status=running", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var jobs []json.RawMessage
		err = json.NewDecoder(resp.Body).Decode(&jobs)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if len(jobs) > 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("no Spark job began")
		}
	}
}
