// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/internal/sparkui"
	"github.com/livy-kernel/livy-kernel/livy"
)

// TestSaid holds the lines that cells show of the session and of its jobs, and
// the answers of the magics, to their golden files: as text, then as HTML.
func TestSaid(t *testing.T) {
	b := New(Options{Profile: config.Profile{Name: "sales", Endpoint: "https://livy.example", Auth: "none"}})
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	ready := func(o origin, gone livy.SessionID, change func(*session)) (text, html string) {
		s := &session{livy: livy.Session{ID: "7"}, origin: o, took: 12400 * time.Millisecond}
		if change != nil {
			change(s)
		}
		b.gone = gone
		return b.welcome(s)
	}
	linked := func(s *session) { s.livy.AppInfo = map[string]string{"sparkUiUrl": "https://spark.example/ui?<b>"} }
	request := livy.CreateSessionRequest{DriverMemory: "1g", Conf: map[string]string{"spark.a": "1", "fs.secret.key": "x"}}
	changed, err := apache.merge(request, `{"driverMemory": "2g", "jars": ["a.jar"], "conf": {"spark.a": 2, "fs.secret.key": "y"}}`)
	if err != nil {
		t.Fatal(err)
	}
	stages := []sparkui.Stage{{ID: 3, Name: "count at <b>\nline", Tasks: 8, Done: 2, Active: 2, Failed: 1}}
	said := map[string]func() (text, html string){
		"help":               func() (string, string) { return helpText(), "" },
		"welcome":            func() (string, string) { return ready(created, "", nil) },
		"welcome_link":       func() (string, string) { return ready(created, "", linked) },
		"welcome_after_loss": func() (string, string) { return ready(created, "6", linked) },
		"welcome_back": func() (string, string) {
			return ready(resumed, "", func(s *session) { s.since = since })
		},
		"welcome_attached": func() (string, string) { return ready(attached, "", nil) },
		"progress":         func() (string, string) { return progressLine(0.37, stages, 65*time.Second) },
		"progress_done":    func() (string, string) { return progressLine(1, nil, time.Second) },
		"progress_ended":   func() (string, string) { return progressEnded(65 * time.Second), "" },
		"configure":        func() (string, string) { return strings.Join(difference(request, changed), "\n"), "" },
		"throttled": func() (string, string) {
			return noticeText(livy.Notice{Reason: livy.ReasonThrottled, Until: since}), ""
		},
		"no_capacity": func() (string, string) {
			return noticeText(livy.Notice{Reason: livy.ReasonCapacity, Message: "too\nmany"}), ""
		},
		"table_of_the_kernel": func() (string, string) {
			table := render.Table{
				Columns: []render.Column{{Name: "session"}, {Name: "7"}},
				Rows:    [][]render.Cell{{{Text: "name"}, {Text: "<b>"}}, {{Text: "state"}, {Text: "idle"}}},
			}
			return table.Text(), table.HTML()
		},
	}
	for name, say := range said {
		t.Run(name, func(t *testing.T) {
			text, html := say()
			compareGolden(t, filepath.Join("said", name), fmt.Sprintf("%s\n\n%s\n", text, html))
		})
	}
}

// compareGolden holds got to a golden file, or writes it.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	golden := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from %s (-want +got):\n%s", golden, diff)
	}
}
