// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/protocol.md names a test for each rule, and each test that it names is
// there.
func TestProtocolDocument(t *testing.T) {
	document, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testNames(t)
	for _, name := range regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*|test_[A-Za-z0-9_]+)`").FindAllStringSubmatch(string(document), -1) {
		if !tests[name[1]] {
			t.Errorf("there is no %s", name[1])
		}
	}
	rows := make(map[string]string)
	for line := range strings.Lines(string(document)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			for id := range strings.SplitSeq(cells[1], ",") {
				rows[strings.TrimSpace(id)] = cells[3]
			}
		}
	}
	for prefix, last := range map[string]int{"W": 17, "O": 6, "X": 10, "C": 11, "I": 9, "R": 8, "K": 8, "S": 6, "Trap": 15} {
		for i := 1; i <= last; i++ {
			id := fmt.Sprint(prefix, i)
			if prefix == "Trap" {
				id = fmt.Sprintf("Trap%02d", i)
			}
			if !strings.Contains(strings.ToLower(rows[id]), "`test") {
				t.Errorf("no test is named for %s", id)
			}
		}
	}
}

// testNames are the Go tests of the module, the Python tests, and the files of
// these.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	definition := regexp.MustCompile(`(?m)^(?:func|def) ((?:Test|Fuzz|test_)\w+)\(`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != ".." {
			return filepath.SkipDir
		}
		python := filepath.Ext(path) == ".py"
		if !python && !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, name := range definition.FindAllSubmatch(text, -1) {
			names[string(name[1])] = true
		}
		if python {
			names[strings.TrimSuffix(entry.Name(), ".py")] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
