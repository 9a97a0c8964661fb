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

// docs/protocol.md names a test for each rule and each row, each test that it
// names is there, and one of those that are named bears the rule's id.
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
	for id, row := range ruleIDs() {
		// Another digit would make another id of it.
		bears := regexp.MustCompile("`[Tt]est[A-Za-z0-9_]*" + id + "(?:[^0-9`][A-Za-z0-9_]*)?`")
		if !bears.MatchString(rows[row]) {
			t.Errorf("no test that bears %s is named for it: %q", id, rows[row])
		}
	}
}

// ruleIDs are the ids in the names of tests, each with what the document calls
// it.
func ruleIDs() map[string]string {
	ids := map[string]string{"[Rr]ow87": "87"}
	for prefix, last := range map[string]int{"W": 17, "O": 6, "X": 10, "C": 11, "I": 9, "R": 8, "K": 8, "S": 6} {
		for i := 1; i <= last; i++ {
			ids[fmt.Sprint(prefix, i)] = fmt.Sprint(prefix, i)
		}
	}
	for i := 1; i <= 15; i++ {
		ids[fmt.Sprintf("[Tt]rap%02d", i)] = fmt.Sprintf("Trap%02d", i)
		ids[fmt.Sprintf("[Rr]ow%02d", i)] = fmt.Sprint(i)
	}
	return ids
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
