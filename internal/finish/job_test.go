// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package finish

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// answers is a server: what it answers, and what it was asked.
type answers struct {
	of    func(r *http.Request) (int, string)
	asked []string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	a.asked = append(a.asked, r.Method+" "+r.URL.Path)
	status, body := a.of(r)
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}, Request: r}, nil
}

func (a *answers) deletes() int {
	n := 0
	for _, s := range a.asked {
		if strings.HasPrefix(s, http.MethodDelete) {
			n++
		}
	}
	return n
}

// finishes runs a job in test time, with a record that its kernel has left, and
// returns what it came to, how long it took and whether the record is left.
func finishes(t *testing.T, j Job, a *answers) (took time.Duration, recorded bool, err error) {
	t.Helper()
	dir, log := filepath.Join(t.TempDir(), "sessions"), slog.New(slog.DiscardHandler)
	store := sessions.NewStore(dir, log)
	entry, addErr := store.Add(sessions.Record{Profile: "p", Endpoint: "http://livy", Name: "livy-kernel-1"})
	if addErr == nil {
		addErr = entry.Release()
	}
	if addErr != nil {
		t.Fatal(addErr)
	}
	j.Records, j.Key = dir, entry.Key()
	synctest.Test(t, func(t *testing.T) {
		client, newErr := livy.New("http://livy", livy.WithTransport(a))
		if newErr != nil {
			t.Fatal(newErr)
		}
		began := time.Now()
		err = Run(t.Context(), j, client, log)
		took = time.Since(began)
	})
	left, listErr := store.List()
	if listErr != nil {
		t.Fatal(listErr)
	}
	return took, len(left) == 1, err
}

const ours, stranger = `{"id":0,"name":"livy-kernel-1","state":"busy"}`, `{"id":0,"name":null,"state":"idle"}`

// TestRow53DeleteHangs for longer than the process tries: the record stays, and
// the next kernel tells of the session.
func TestRow53DeleteHangs(t *testing.T) {
	a := &answers{of: func(r *http.Request) (int, string) {
		if r.Method == http.MethodDelete {
			<-r.Context().Done()
		}
		return http.StatusOK, ours
	}}
	took, recorded, err := finishes(t, Job{ID: "0", Name: "livy-kernel-1"}, a)
	if err == nil || took != maxTime || !recorded || a.deletes() != 1 {
		t.Errorf("error %v after %v, recorded %v, %d deletes", err, took, recorded, a.deletes())
	}
}

// TestRow53DeleteFailsAtFirst is tried again until the server has answered.
func TestRow53DeleteFailsAtFirst(t *testing.T) {
	tries := 0
	a := &answers{of: func(r *http.Request) (int, string) {
		if r.Method == http.MethodDelete {
			if tries++; tries < 4 {
				return http.StatusInternalServerError, ""
			}
		}
		return http.StatusOK, ours
	}}
	took, recorded, err := finishes(t, Job{ID: "0", Name: "livy-kernel-1"}, a)
	if err != nil || took > maxTime || recorded || a.deletes() != 4 {
		t.Errorf("error %v after %v, recorded %v, %d deletes", err, took, recorded, a.deletes())
	}
}

// TestRow32SessionThatComesLater is found by its name: the kernel ended while
// the request for it was on its way.
func TestRow32SessionThatComesLater(t *testing.T) {
	lists := 0
	a := &answers{of: func(r *http.Request) (int, string) {
		if r.Method == http.MethodGet {
			if lists++; lists < 6 {
				return http.StatusOK, `{"sessions":[{"id":3,"name":"livy-kernel-2","state":"idle"}]}`
			}
		}
		return http.StatusOK, `{"sessions":[{"id":7,"name":"livy-kernel-1","state":"starting"}]}`
	}}
	_, recorded, err := finishes(t, Job{Name: "livy-kernel-1"}, a)
	if last := a.asked[len(a.asked)-1]; err != nil || recorded || last != "DELETE /sessions/7" || a.deletes() != 1 {
		t.Errorf("error %v, recorded %v, asked %v", err, recorded, a.asked)
	}
}

// TestRow44StrangersSession has the id by now, since the server was restarted:
// it is left alone, and the record goes.
func TestRow44StrangersSession(t *testing.T) {
	for name, c := range map[string]struct {
		job     Job
		status  int
		shown   string
		deletes int
	}{
		"without a name":           {Job{ID: "0", Name: "livy-kernel-1"}, http.StatusOK, stranger, 0},
		"of another name":          {Job{ID: "0", Name: "livy-kernel-1"}, http.StatusOK, `{"id":0,"name":"theirs","state":"idle"}`, 0},
		"gone":                     {Job{ID: "0", Name: "livy-kernel-1"}, http.StatusNotFound, `{"msg":"Session '0' not found."}`, 0},
		"server without names":     {Job{ID: "0"}, http.StatusOK, stranger, 1},
		"ours":                     {Job{ID: "0", Name: "livy-kernel-1"}, http.StatusOK, ours, 1},
		"a REPL, whose id is used": {Job{ID: "0", REPL: true}, http.StatusOK, stranger, 1},
	} {
		t.Run(name, func(t *testing.T) {
			a := &answers{of: func(*http.Request) (int, string) { return c.status, c.shown }}
			if _, recorded, err := finishes(t, c.job, a); err != nil || recorded || a.deletes() != c.deletes {
				t.Errorf("error %v, recorded %v, asked %v", err, recorded, a.asked)
			}
		})
	}
}

// TestRead takes a job from standard input, and quotes nothing of what is none:
// it may be a credential.
func TestRead(t *testing.T) {
	j, err := Read(strings.NewReader(`{"endpoint":"http://livy","authorization":"canary","id":"0"}`))
	if err != nil || j.Authorization != "canary" || strings.Contains(j.String(), "canary") {
		t.Errorf("%v, %v", j, err)
	}
	if _, err := Read(strings.NewReader(`canary`)); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("error is %v", err)
	}
}

// TestRunEndsWithItsContext: a signal ends the process.
func TestRunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, err := livy.New("http://livy", livy.WithTransport(&answers{of: func(*http.Request) (int, string) { return http.StatusInternalServerError, "" }}))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := Run(ctx, Job{ID: "0"}, client, slog.New(slog.DiscardHandler)); err == nil || time.Since(began) != time.Second {
			t.Errorf("error %v after %v", err, time.Since(began))
		}
	})
}
