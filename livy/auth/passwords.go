// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// Passwords keeps one password for each profile.
type Passwords interface {
	// Get returns the password of a profile; ErrNoPassword when none is kept.
	Get(profile string) (Secret, error)
	Set(profile string, password Secret) error
	// Delete forgets the password; ErrNoPassword when none is kept.
	Delete(profile string) error
}

var (
	// ErrNoPassword tells that no password is kept for a profile.
	ErrNoPassword = errors.New("no password is kept for this profile")
	// ErrNoKeyring tells that this machine has no keyring, or that it is locked
	// and there is nobody to unlock it.
	ErrNoKeyring = errors.New("the keyring of this system cannot be used; set LIVY_KERNEL_PASSWORD in place of it")
)

// Keyring keeps passwords in the keyring of the operating system: Keychain,
// Credential Manager, or the Secret Service of a Linux desktop.
type Keyring struct{}

// keyringService is what entries are filed under; the profile is the account.
const keyringService = "livy-kernel"

// Get returns the password of a profile.
func (Keyring) Get(profile string) (Secret, error) {
	value, err := keyring.Get(keyringService, profile)
	return NewSecret(value), keyringError("read the password from the keyring", err)
}

// Set keeps password for a profile, in place of one that was kept before.
func (Keyring) Set(profile string, password Secret) error {
	return keyringError("keep the password in the keyring", keyring.Set(keyringService, profile, password.Reveal()))
}

// Delete forgets the password of a profile.
func (Keyring) Delete(profile string) error {
	return keyringError("forget the password in the keyring", keyring.Delete(keyringService, profile))
}

func keyringError(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNoPassword
	}
	return fmt.Errorf("%s: %w (%w)", op, ErrNoKeyring, err)
}
