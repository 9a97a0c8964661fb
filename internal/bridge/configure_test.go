// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
)

// apache are the settings of an Apache Livy.
var apache = New(Options{Profile: config.Profile{Name: "test", Endpoint: "https://livy.example"}}).settings()

func TestMerge(t *testing.T) {
	base := livy.CreateSessionRequest{
		DriverMemory: "1g", Jars: []string{"a.jar", "b.jar"}, Conf: map[string]string{"spark.a": "1", "spark.b": "2"},
	}
	before := livy.CreateSessionRequest{
		DriverMemory: "1g", Jars: []string{"a.jar", "b.jar"}, Conf: map[string]string{"spark.a": "1", "spark.b": "2"},
	}
	got, err := apache.merge(base, `{"driverMemory": "4g", "executorCores": 2, "jars": ["c.jar"], "conf": {"spark.b": 3, "spark.c": true}}`)
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
		`{"driverMem": "1g"}`:            `no setting "driverMem"; there are archives, conf,`,
		`{"Conf": {}}`:                   `no setting "Conf"`,
		`{"kind": "pyspark"}`:            "kind cannot be set",
		`{"driverMemory": 4}`:            "driverMemory must be a string, not a number",
		`{"numExecutors": "4"}`:          "numExecutors must be a whole number, not a string",
		`{"jars": "a.jar"}`:              "jars must be a list of strings, not a string",
		`{"conf": []}`:                   "conf must be an object",
		`{"conf": {"spark.a": {"b":1}}}`: `the value of "spark.a" must be a string`,
		`{"conf": {"spark.a": null}}`:    `the value of "spark.a" must be a string`,
	} {
		if _, err := apache.merge(livy.CreateSessionRequest{}, body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
}

func FuzzMerge(f *testing.F) {
	f.Add(`{"conf": {"a": 1}}`)
	f.Add(`{"jars": ["a"], "ttl": "1h"}`)
	f.Fuzz(func(t *testing.T, body string) {
		base := livy.CreateSessionRequest{DriverMemory: "1g"}
		if got, err := apache.merge(base, body); err != nil && cmp.Diff(base, got) != "" {
			t.Fatalf("%q was refused, and yet changed the settings: %+v", body, got)
		}
	})
}

// TestRow78Refused names what the server would refuse, before it is asked.
func TestRow78Refused(t *testing.T) {
	fabric := New(Options{Profile: config.Profile{Name: "test", Endpoint: "https://fabric.example", Dialect: "fabric"}}).settings()
	local := New(Options{Profile: config.Profile{Name: "local", Endpoint: config.EndpointLocal}}).settings()
	for _, c := range []struct {
		name string
		in   settings
		body string
		want string // empty: it is taken
	}{
		{"a file of the server", apache, `{"jars": ["file:/a.jar"]}`, "jars: file:/a.jar is on the server's machine"},
		{"a file here", local, `{"jars": ["file:/a.jar"]}`, ""},
		{"deploy mode", apache, `{"conf": {"spark.submit.deployMode": "cluster"}}`, "is the server's to choose"},
		{"unknown", apache, `{"heartbeat": 3}`, `no setting "heartbeat"; there are archives,`},
		{"not of Fabric", fabric, `{"ttl": "1h"}`, `no setting "ttl"; there are archives, conf,`},
		{"of Fabric", fabric, `{"environment": {"id": "11111111-2222-3333-4444-555555555555"}, "tags": {"a": "b"}}`, ""},
		{"environment", fabric, `{"environment": "x"}`, "environment must be an object"},
		{"lakehouse", fabric, `{"defaultLakehouse": {"name": "x"}}`, "defaultLakehouse must be an object such as"},
		{"pool", fabric, `{"useWorkspacePool": {"name": "x"}}`, "useWorkspacePool must be the name"},
		{"starter pool", fabric, `{"useStarterPool": "no"}`, "useStarterPool must be true or false"},
		{"mounts", fabric, `{"mountPoints": []}`, "mount what you need in a cell"},
		{"pool elsewhere", apache, `{"useWorkspacePool": "x"}`, `no setting "useWorkspacePool"; there are archives,`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.in.merge(livy.CreateSessionRequest{}, c.body)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestFabricSettings are those of Fabric's notebooks, as the settings of Spark
// that do the same.
func TestFabricSettings(t *testing.T) {
	const workspace, lakehouse, other = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000", "66666666-7777-8888-9999-000000000001"
	fabric := New(Options{Profile: config.Profile{
		Name: "test", Dialect: "fabric",
		Endpoint: "https://api.fabric.microsoft.com/v1/workspaces/" + workspace + "/lakehouses/" + lakehouse + "/livyApi/versions/2023-12-01",
	}}).settings()
	before := map[string]string{"spark.a": "1", "spark.fabric.pools.skipStarterPools": "true", "spark.targetLakehouse": other}
	for body, want := range map[string]map[string]string{ // what changes; "" for what goes
		`{"environment": {"id": "abc"}, "conf": {"spark.x": "1"}}`:                          {"spark.fabric.environmentDetails": `{"id":"abc"}`, "spark.x": "1"},
		`{"useWorkspacePool": "big"}`:                                                       {"spark.fabric.pool.name": "big"},
		`{"useStarterPool": false}`:                                                         {"spark.fabric.pools.skipStarterPools": "true"},
		`{"useStarterPool": true}`:                                                          {"spark.fabric.pools.skipStarterPools": ""},
		`{"defaultLakehouse": {"id": "` + lakehouse + `", "name": "sales"}}`:                {"spark.targetLakehouse": ""},
		`{"defaultLakehouse": {"id": "` + other + `", "workspaceId": "` + workspace + `"}}`: {"spark.targetLakehouse": other},
		`{"conf": {"spark.fabric.pool.name": "mine"}, "useWorkspacePool": "big"}`:           {"spark.fabric.pool.name": "mine"},
	} {
		expected := maps.Clone(before)
		for key, value := range want {
			expected[key] = value
			if value == "" {
				delete(expected, key)
			}
		}
		got, err := fabric.merge(livy.CreateSessionRequest{Conf: maps.Clone(before)}, body)
		if diff := cmp.Diff(expected, got.Conf); err != nil || diff != "" {
			t.Errorf("%s: %v %s", body, err, diff)
		}
	}
	if _, err := fabric.merge(livy.CreateSessionRequest{}, `{"defaultLakehouse": {"id": "`+other+`", "workspaceId": "`+other+`"}}`); err == nil || !strings.Contains(err.Error(), "another workspace") {
		t.Errorf("a lakehouse of another workspace: %v", err)
	}
	if got, err := fabric.merge(livy.CreateSessionRequest{}, `{"useStarterPool": true, "defaultLakehouse": {"id": "`+lakehouse+`"}}`); err != nil || got.Conf != nil {
		t.Errorf("what is so anyway costs the starter pool: %v, %v", got.Conf, err)
	}
}

func TestCostOfSettings(t *testing.T) {
	ks := newFabric(t, config.Kernel{})
	if got := ks.must(`%%configure
{"driverMemory": "28g"}`).stdout(); !strings.Contains(got, "not taken from the starter pool") {
		t.Errorf("stdout %q", got)
	}
}
