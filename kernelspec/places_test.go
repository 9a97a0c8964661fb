// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestUserDir(t *testing.T) {
	for _, c := range []struct {
		name, goos, home string
		env              map[string]string
		want             string
	}{
		{"linux", "linux", "/home/ann", nil, "/home/ann/.local/share/jupyter"},
		{"xdg", "linux", "/home/ann", map[string]string{"XDG_DATA_HOME": "/d"}, "/d/jupyter"},
		{"macos", "darwin", "/Users/ann", map[string]string{"XDG_DATA_HOME": "/d"}, "/Users/ann/Library/Jupyter"},
		{"windows", "windows", `C:\Users\ann`, map[string]string{"APPDATA": `D:\Roaming`}, `D:\Roaming\jupyter`},
		{"windows, bare", "windows", `C:\Users\ann`, nil, `C:\Users\ann\AppData\Roaming\jupyter`},
		{"named", "darwin", "/Users/ann", map[string]string{"JUPYTER_DATA_DIR": "/j"}, "/j"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := UserDir(c.goos, c.home, func(name string) string { return c.env[name] }); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestStableBinary(t *testing.T) {
	root := t.TempDir()
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	cellar := filepath.Join(real, "Cellar", "1.2.3", "bin")
	bin, other := filepath.Join(real, "bin"), filepath.Join(real, "other")
	for _, dir := range []string{cellar, bin, other, filepath.Join(real, "go-build1", "exe")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program, run := filepath.Join(cellar, "livy-kernel"), filepath.Join(real, "go-build1", "exe", "livy-kernel")
	for _, file := range []string{program, run, filepath.Join(other, "livy-kernel")} {
		if err := os.WriteFile(file, []byte(file), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(bin, "livy-kernel")
	if err := os.Symlink(program, link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, executable string
		path             []string
		want             string
	}{
		{"the link that stays", program, []string{"relative", other, bin}, link},
		{"not on the path", program, []string{other}, program},
		{"started by the link", link, []string{bin}, link},
		{"on the path itself", program, []string{cellar}, program},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := StableBinary(c.executable, c.path)
			if err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
	if _, err := StableBinary(run, nil); !errors.Is(err, ErrTemporary) {
		t.Errorf("a program of go run: %v", err)
	}
}
