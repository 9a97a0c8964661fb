// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package simulation

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// callsOfCell is what cells of one length cost.
type callsOfCell struct {
	Server   string  `json:"server"`
	Seconds  float64 `json:"seconds"`
	Most     sent    `json:"most"`         // of any of the cells
	DeadMean float64 `json:"dead_mean_ms"` // from the end on the server to the end of the cell
	DeadMost float64 `json:"dead_most_ms"`
	N        int     `json:"n"`
}

// TestRequestsPerCell holds the number of requests of a cell, with everything
// that a kernel asks beside it, to what the server can bear, and the time that
// this costs to what a user can.
func TestRequestsPerCell(t *testing.T) {
	apache, embedded, fabric := kindApache(), kindEmbedded(), kindFabric()
	var figure []callsOfCell
	for _, c := range []struct {
		server   kind
		lasts    time.Duration
		requests int
		deadMean time.Duration // near servers: 10 ms and 2 %
		deadMost time.Duration // near servers: a tenth more, by the jitter
	}{
		{apache, 0, 3, 10 * time.Millisecond, 11 * time.Millisecond},
		{apache, 10 * time.Millisecond, 6, 10200 * time.Microsecond, 12 * time.Millisecond},
		{apache, 100 * time.Millisecond, 25, 12 * time.Millisecond, 14 * time.Millisecond},
		{apache, 1300 * time.Millisecond, 110, 36 * time.Millisecond, 40 * time.Millisecond},
		{apache, 4100 * time.Millisecond, 160, 92 * time.Millisecond, 102 * time.Millisecond},
		{apache, 30 * time.Second, 240, 610 * time.Millisecond, 671 * time.Millisecond},
		{apache, 10 * time.Minute, 300, 12 * time.Second, 17 * time.Second},
		{embedded, 0, 1, 0, 0},
		{embedded, 100 * time.Millisecond, 3, time.Millisecond, 10 * time.Millisecond},
		{embedded, 1300 * time.Millisecond, 4, time.Millisecond, 10 * time.Millisecond},
		{embedded, 4100 * time.Millisecond, 7, time.Millisecond, 10 * time.Millisecond},
		{embedded, 30 * time.Second, 35, time.Millisecond, 10 * time.Millisecond},
		{embedded, 10 * time.Minute, 240, time.Millisecond, 10 * time.Millisecond},
		{fabric, 0, 3, 350 * time.Millisecond, 350 * time.Millisecond},
		{fabric, 4100 * time.Millisecond, 10, time.Second, 2 * time.Second},
		{fabric, 30 * time.Second, 25, 3500 * time.Millisecond, 5 * time.Second},
		{fabric, 10 * time.Minute, 60, 16 * time.Second, 25 * time.Second},
	} {
		t.Run(fmt.Sprintf("%s/%v", c.server.name, c.lasts), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := measureCalls(t, c.server, c.lasts)
				figure = append(figure, got)
				if got.Most.Requests > c.requests {
					t.Errorf("%d requests, want at most %d", got.Most.Requests, c.requests)
				}
				if got.DeadMean > ms(c.deadMean) || got.DeadMost > ms(c.deadMost) {
					t.Errorf("%.1f ms after the end, at most %.1f; want %v and %v", got.DeadMean, got.DeadMost, c.deadMean, c.deadMost)
				}
			})
		})
	}
	save(t, "calls", figure)
}

// measureCalls runs cells of one length, one after the other. Their exact
// lengths differ, since polls can be lucky with one.
func measureCalls(t *testing.T, server kind, lasts time.Duration) callsOfCell {
	const repetitions = 20
	figure := callsOfCell{Server: server.name, Seconds: lasts.Seconds(), N: repetitions}
	w := newWorld(t, server)
	defer w.close()
	notebook := w.notebook(nil)
	defer func() { _ = notebook.Close(context.Background(), false) }()
	w.run(notebook, "first")
	synctest.Wait()
	for i := range repetitions {
		length := lasts - lasts*time.Duration(i)/(10*repetitions)
		code := "instant"
		if length > 0 {
			code = fmt.Sprintf("sleep %v", length.Seconds())
		}
		before := len(w.server.Requests())
		dead := w.run(notebook, code) - length
		synctest.Wait()
		cost := w.since(before)
		figure.Most.Requests = max(figure.Most.Requests, cost.Requests)
		figure.Most.LogReads = max(figure.Most.LogReads, cost.LogReads)
		figure.DeadMean += ms(dead) / repetitions
		figure.DeadMost = max(figure.DeadMost, ms(dead))
	}
	return figure
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
