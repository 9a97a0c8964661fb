// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// readMeasured reads a file of measurements into the elements after its head.
func readMeasured[T any](t *testing.T, name string) []T {
	t.Helper()
	text, err := os.ReadFile("testdata/measured/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(text, &elements); err != nil {
		t.Fatal(err)
	}
	found := make([]T, len(elements)-1)
	for i, e := range elements[1:] {
		if err := json.Unmarshal(e, &found[i]); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// TestLatencyOfPolling has statements take as long as a real server took, asked
// every 5 ms, for each kind: the client asks less often than that, and notices
// each end in a few milliseconds and a fiftieth of the time.
func TestLatencyOfPolling(t *testing.T) {
	type measured struct {
		Kind  livy.Kind `json:"kind"`
		Total struct {
			Median, P95, Max float64
		} `json:"total_ms"`
	}
	for _, run := range []string{"latency_first_run", "latency"} {
		for _, m := range readMeasured[measured](t, run) {
			if m.Kind == "" {
				continue // the time of one GET
			}
			for _, ms := range []float64{m.Total.Median, m.Total.P95, m.Total.Max} {
				took := time.Duration(ms * float64(time.Millisecond))
				synctest.Test(t, func(t *testing.T) {
					noticed, polls := pollFor(t, took)
					if late := noticed - took; late > 10*time.Millisecond+took/40 {
						t.Errorf("%s: a statement of %v is noticed %v after its end", m.Kind, took, late)
					}
					if every := took / (5 * time.Millisecond); polls > 3+int(every)*2/3 {
						t.Errorf("%s: %d polls for a statement of %v, every 5 ms would be %d", m.Kind, polls, took, every)
					}
				})
			}
		}
	}
}

// pollFor runs a statement that takes d on a server that answers at once.
func pollFor(t *testing.T, d time.Duration) (noticed time.Duration, polls int) {
	t.Helper()
	s := Scenario{Sessions: []Before{{Kind: "pyspark", Statements: []string{"1"}}}}
	engine := newPlayback(s)
	engine.takes = d
	srv := server.New(engine, server.WithHold(false), server.WithFastAnswer(0))
	transport := server.NewTransport(srv)
	client, err := livy.New("http://livy", livy.WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	session, err := client.CreateSession(t.Context(), livy.CreateSessionRequest{})
	if err == nil {
		session, err = client.WaitSession(t.Context(), session, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	statement, err := client.Submit(t.Context(), session.ID, livy.StatementRequest{Code: "1", Kind: livy.KindPySpark})
	if err == nil {
		_, err = client.WaitStatement(t.Context(), session.ID, statement, func(livy.Statement) { polls++ })
	}
	if err != nil {
		t.Fatal(err)
	}
	noticed = time.Since(began)
	if err := transport.Close(); err != nil {
		t.Error(err)
	}
	if err := srv.Close(t.Context()); err != nil {
		t.Error(err)
	}
	return noticed, polls
}

// TestRow45RecoveryIsRefused by a server with a local master, as the manual
// says: the tests of recovery have a server of their own making.
func TestRow45RecoveryIsRefused(t *testing.T) {
	type end struct {
		ExitCode int    `json:"exit_code"`
		Stderr   string `json:"stderr"`
	}
	ends := readMeasured[end](t, "recovery_refused_in_local_mode")
	if len(ends) != 1 || ends[0].ExitCode != 1 || !strings.Contains(ends[0].Stderr, "Session recovery requires YARN or Kubernetes") {
		t.Errorf("the server ended with %+v", ends)
	}
	manual, err := os.ReadFile("../../../docs/livy.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(manual), "**Session recovery** works on YARN and Kubernetes alone") {
		t.Error("docs/livy.md does not say so")
	}
}

// TestEveryRecordingIsReplayed: none lies there that no test reads.
func TestEveryRecordingIsReplayed(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	read := []string{
		"long/big_output.json", "long/spark_ui_progress.json", "limits/server_limits_csrf_heartbeat_ttl.json", "restart/server_restart_without_recovery.json",
		"measured/latency.json", "measured/latency_first_run.json", "measured/recovery_refused_in_local_mode.json",
	}
	for _, s := range all {
		read = append(read, s.Name+".json")
	}
	for _, folder := range []string{"", "limits/", "long/", "restart/", "measured/"} {
		entries, err := os.ReadDir("testdata/" + folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if name := folder + e.Name(); strings.HasSuffix(name, ".json") && !slices.Contains(read, name) {
				t.Error(fmt.Sprint(name, " is not replayed"))
			}
		}
	}
}
