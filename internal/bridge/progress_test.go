// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sparkui"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// moment is what a real Livy and the web UI of its Spark said at one time of
// statement 1, whose progress goes back when a job begins.
type moment struct {
	Progress float64           `json:"livy_progress"`
	Stages   []json.RawMessage `json:"active_stages"`
	Jobs     []json.RawMessage `json:"jobs"`
}

// recordedUI is a web UI that shows one of the moments.
type recordedUI struct {
	*httptest.Server
	mu  sync.Mutex
	now moment
}

func (u *recordedUI) show(m moment) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.now = m
}

func newRecordedUI(t *testing.T) (ui *recordedUI, moments []moment) {
	t.Helper()
	raw, err := os.ReadFile("../sparkui/testdata/moments.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &moments); err != nil {
		t.Fatal(err)
	}
	ui = &recordedUI{}
	ui.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ui.mu.Lock()
		defer ui.mu.Unlock()
		list := ui.now.Stages
		if strings.HasSuffix(r.URL.Path, "/jobs") {
			list = ui.now.Jobs
		}
		_ = json.NewEncoder(w).Encode(list) // the kernel says what came
	}))
	t.Cleanup(ui.Close)
	return ui, moments
}

// TestProgressByStages shows how far a cell is, overall and by stage, as a real
// Spark told it. It never goes back, and nothing is left of it.
func TestProgressByStages(t *testing.T) {
	ui, moments := newRecordedUI(t)
	bn := newBench(t, livy.KindPySpark)
	bn.engine.SetApp(server.App{ID: "local-1", UIURL: ui.URL})
	steps := make(chan float64)
	bn.engine.On("cell", livytest.Progress(steps, livytest.Text("")))
	bn.must("1+1")
	r := bn.start("cell")
	peak := 0.0
	for _, m := range moments {
		ui.show(m)
		steps <- m.Progress
		peak = max(peak, m.Progress)
		share := fmt.Sprintf("] %d %%, ", min(int(peak*100), 99))
		if len(m.Stages) == 0 { // between two jobs, or stages
			r.until(func() bool {
				shown := r.shownLocked()
				return strings.Contains(shown, share) && !strings.Contains(shown, "stage") || m.Progress == 1 && !strings.Contains(shown, "Spark [")
			})
		}
		for _, raw := range m.Stages {
			var s sparkui.Stage
			if err := json.Unmarshal(raw, &s); err != nil {
				t.Fatal(err)
			}
			stage := fmt.Sprintf("\n      [%s] stage %d: %d of %d tasks", bar(float64(s.Done)/float64(s.Tasks)), s.ID, s.Done, s.Tasks)
			r.until(func() bool {
				shown := r.shownLocked()
				return strings.Contains(shown, share) && strings.Contains(shown, stage)
			})
		}
	}
	close(steps)
	if err := <-r.err; err != nil || strings.Contains(r.shown(), "Spark [") || len(r.displays) != 0 {
		t.Errorf("left: %q, error %v", r.shown(), err)
	}
}

// TestProgressWithoutTheUI shows the share alone where Spark's web UI cannot be
// reached, and does not ask for ever.
func TestProgressWithoutTheUI(t *testing.T) {
	asked := make(chan struct{}, 100)
	ui := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(ui.Close)
	bn := newBench(t, livy.KindPySpark)
	bn.engine.SetApp(server.App{ID: "local-1", UIURL: ui.URL})
	bn.must("1+1")
	for cell := range 2 {
		steps := make(chan float64)
		bn.engine.On("cell", livytest.Progress(steps, livytest.Text("")))
		r := bn.start("cell")
		steps <- 0.5
		r.await(t, "] 50 %")
		for range maxUITries * (1 - cell) { // in the first one
			<-asked
		}
		steps <- 0.75
		r.await(t, "] 75 %")
		close(steps)
		if err := <-r.err; err != nil {
			t.Error(err)
		}
	}
	// The end of the first cell may have cut off the last answer.
	if n := len(asked); n > 1 {
		t.Errorf("asked %d times more", n)
	}
}

// TestProgressGivesWayToText: the line is taken back when text comes, and comes
// below it when no more does. There it stays as the time that Spark took.
func TestProgressGivesWayToText(t *testing.T) {
	bn, _ := liveBench(t, livy.KindPySpark)
	step := make(chan struct{})
	bn.engine.On("jobs", func(_ context.Context, call livytest.Call) (server.Output, error) {
		call.Progress(0.5)
		<-step
		call.Printed("a\n")
		<-step
		return livytest.TextOutput("a"), nil
	})
	r := bn.start("jobs")
	r.await(t, "] 50 %")
	step <- struct{}{}
	r.awaitStdout(t, "a\n")
	r.await(t, "] 50 %")
	step <- struct{}{}
	if err := <-r.err; err != nil || r.stdout() != "a\n" || !regexp.MustCompile(`^Spark: \d+ s$`).MatchString(r.shown()) {
		t.Errorf("stdout %q, shown %q, error %v", r.stdout(), r.shown(), err)
	}
}

// TestProgressLine words it for both kinds of clients.
func TestProgressLine(t *testing.T) {
	stages := []sparkui.Stage{{ID: 3, Name: "collect at <stdin>:4", Tasks: 4, Active: 2, Done: 1}, {ID: 4, Name: strings.Repeat("é", 100), Tasks: 10, Done: 5, Failed: 1}}
	text, markup := progressLine(0.256, stages, 12*time.Second)
	if want := "Spark [=====               ] 25 %, 12 s\n" +
		"      [=====               ] stage 3: 1 of 4 tasks, 2 running (collect at <stdin>:4)\n" +
		"      [==========          ] stage 4: 5 of 10 tasks, 1 failed (" + strings.Repeat("é", 60) + ")"; text != want {
		t.Errorf("%s", text)
	}
	if want := `<progress max="100" value="25"></progress> Spark 25 %, 12 s` +
		`<br><progress max="4" value="1"></progress> stage 3: 1 of 4 tasks, 2 running (collect at &lt;stdin&gt;:4)`; !strings.HasPrefix(markup, want) {
		t.Errorf("%s", markup)
	}
	text, markup = progressLine(0, slices.Repeat([]sparkui.Stage{{Tasks: 1}}, 7), 0)
	if !strings.HasSuffix(text, "\n      and 2 more stages") || !strings.HasSuffix(markup, "<br>and 2 more stages") || strings.Count(text, "\n") != 6 {
		t.Errorf("%s\n%s", text, markup)
	}
}
