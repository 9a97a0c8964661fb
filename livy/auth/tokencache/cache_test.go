// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKeptEncrypted(t *testing.T) {
	dir, keys := folder(t), &memoryKeys{}
	first := newCache(t, Options{Dir: dir, Keys: []Keys{keys}})
	if got := replace(t, t.Context(), first); !got.empty() {
		t.Errorf("a new cache holds %q", got.text)
	}
	export(t, first, canary)
	second := newCache(t, Options{Dir: dir, Keys: []Keys{keys}})
	if got := replace(t, t.Context(), second); !got.holds(canary) {
		t.Errorf("after a restart the cache holds %q", got.text)
	}
	if notices := append(first.TakeNotices(), second.TakeNotices()...); len(notices) != 0 {
		t.Errorf("notices: %q", notices)
	}
	for path, mode := range files(t, dir) {
		if mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %o", path, mode.Perm())
		}
		if content, err := os.ReadFile(path); err == nil && strings.Contains(string(content), canary) {
			t.Errorf("%s holds a token in clear", path)
		}
	}
}

// files returns the folder and what is in it.
func files(t *testing.T, dir string) map[string]os.FileMode {
	t.Helper()
	found := map[string]os.FileMode{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			found[path] = info.Mode()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Another process may have signed out: what MSAL held in memory must go too.
func TestEmptyFileEmptiesMemory(t *testing.T) {
	dir := folder(t)
	c := newCache(t, Options{Dir: dir})
	export(t, c, canary)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if got := replace(t, t.Context(), c); !got.empty() {
		t.Errorf("the cache holds %q", got.text)
	}
}

func TestWhereTokensAreKept(t *testing.T) {
	none := &memoryKeys{err: errors.New("no keyring")}
	cases := []struct {
		name    string
		options Options
		want    Storage
		notice  string
	}{
		{"keyring", Options{Keys: []Keys{&memoryKeys{}, none}}, "test", ""},
		{"the second keyring", Options{Keys: []Keys{none, &memoryKeys{}}}, "test", ""},
		{"no keyring", Options{Keys: []Keys{none}}, StorageMemory, `token_cache = "file"`},
		{"memory asked for", Options{Mode: Memory, Keys: []Keys{&memoryKeys{}}}, StorageMemory, ""},
		{"file asked for", Options{Mode: PlainFile, Keys: []Keys{&memoryKeys{}}}, StorageFile, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.options.Dir = folder(t)
			cache := newCache(t, c.options)
			export(t, cache, canary)
			if got := replace(t, t.Context(), cache); !got.holds(canary) {
				t.Errorf("the cache holds %q", got.text)
			}
			if got, err := cache.Storage(t.Context()); err != nil || got != c.want {
				t.Errorf("storage is %q, %v", got, err)
			}
			kept, err := filepath.Glob(filepath.Join(c.options.Dir, "*.tokens"))
			if err != nil || (len(kept) == 0) != (c.want == StorageMemory) {
				t.Errorf("files: %v, %v", kept, err)
			}
			notices := cache.TakeNotices()
			if c.notice == "" && len(notices) != 0 || c.notice != "" && (len(notices) != 1 || !strings.Contains(notices[0], c.notice)) {
				t.Errorf("notices: %q", notices)
			}
			replace(t, t.Context(), cache)
			if again := cache.TakeNotices(); len(again) != 0 {
				t.Errorf("told twice: %q", again)
			}
		})
	}
}

func TestOneKeyForAll(t *testing.T) {
	dir, keys := folder(t), &memoryKeys{}
	var all sync.WaitGroup
	for i := range 8 {
		c := newCache(t, Options{Dir: dir, Name: "sales-" + string(rune('a'+i)), Keys: []Keys{keys}})
		all.Go(func() { _, _ = c.Storage(t.Context()) })
	}
	all.Wait()
	if keys.sets != 1 {
		t.Errorf("the key was made %d times", keys.sets)
	}
}

func TestClear(t *testing.T) {
	dir := folder(t)
	none := &memoryKeys{err: errors.New("no keyring")}
	keyed, plain := newCache(t, Options{Dir: dir}), newCache(t, Options{Dir: dir, Mode: PlainFile})
	other := newCache(t, Options{Dir: dir, Name: "sales-2", Mode: PlainFile})
	for _, c := range []*Cache{keyed, plain, other} {
		export(t, c, canary)
	}
	// Whoever signs out forgets what other storages hold too.
	if err := newCache(t, Options{Dir: dir, Keys: []Keys{none}}).Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "*.tokens"))
	if diff := cmp.Diff([]string{filepath.Join(dir, "sales-2.plain.tokens")}, kept); err != nil || diff != "" {
		t.Error(err, diff)
	}
	memory := newCache(t, Options{Mode: Memory})
	export(t, memory, canary)
	if err := memory.Clear(t.Context()); err != nil || !replace(t, t.Context(), memory).empty() {
		t.Errorf("memory is not cleared: %v", err)
	}
}

func TestOptions(t *testing.T) {
	for name, o := range map[string]Options{
		"mode":     {Dir: t.TempDir(), Name: "a", Mode: "disk"},
		"name":     {Dir: t.TempDir(), Name: "../a"},
		"relative": {Dir: "tokens", Name: "a"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
