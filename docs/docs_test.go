// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package docs

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// Every test that a page names is there, and each promise names some.
func TestNamedTestsExist(t *testing.T) {
	tests := make(map[string]bool)
	definition := regexp.MustCompile(`(?m)^(?:func|\s*def|async def) ((?:Test|Fuzz|test_)\w+)\(`)
	for path := range files(t, ".go", ".py") {
		text := read(t, path)
		tests[strings.TrimSuffix(filepath.Base(path), ".py")] = true // a file of tests
		for _, name := range definition.FindAllStringSubmatch(text, -1) {
			tests[name[1]] = true
		}
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*|test_[A-Za-z0-9_]+)`")
	for path := range files(t, ".md") {
		for _, name := range named.FindAllStringSubmatch(read(t, path), -1) {
			if !tests[name[1]] {
				t.Errorf("%s: there is no %s", path, name[1])
			}
		}
	}
	security := read(t, "security.md")
	for i := 1; i <= 9; i++ {
		row := regexp.MustCompile(fmt.Sprintf(`(?m)^\| P%d \|.*$`, i)).FindString(security)
		if len(named.FindAllString(row, -1)) < 2 {
			t.Errorf("no proof of P%d: %q", i, row)
		}
	}
}

// Every link of a page within the repository leads to a file and a heading.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for path := range files(t, ".md") {
		for _, found := range link.FindAllStringSubmatch(read(t, path), -1) {
			if strings.Contains(found[1], "://") || strings.HasPrefix(found[1], "mailto:") {
				continue
			}
			file, anchor, _ := strings.Cut(found[1], "#")
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %s leads nowhere", path, found[1])
			} else if anchor != "" && !anchors(read(t, target))[anchor] {
				t.Errorf("%s: %s has no heading", path, found[1])
			}
		}
	}
}

// Every file and folder of the repository that a page names is there.
func TestNamedFilesExist(t *testing.T) {
	named := regexp.MustCompile("`((?:bench|cmd|docs|examples|internal|kernel|kernelspec|livy|packaging|test)/[\\w./-]+)`")
	found := 0
	for path := range files(t, ".md") {
		for _, name := range named.FindAllStringSubmatch(read(t, path), -1) {
			found++
			if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(name[1]))); err != nil {
				t.Errorf("%s: there is no %s", path, name[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d files are named", found)
	}
}

// anchors are what a page's headings are linked by.
func anchors(page string) map[string]bool {
	found := make(map[string]bool)
	for line := range strings.Lines(page) {
		if heading := strings.TrimLeft(line, "#"); heading != line && strings.HasPrefix(heading, " ") {
			found[strings.Map(func(r rune) rune {
				switch {
				case r == ' ':
					return '-'
				case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
					return unicode.ToLower(r)
				}
				return -1
			}, strings.TrimSpace(heading))] = true
		}
	}
	return found
}

// files yields the files of the repository that end in one of suffixes.
func files(t *testing.T, suffixes ...string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		t.Helper()
		err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name := entry.Name()
			if entry.IsDir() && (name == "testdata" || name == "bin" || strings.HasPrefix(name, ".") && name != "..") {
				return filepath.SkipDir
			}
			for _, suffix := range suffixes {
				if strings.HasSuffix(name, suffix) && !entry.IsDir() && !yield(path) {
					return filepath.SkipAll
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
