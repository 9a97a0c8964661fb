// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package arrows holds no code, only the test that the layers import each
// other in the directions that docs/architecture.md draws.
package arrows

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/livy-kernel/livy-kernel/"

// pkg is the part of `go list -json` that is looked at here.
type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// under reports whether path is folder or lies below it.
func under(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// leaf is what public packages may use: it is of the standard library alone.
const leaf = module + "internal/lazyregexp"

func TestImportArrows(t *testing.T) {
	rules := []struct {
		name  string
		from  func(path string) bool
		never string
		deep  bool // look through all dependencies, not only direct imports
	}{
		{"kernel knows nothing of Livy", within("kernel"), module + "livy", true},
		{"livy knows nothing of Jupyter", within("livy"), module + "kernel", true},
		{"public packages need nothing internal", within("kernel", "livy", "kernelspec"), module + "internal", true},
		{"nobody imports a command", within(""), module + "cmd", true},
		{"only kernel/zmtp speaks ZMTP", outside("kernel/zmtp"), "github.com/go-zeromq/zmq4", false},
		{"only livy/auth signs in to Entra", outside("livy/auth"), "github.com/AzureAD/microsoft-authentication-library-for-go", false},
	}
	for _, p := range list(t) {
		for _, rule := range rules {
			if !rule.from(p.ImportPath) {
				continue
			}
			imports := p.Imports
			if rule.deep {
				imports = p.Deps
			}
			for _, dep := range imports {
				if under(dep, rule.never) && dep != leaf {
					t.Errorf("%s: %s imports %s", rule.name, p.ImportPath, dep)
				}
			}
		}
	}
}

func within(folders ...string) func(string) bool {
	return func(path string) bool {
		for _, f := range folders {
			if under(path, strings.TrimSuffix(module+f, "/")) {
				return true
			}
		}
		return false
	}
}

func outside(folder string) func(string) bool {
	in := within(folder)
	return func(path string) bool { return !in(path) }
}

func list(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list names only %d packages", len(all))
	}
	return all
}
