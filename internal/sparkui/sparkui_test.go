// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package sparkui

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// moment is what a real Spark's web UI said at one time of a statement.
type moment struct {
	Stages []json.RawMessage `json:"active_stages"`
	Jobs   []json.RawMessage `json:"jobs"`
}

// TestStages reads what a real Spark said while statement 1 ran.
func TestStages(t *testing.T) {
	raw, err := os.ReadFile("testdata/moments.json")
	if err != nil {
		t.Fatal(err)
	}
	var moments []moment
	if err := json.Unmarshal(raw, &moments); err != nil {
		t.Fatal(err)
	}
	now, header := moments[0], http.Header(nil)
	ui := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		var list []json.RawMessage
		switch r.URL.String() {
		case "/api/v1/applications/local-1/jobs?status=running":
			for _, j := range now.Jobs {
				if strings.Contains(string(j), `"RUNNING"`) {
					list = append(list, j)
				}
			}
		case "/api/v1/applications/local-1/stages?status=active":
			list = now.Stages
		default:
			http.Redirect(w, r, "/", http.StatusFound)
			return
		}
		_ = json.NewEncoder(w).Encode(list) // the client says what came
	}))
	t.Cleanup(ui.Close)
	c := New()
	seen := make(map[int][]int) // completed tasks, by stage
	for _, now = range moments {
		stages, err := c.Stages(t.Context(), ui.URL+"/", "local-1", "1")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stages {
			seen[s.ID] = append(seen[s.ID], s.Done)
		}
	}
	if diff := cmp.Diff(map[int][]int{0: {0, 2, 4, 5, 6, 8}, 1: {0, 3}, 3: {0, 1, 3}, 5: {0}, 6: {0}}, seen); diff != "" {
		t.Error(diff)
	}
	now = moments[1]
	want := []Stage{{ID: 0, Name: "reduceByKey at <stdin>:4", Tasks: 12, Active: 2, Done: 2}}
	if got, err := c.Stages(t.Context(), ui.URL, "local-1", "1"); err != nil || !cmp.Equal(got, want) {
		t.Errorf("%+v, error %v", got, err)
	}
	if got, err := c.Stages(t.Context(), ui.URL, "local-1", "2"); err != nil || len(got) != 0 {
		t.Errorf("of another statement: %+v, error %v", got, err)
	}
	if _, err := c.Stages(t.Context(), ui.URL, "local-2", "1"); err == nil {
		t.Error("a redirect was followed")
	}
	if len(header.Values("Authorization"))+len(header.Values("Cookie")) > 0 {
		t.Errorf("sent %v", header)
	}
}

// TestNoStages: what cannot be reached, or is not what it should be, is an
// error.
func TestNoStages(t *testing.T) {
	ui := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>sign in")) }))
	t.Cleanup(ui.Close)
	for _, address := range []string{ui.URL, "http://127.0.0.1:1", "no address", "file:///etc"} {
		if stages, err := New().Stages(t.Context(), address, "a", "1"); err == nil {
			t.Errorf("%s: %v", address, stages)
		}
	}
}
