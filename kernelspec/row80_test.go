// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package kernelspec

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Fault matrix row 80: installing into a folder that is a link or that belongs
// to another user is refused, whichever of the folders it is.
func TestRow80SymlinkedFolder(t *testing.T) {
	for _, linked := range []string{"jupyter", "jupyter/kernels", "jupyter/kernels/livy-a-sql"} {
		t.Run(linked, func(t *testing.T) {
			root, elsewhere := t.TempDir(), t.TempDir()
			path := filepath.Join(root, linked)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(elsewhere, path); err != nil {
				t.Fatal(err)
			}
			refused(t, filepath.Join(root, "jupyter"), path)
			if files := tree(t, elsewhere); len(files) != 0 {
				t.Errorf("written through the link: %v", files)
			}
		})
	}
}

func TestRow80ForeignOwnedFolder(t *testing.T) {
	if os.Geteuid() != 0 { // who may not give folders away takes root's own
		if _, err := Install("/share/jupyter", newSpec(t, "a", livy.KindSQL)); !errors.Is(err, ErrUnsafe) {
			t.Errorf("install below /: %v", err)
		}
		return
	}
	for _, owned := range []string{"share", "share/jupyter", "share/jupyter/kernels", "share/jupyter/kernels/livy-a-sql"} {
		t.Run(owned, func(t *testing.T) {
			root := t.TempDir()
			path := filepath.Join(root, owned)
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Chown(path, 54321, -1); err != nil {
				t.Fatal(err)
			}
			refused(t, filepath.Join(root, "share/jupyter"), path)
		})
	}
}

func refused(t *testing.T, dataDir, culprit string) {
	t.Helper()
	_, err := Install(dataDir, newSpec(t, "a", livy.KindSQL))
	if !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), culprit) {
		t.Errorf("install: %v, want ErrUnsafe that names %s", err, culprit)
	}
	if err := Remove(filepath.Join(dataDir, "kernels", "livy-a-sql")); !errors.Is(err, ErrUnsafe) {
		t.Errorf("remove: %v, want ErrUnsafe", err)
	}
	if files := tree(t, filepath.Dir(dataDir)); len(files) > 1 { // the link itself
		t.Errorf("something was written: %v", files)
	}
}
