// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"context"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/livytest/recording"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestReplayLong holds real Spark to what a real Apache Livy answered with long
// outputs, and with more statements than a session keeps.
func TestReplayLong(t *testing.T) {
	var long []recording.Scenario
	for _, name := range []string{"big_output", "spark_ui_progress"} {
		s, err := recording.Load("long/" + name)
		if err != nil {
			t.Fatal(err)
		}
		long = append(long, s)
	}
	drivers := newPool(testEngine(t))
	t.Cleanup(func() { drivers.close(t) })
	recording.Test(t, "testdata/allowed-long.json", long, func(t *testing.T, _ recording.Scenario) recording.Target {
		srv := server.New(drivers)
		transport := server.NewTransport(srv)
		t.Cleanup(func() {
			if err := transport.Close(); err != nil {
				t.Error(err)
			}
			if err := srv.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		return recording.Target{Transport: transport}
	})
}
