// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"
)

func TestExplainNamesTheFolder(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "mkdir", Path: "/data/kernels/x", Err: fs.ErrPermission}, "you may not write to /data/kernels: permission denied"},
		{&os.LinkError{Op: "rename", Old: "/other/a", New: "/data/kernels/x", Err: fs.ErrPermission}, "you may not write to /data/kernels: permission denied"},
		{&fs.PathError{Op: "mkdir", Path: "/data/kernels", Err: syscall.EROFS}, "you may not write to /data: " + syscall.EROFS.Error()},
		{&fs.PathError{Op: "write", Path: "/data/.livy-kernel-1/new/kernel.json", Err: syscall.ENOSPC}, "the disk with /data is full: " + syscall.ENOSPC.Error()},
		{errors.New("other"), "other"},
	} {
		if got, want := explain("install kernelspec", "/data", c.err).Error(), "install kernelspec: "+c.want; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
