// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

// Where the kernel's keyring is forbidden, as in many containers, the cache has
// to be told that it cannot be used, and not that it is empty.
func TestKernelKeyring(t *testing.T) {
	keys := KernelKeyring{Entry: "livy-kernel:test:" + t.TempDir()}
	key := bytes.Repeat([]byte{7}, keySize)
	_, missing := keys.Get(t.Context())
	if err := keys.Set(t.Context(), key); err != nil {
		if errors.Is(missing, ErrNoKey) {
			t.Errorf("an empty keyring that takes no key: %v", err)
		}
		return
	}
	defer func() {
		id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, keyType, keys.Entry, 0)
		must(t, err)
		_, err = unix.KeyctlInt(unix.KEYCTL_UNLINK, id, unix.KEY_SPEC_USER_KEYRING, 0, 0)
		must(t, err)
	}()
	if got, err := keys.Get(t.Context()); err != nil || !bytes.Equal(got, key) || !errors.Is(missing, ErrNoKey) {
		t.Errorf("key is %x, %v; before it was set: %v", got, err, missing)
	}
	must(t, keys.Set(t.Context(), key[:5])) // somebody else's
	if _, err := keys.Get(t.Context()); !errors.Is(err, ErrNoKey) {
		t.Errorf("a key of 5 bytes: %v", err)
	}
}
