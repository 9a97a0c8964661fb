// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

// tree lists what lies below dir, with the content of files.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			target, err := os.Readlink(path)
			all[strings.TrimPrefix(path, dir)] = target
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestInstallListRemove(t *testing.T) {
	data := filepath.Join(t.TempDir(), "share", "jupyter")
	for _, kind := range Kinds() {
		if _, err := Install(data, newSpec(t, "sales", kind)); err != nil {
			t.Fatal(err)
		}
	}
	again := newSpec(t, "sales", livy.KindSQL)
	again.DisplayName, again.Argv[0] = "Renamed", os.Args[0]
	folder, err := Install(data, again)
	if err != nil {
		t.Fatalf("over an older one: %v", err)
	}
	if want := filepath.Join(data, "kernels", "livy-sales-sql"); folder != want {
		t.Errorf("folder %s, want %s", folder, want)
	}
	found, err := List(data)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range found {
		state := "ok"
		if i.Broken {
			state = "broken"
		}
		got = append(got, i.Name+" "+i.Spec.DisplayName+" "+state)
	}
	want := []string{"livy-sales-pyspark PySpark (sales) broken", "livy-sales-shared Spark, all languages (sales) broken", "livy-sales-spark Spark Scala (sales) broken", "livy-sales-sql Renamed ok"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if files := tree(t, data); len(files) != 4*4 {
		t.Errorf("something was left behind: %v", files)
	}
	for _, i := range found {
		if err := Remove(i.Folder); err != nil {
			t.Error(err)
		}
	}
	if files := tree(t, data); len(files) != 0 {
		t.Errorf("left after removal: %v", files)
	}
	if err := Remove(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a second time: %v", err)
	}
}

func TestForeignKernelspecsAreLeftAlone(t *testing.T) {
	for name, file := range map[string]string{
		"another program's": `{"argv": ["python", "-m", "ipykernel"], "display_name": "P", "language": "python", "metadata": {}}`,
		"no JSON":           `{`,
		"no kernel.json":    "",
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			folder := filepath.Join(data, "kernels", "livy-a-sql")
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if file != "" {
				if err := os.WriteFile(filepath.Join(folder, specFile), []byte(file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			before := tree(t, data)
			if _, err := Install(data, newSpec(t, "a", livy.KindSQL)); !errors.Is(err, ErrForeign) {
				t.Errorf("install: %v", err)
			}
			if err := Remove(folder); !errors.Is(err, ErrForeign) {
				t.Errorf("remove: %v", err)
			}
			if diff := cmp.Diff(before, tree(t, data)); diff != "" {
				t.Error(diff)
			}
			if found, err := List(data); err != nil || len(found) != 0 {
				t.Errorf("listed: %v, %v", found, err)
			}
		})
	}
}

// What cannot be read back, here a name that is no UTF-8, takes the others with
// it, and what was there before is there again.
func TestInstallAllOrNothing(t *testing.T) {
	data := t.TempDir()
	if _, err := Install(data, newSpec(t, "a", livy.KindSpark)); err != nil {
		t.Fatal(err)
	}
	before := tree(t, data)
	newer := newSpec(t, "a", livy.KindSpark)
	newer.DisplayName = "Newer"
	for _, broken := range []livy.Kind{livy.KindSQL, livy.KindSpark} {
		bad := newSpec(t, "a", broken)
		bad.DisplayName = "\xff"
		if _, err := InstallAll(data, []Spec{newSpec(t, "a", livy.KindPySpark), newer, bad}); err == nil || !strings.Contains(err.Error(), "cannot be read back") {
			t.Errorf("error is %v", err)
		}
		if diff := cmp.Diff(before, tree(t, data)); diff != "" {
			t.Error(diff)
		}
	}
	folders, err := InstallAll(data, []Spec{newSpec(t, "a", livy.KindPySpark), newer})
	if err != nil || len(folders) != 2 || filepath.Base(folders[1]) != "livy-a-spark" {
		t.Errorf("installed %v, %v", folders, err)
	}
}
