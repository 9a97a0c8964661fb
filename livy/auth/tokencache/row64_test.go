// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// TestRow64UnusableFile: whatever is wrong with the file, the cache is empty,
// says so once, and the next sign-in is kept again.
func TestRow64UnusableFile(t *testing.T) {
	keys := &memoryKeys{}
	faults := map[string]func(t *testing.T, path string){
		"corrupt":   func(t *testing.T, path string) { write(t, path, "\x00\x01", 0o600) },
		"no tokens": func(t *testing.T, path string) { write(t, path, "", 0o600) },
		"truncated": func(t *testing.T, path string) { must(t, os.Truncate(path, 40)) },
		"changed": func(t *testing.T, path string) {
			content, err := os.ReadFile(path)
			must(t, err)
			content[len(content)-20] ^= 1
			write(t, path, string(content), 0o600)
		},
		"of another cache": func(t *testing.T, path string) {
			other := newCache(t, Options{Dir: filepath.Dir(path), Name: "other", Keys: []Keys{keys}})
			export(t, other, canary)
			must(t, os.Rename(filepath.Join(filepath.Dir(path), "other.test.tokens"), path))
		},
		"a folder": func(t *testing.T, path string) {
			must(t, os.Remove(path))
			must(t, os.Mkdir(path, 0o700))
		},
		"too big": func(t *testing.T, path string) { must(t, os.Truncate(path, maxSize+1)) },
	}
	if runtime.GOOS != "windows" {
		faults["readable by others"] = func(t *testing.T, path string) { must(t, os.Chmod(path, 0o644)) }
		faults["a link"] = func(t *testing.T, path string) {
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			must(t, os.Rename(path, elsewhere))
			must(t, os.Symlink(elsewhere, path))
		}
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			export(t, newCache(t, Options{Dir: dir, Keys: []Keys{keys}}), canary)
			fault(t, filepath.Join(dir, "sales.test.tokens"))
			c := newCache(t, Options{Dir: dir, Keys: []Keys{keys}})
			for range 2 {
				if got := replace(t, t.Context(), c); !got.empty() {
					t.Errorf("the cache holds %q", got.text)
				}
			}
			if notices := c.TakeNotices(); len(notices) != 1 && name != "no tokens" {
				t.Errorf("notices: %q", notices)
			}
			export(t, c, "new")
			if got := replace(t, t.Context(), c); !got.holds("new") {
				t.Errorf("the cache holds %q", got.text)
			}
		})
	}
}

// TestRow64ReadableByOthers: a token in clear that others could read counts as
// lost.
func TestRow64ReadableByOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the folder's rights are the user's, and modes say nothing
	}
	dir := folder(t)
	export(t, newCache(t, Options{Dir: dir, Mode: PlainFile}), canary)
	path := filepath.Join(dir, "sales.plain.tokens")
	must(t, os.Chmod(path, 0o604))
	c := newCache(t, Options{Dir: dir, Mode: PlainFile})
	if got := replace(t, t.Context(), c); !got.empty() {
		t.Errorf("the cache holds %q", got.text)
	}
	export(t, c, "new")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the new file has mode %v, %v", info.Mode(), err)
	}
}

// TestRow64LockedByAnotherProcess: nobody waits for ever.
func TestRow64LockedByAnotherProcess(t *testing.T) {
	dir := folder(t)
	c := newCache(t, Options{Dir: dir, LockWait: 100 * time.Millisecond})
	export(t, c, canary)
	foreign := flock.New(filepath.Join(dir, "sales.lock"))
	if locked, err := foreign.TryLock(); err != nil || !locked {
		t.Fatal(locked, err)
	}
	defer foreign.Close()
	ctx, end := c.Begin(t.Context())
	defer end()
	if got := replace(t, ctx, c); !got.holds(canary) {
		t.Errorf("the cache holds %q", got.text)
	}
	exportIn(t, ctx, c, "new")

	cut, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	cancel(stopped)
	cut, endCut := newCache(t, Options{Dir: dir}).Begin(cut)
	defer endCut()
	if err := newCache(t, Options{Dir: dir}).Replace(cut, tokens(""), hints); !errors.Is(err, stopped) {
		t.Errorf("an interrupted wait ends with %v", err)
	}
}

// TestRow64NoDisk: what cannot be written is kept in memory.
func TestRow64NoDisk(t *testing.T) {
	dir := folder(t)
	c := newCache(t, Options{Dir: dir})
	export(t, c, "old")
	must(t, os.RemoveAll(dir))
	write(t, dir, "in the way", 0o600)
	export(t, c, canary)
	if got := replace(t, t.Context(), c); !got.holds(canary) {
		t.Errorf("the cache holds %q", got.text)
	}
	if storage, err := c.Storage(t.Context()); err != nil || storage != StorageMemory || len(c.TakeNotices()) != 1 {
		t.Errorf("storage is %q, %v", storage, err)
	}
	late := newCache(t, Options{Dir: dir})
	export(t, late, canary)
	if got := replace(t, t.Context(), late); !got.holds(canary) || len(late.TakeNotices()) != 1 {
		t.Errorf("without a folder the cache holds %q", got.text)
	}
}

func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	must(t, os.WriteFile(path, []byte(content), mode))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
