// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func newSpec(t *testing.T, profile string, kind livy.Kind) Spec {
	t.Helper()
	spec, err := New(Request{
		Binary: "/opt/livy kernel/livy-kernel", ConfigFile: "/home/ann/.config/livy-kernel/config.toml", Profile: profile, Kind: kind,
	})
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestKernelJSON(t *testing.T) {
	for _, kind := range Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			files, err := newSpec(t, "sales", kind).files()
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", string(kind)+".json")
			if *update {
				if err := os.WriteFile(golden, files[specFile], 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(files[specFile])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLogos(t *testing.T) {
	seen := map[string]livy.Kind{}
	for _, kind := range Kinds() {
		for _, c := range []struct {
			name string
			size int
		}{{"logo-32x32.png", 32}, {"logo-64x64.png", 64}} {
			data, err := logo(kind, c.name)
			if err != nil {
				t.Fatal(err)
			}
			config, err := png.DecodeConfig(strings.NewReader(string(data)))
			if err != nil || config.Width != c.size || config.Height != c.size {
				t.Errorf("%s of %s: %dx%d, %v", c.name, kind, config.Width, config.Height, err)
			}
			if other, ok := seen[string(data)]; ok {
				t.Errorf("%s and %s look the same", kind, other)
			}
			seen[string(data)] = kind
		}
	}
}

func TestNewRefuses(t *testing.T) {
	good := Request{Binary: "/bin/lk", ConfigFile: "/c.toml", Profile: "a", Kind: livy.KindSQL}
	for name, change := range map[string]func(*Request){
		"kind":            func(r *Request) { r.Kind = "sparkr" },
		"upper case":      func(r *Request) { r.Profile = "Sales" },
		"path as name":    func(r *Request) { r.Profile = "../x" },
		"relative binary": func(r *Request) { r.Binary = "livy-kernel" },
		"expanded env":    func(r *Request) { r.ConfigFile = "/home/${USER}/c.toml" },
		"expanded argv":   func(r *Request) { r.Binary = "/x/{connection_file}" },
	} {
		r := good
		change(&r)
		if spec, err := New(r); err == nil {
			t.Errorf("%s: got %v", name, spec)
		}
	}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"argv":["x"],"metadata":{"livy_kernel":{"profile":"a","kind":"sql"}}}`))
	f.Add([]byte(`{"argv":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := parse(data)
		if err == nil && (len(spec.Argv) == 0 || spec.Metadata.Owner == nil) {
			t.Fatalf("%q passes as ours", data)
		}
	})
}
