// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package sessions

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

var record = Record{Profile: "sales", Endpoint: "https://livy.example", Name: "livy-kernel-1", Created: time.Unix(1, 0).UTC()}

func newStore(t *testing.T) (*Store, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	return NewStore(filepath.Join(t.TempDir(), "sessions"), slog.New(slog.NewTextHandler(&log, nil))), &log
}

func add(t *testing.T, s *Store, r Record) *Entry {
	t.Helper()
	e, err := s.Add(r)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func list(t *testing.T, s *Store) []Listed {
	t.Helper()
	found, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestLifeOfARecord(t *testing.T) {
	s, log := newStore(t)
	if found := list(t, s); len(found) != 0 {
		t.Fatalf("an empty store has %v", found)
	}
	e := add(t, s, record)
	if found := list(t, s); len(found) != 1 || !found[0].Held || found[0].Record != record {
		t.Fatalf("added: %+v", found)
	}
	if _, err := s.Take(t.Context(), e.Key()); !errors.Is(err, ErrHeld) {
		t.Errorf("a held record was taken: %v", err)
	}
	if err := e.Update(func(r *Record) { r.ID, r.Keep = "7", true }); err != nil {
		t.Fatal(err)
	}
	if err := s.Supersede(e.Key()); err != nil || !e.Superseded() {
		t.Errorf("superseded: %v", err)
	}
	if err := e.Release(); err != nil {
		t.Fatal(err)
	}
	if found := list(t, s); len(found) != 1 || found[0].Held || found[0].ID != "7" {
		t.Fatalf("released: %+v", found)
	}
	taken, err := s.Take(t.Context(), e.Key())
	if err != nil || !taken.Record().Keep {
		t.Fatalf("taken %+v: %v", taken, err)
	}
	if err := taken.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(t.Context(), e.Key()); !errors.Is(err, ErrGone) {
		t.Errorf("a removed record was taken: %v", err)
	}
	if found := list(t, s); len(found) != 0 || log.Len() != 0 {
		t.Errorf("removed: %v, log %s", found, log)
	}
}

func TestOnlyTheUserCanRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // modes are not its way
	}
	s, _ := newStore(t)
	e := add(t, s, record)
	defer e.Remove()
	for path, want := range map[string]os.FileMode{s.dir: 0o700, e.path(suffix): 0o600, e.path(".lock"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, error %v", path, info.Mode(), err)
		}
	}
}

// TestRow55BadRecords leaves alone what is no record, and says so.
func TestRow55BadRecords(t *testing.T) {
	s, log := newStore(t)
	good := add(t, s, record)
	defer good.Remove()
	for name, content := range map[string]string{
		"corrupt": `{"version":1,`, "newer": `{"version":2,"name":"n","endpoint":"e"}`, "empty": ``,
		"path": `{"version":1,"name":"n","endpoint":"e","id":"../7"}`, "nameless": `{"version":1,"endpoint":"e"}`,
	} {
		if err := os.WriteFile(filepath.Join(s.dir, name+suffix), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(s.dir, "folder"+suffix), 0o700); err != nil {
		t.Fatal(err)
	}
	bad := []string{"corrupt", "newer", "empty", "path", "nameless", "folder"}
	if runtime.GOOS != "windows" { // where links need a right of their own
		if err := os.Symlink(good.path(suffix), filepath.Join(s.dir, "link"+suffix)); err != nil {
			t.Fatal(err)
		}
		bad = append(bad, "link")
	}
	if found := list(t, s); len(found) != 1 || found[0].Key != good.Key() {
		t.Errorf("found %+v", found)
	}
	for _, name := range bad {
		if !strings.Contains(log.String(), name+suffix) {
			t.Errorf("nothing is said of %s", name)
		}
		if _, err := os.Lstat(filepath.Join(s.dir, name+suffix)); err != nil {
			t.Error(err)
		}
		if _, err := s.Take(t.Context(), name); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"version":1,"name":"n","endpoint":"e","id":7,"created":"2026-11-23T00:00:00Z"}`))
	f.Add([]byte(`{"version":1,"name":"n","endpoint":"e","id":"a/b"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parse(data)
		if err == nil && r.ID != "" && !r.ID.Valid() {
			t.Errorf("id %q was taken", r.ID)
		}
	})
}
