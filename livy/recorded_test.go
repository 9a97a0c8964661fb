// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

var update = flag.Bool("update", false, "write the golden files anew")

// recording is an answer of Apache Livy 0.9.0, taken down from the wire.
type recording struct {
	Method      string `json:"method"`
	Path        string `json:"path"`
	Status      int    `json:"status"`
	ContentType string `json:"contentType"`
	Location    string `json:"location"`
	Body        string `json:"body"`
}

func readRecording(t *testing.T, name string) recording {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "recorded", name))
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r recording) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", r.ContentType)
	if r.Location != "" {
		w.Header().Set("Location", r.Location)
	}
	w.WriteHeader(r.Status)
	_, _ = io.WriteString(w, r.Body)
}

// call makes the request that the recording is the answer to, and tells in one
// line what the client makes of it.
func (r recording) call(ctx context.Context, client *livy.Client) string {
	switch last := r.Path[strings.LastIndex(r.Path, "/")+1:]; {
	case r.Method == http.MethodPost && last == "sessions":
		s, err := client.CreateSession(ctx, livy.CreateSessionRequest{})
		return tell(tellSession(s), err)
	case r.Method == http.MethodPost && last == "statements":
		s, err := client.Submit(ctx, "0", livy.StatementRequest{Code: "1"})
		return tell(tellStatement(s), err)
	case r.Method == http.MethodPost && last == "completion":
		candidates, err := client.Complete(ctx, "0", livy.CompletionRequest{})
		return tell(fmt.Sprint(candidates), err)
	case r.Method == http.MethodDelete:
		return tell("deleted", client.DeleteSession(ctx, "0"))
	case strings.Contains(r.Path, "/statements/"):
		id := livy.StatementID(last)
		if s, err := client.Statement(ctx, "0", id); err == nil && !s.State.Terminal() || r.Status == http.StatusNotFound {
			return tell(tellStatement(s), err)
		}
		s, err := client.WaitStatement(ctx, "0", livy.Statement{ID: id}, nil)
		return tell(tellStatement(s), err)
	case strings.HasPrefix(last, "log"):
		lines, err := client.Log(ctx, "0", livy.LogTail, 10)
		return tell(fmt.Sprintf("%q", lines), err)
	case strings.HasPrefix(last, "sessions"):
		all, err := client.Sessions(ctx)
		return tell(tellSessions(all), err)
	default:
		s, err := client.Session(ctx, "0")
		return tell(tellSession(s), err)
	}
}

// tell shows the error's type, which decides what a caller does, and its text.
func tell(result string, err error) string {
	var (
		lost      *livy.SessionLostError
		uncertain *livy.UncertainError
		api       *livy.APIError
	)
	switch {
	case err == nil:
		return result
	case errors.As(err, &lost):
		return fmt.Sprintf("SessionLostError: %v, %d lines of log", err, len(lost.Log))
	case errors.As(err, &uncertain):
		return "UncertainError: " + err.Error()
	case errors.As(err, &api):
		return "APIError: " + err.Error()
	}
	return fmt.Sprintf("%T: %v", err, err)
}

func tellSession(s livy.Session) string {
	return fmt.Sprintf("session %s %q %s %s %v %q", s.ID, s.Name, s.Kind, s.State, s.AppInfo, s.Log)
}

func tellSessions(all []livy.Session) string {
	var told []string
	for _, s := range all {
		told = append(told, tellSession(s))
	}
	return strings.Join(told, "; ")
}

func tellStatement(s livy.Statement) string {
	text := fmt.Sprintf("statement %s %s %.2f", s.ID, s.State, s.Progress)
	if s.Output == nil {
		return text + ", no output"
	}
	text += fmt.Sprintf(", count %d %s", s.Output.ExecutionCount, s.Output.Status)
	if s.Output.Status == "error" {
		return text + fmt.Sprintf(" %s: %q %q", s.Output.EName, s.Output.EValue, s.Output.Traceback)
	}
	for _, mime := range slices.Sorted(maps.Keys(s.Output.Data)) {
		text += fmt.Sprintf(" %s=%s", mime, s.Output.Data[mime])
	}
	return text
}

// TestRecordedAnswers shows what the client makes of the answers of a real
// Livy. The errors' texts are what users read.
func TestRecordedAnswers(t *testing.T) {
	files, err := os.ReadDir(filepath.Join("testdata", "recorded"))
	if err != nil {
		t.Fatal(err)
	}
	log := readRecording(t, "log_of_dead_session.json")
	var got strings.Builder
	for _, file := range files {
		r := readRecording(t, file.Name())
		client := serveHTTP(t, func(w http.ResponseWriter, req *http.Request) {
			if strings.HasSuffix(req.URL.Path, "/log") {
				log.ServeHTTP(w, req)
				return
			}
			r.ServeHTTP(w, req)
		})
		fmt.Fprintf(&got, "%s\n  %s\n", strings.TrimSuffix(file.Name(), ".json"), r.call(t.Context(), client))
	}
	checkGolden(t, "recorded.golden", got.String())
}

// checkGolden compares got with a file of testdata, line by line.
func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Error(diff)
	}
}
