// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"testing"
	"time"
)

// TestLatency: no answer comes sooner than the network allows.
func TestLatency(t *testing.T) {
	const roundTrip = 40 * time.Millisecond
	_, c := start(t, NewEngine(), WithLatency(roundTrip))
	began := time.Now()
	var session struct {
		ID int `json:"id"`
	}
	c.must("POST", "/sessions", `{}`, &session)
	if took := time.Since(began); took < roundTrip {
		t.Errorf("the answer took %v", took)
	}
}

// TestLatencyEnds: no client that gave up, and no server that closes, waits
// for the network.
func TestLatencyEnds(t *testing.T) {
	srv := NewServer(NewEngine(), WithLatency(time.Hour))
	failed := make(chan error)
	go func() {
		resp, err := srv.Client().Get(srv.URL + "/sessions")
		if err == nil {
			resp.Body.Close()
		}
		failed <- err
	}()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; err == nil {
		t.Error("the request was answered")
	}
}
