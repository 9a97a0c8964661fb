// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each error that the kernel makes up is explained, and nothing else is.
func TestEveryErrorIsExplained(t *testing.T) {
	made := regexp.MustCompile(`(?:newError\(|EName: *|name := )"([A-Z]\w+)"`)
	names := make(map[string]bool)
	for _, folder := range []string{"../../internal/bridge", "../../kernel"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, name := range made.FindAllStringSubmatch(string(text), -1) {
				names[name[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	delete(names, "Error") // what Spark itself calls it
	u := newUser(t)
	for name := range names {
		if said := u.must("explain", strings.ToLower(name)); !strings.HasPrefix(said, name+"\n\n") || len(said) < 80 {
			t.Errorf("%s: %q", name, said)
		}
	}
	listed := errorNames()
	if len(names) < 15 || len(listed) != len(names) || !slices.IsSorted(listed) {
		t.Errorf("%d names are made, the page has %v", len(names), listed)
	}
	if all := u.must("explain"); strings.Count(all, "\n  ") != len(listed) {
		t.Errorf("got %s", all)
	}
}
