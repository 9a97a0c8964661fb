// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// SystemKeys returns where this system can keep a key, best first.
func SystemKeys() []Keys { return []Keys{Keyring{}, KernelKeyring{}} }

// KernelKeyring keeps the key in the user keyring of the Linux kernel, until
// the machine is restarted. It needs no desktop, but containers often forbid it.
type KernelKeyring struct {
	// Entry is what the key is filed under; this program's own if empty.
	Entry string
}

const (
	keyType = "user"
	keyName = keyService + ":" + keyAccount
	// keyRights let all processes of the user find and read the key, also those
	// whose session does not link the user keyring: cron jobs, services.
	keyRights = 0x3f3f0000
)

// Name implements Keys.
func (KernelKeyring) Name() Storage { return StorageKernelKeyring }

// Get implements Keys.
func (k KernelKeyring) Get(context.Context) ([]byte, error) {
	id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, keyType, k.entry(), 0)
	switch {
	case errors.Is(err, unix.ENOKEY), errors.Is(err, unix.EKEYEXPIRED), errors.Is(err, unix.EKEYREVOKED):
		return nil, ErrNoKey
	case err != nil:
		return nil, fmt.Errorf("search the kernel's keyring: %w", err)
	}
	key := make([]byte, keySize)
	n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, key, 0)
	if err != nil {
		return nil, fmt.Errorf("read the kernel's keyring: %w", err)
	}
	if n != keySize {
		return nil, ErrNoKey // somebody else's entry; it is replaced
	}
	return key, nil
}

// Set implements Keys.
func (k KernelKeyring) Set(_ context.Context, key []byte) error {
	id, err := unix.AddKey(keyType, k.entry(), key, unix.KEY_SPEC_USER_KEYRING)
	if err == nil {
		err = unix.KeyctlSetperm(id, keyRights)
	}
	if err != nil {
		return fmt.Errorf("write to the kernel's keyring: %w", err)
	}
	return nil
}

func (k KernelKeyring) entry() string {
	if k.Entry != "" {
		return k.Entry
	}
	return keyName
}
