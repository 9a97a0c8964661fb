// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

func TestMerge(t *testing.T) {
	base := livy.CreateSessionRequest{
		DriverMemory: "1g", Jars: []string{"a.jar", "b.jar"}, Conf: map[string]string{"spark.a": "1", "spark.b": "2"},
	}
	before := livy.CreateSessionRequest{
		DriverMemory: "1g", Jars: []string{"a.jar", "b.jar"}, Conf: map[string]string{"spark.a": "1", "spark.b": "2"},
	}
	got, err := merge(base, `{"driverMemory": "4g", "executorCores": 2, "jars": ["c.jar"], "conf": {"spark.b": 3, "spark.c": true}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := livy.CreateSessionRequest{
		DriverMemory: "4g", ExecutorCores: 2, Jars: []string{"c.jar"},
		Conf: map[string]string{"spark.a": "1", "spark.b": "3", "spark.c": "true"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged differently (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, base); diff != "" {
		t.Errorf("the profile's own settings were changed:\n%s", diff)
	}
}

func TestMergeRefuses(t *testing.T) {
	for body, want := range map[string]string{
		"":                               "a JSON object must follow",
		"[1]":                            "not a JSON object",
		"{":                              "not a JSON object",
		"{} x":                           "something follows",
		`{"driverMem": "1g"}`:            `no setting "driverMem"; there are proxyUser, jars,`,
		`{"Conf": {}}`:                   `no setting "Conf"`,
		`{"kind": "pyspark"}`:            "kind cannot be set",
		`{"driverMemory": 4}`:            "driverMemory must be a string, not a number",
		`{"numExecutors": "4"}`:          "numExecutors must be a whole number, not a string",
		`{"jars": "a.jar"}`:              "jars must be a list of strings, not a string",
		`{"conf": []}`:                   "conf must be an object",
		`{"conf": {"spark.a": {"b":1}}}`: `the value of "spark.a" must be a string`,
		`{"conf": {"spark.a": null}}`:    `the value of "spark.a" must be a string`,
	} {
		if _, err := merge(livy.CreateSessionRequest{}, body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
}

func FuzzMerge(f *testing.F) {
	f.Add(`{"conf": {"a": 1}}`)
	f.Add(`{"jars": ["a"], "ttl": "1h"}`)
	f.Fuzz(func(t *testing.T, body string) {
		base := livy.CreateSessionRequest{DriverMemory: "1g"}
		if got, err := merge(base, body); err != nil && cmp.Diff(base, got) != "" {
			t.Fatalf("%q was refused, and yet changed the settings: %+v", body, got)
		}
	})
}
