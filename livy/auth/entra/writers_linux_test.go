// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

// systemKeys are those of the kernel's keyring, under an entry of the test's own.
func systemKeys(entry string) tokencache.Keys { return tokencache.KernelKeyring{Entry: entry} }

// forgetKey takes the entry away; where the keyring is forbidden there is none.
func forgetKey(t *testing.T, entry string) {
	t.Helper()
	id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "user", entry, 0)
	if err != nil {
		return
	}
	if _, err := unix.KeyctlInt(unix.KEYCTL_UNLINK, id, unix.KEY_SPEC_USER_KEYRING, 0, 0); err != nil {
		t.Error(err)
	}
}
