// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// Keys keeps the key that encrypts caches.
type Keys interface {
	// Name is part of the name of the files that the key encrypts.
	Name() Storage
	// Get returns the key; ErrNoKey where none was set yet. Another error tells
	// that no key can be kept here.
	Get(ctx context.Context) ([]byte, error)
	Set(ctx context.Context, key []byte) error
}

// ErrNoKey tells that there is no key yet.
var ErrNoKey = errors.New("there is no key yet")

// Keyring keeps the key in the keyring of the operating system.
type Keyring struct{}

// What the key is filed under in keyrings.
const (
	keyService = "livy-kernel"
	keyAccount = "token-cache-key"
)

// The storages that the keys of a system stand for.
const (
	StorageKeyring       Storage = "keyring"
	StorageKernelKeyring Storage = "kernel-keyring" // of Linux, until a restart
)

// Name implements Keys.
func (Keyring) Name() Storage { return StorageKeyring }

// Get implements Keys.
func (Keyring) Get(ctx context.Context) ([]byte, error) {
	return within(ctx, func() ([]byte, error) {
		text, err := keyring.Get(keyService, keyAccount)
		if errors.Is(err, keyring.ErrNotFound) {
			return nil, ErrNoKey
		}
		if err != nil {
			return nil, fmt.Errorf("read the keyring: %w", err)
		}
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != keySize {
			return nil, ErrNoKey // somebody else's entry; it is replaced
		}
		return key, nil
	})
}

// Set implements Keys.
func (Keyring) Set(ctx context.Context, key []byte) error {
	_, err := within(ctx, func() ([]byte, error) {
		return nil, keyring.Set(keyService, keyAccount, base64.StdEncoding.EncodeToString(key))
	})
	if err != nil {
		return fmt.Errorf("write to the keyring: %w", err)
	}
	return nil
}

// within calls do, which knows no context: a keyring may wait for a person to
// unlock it. What comes too late is dropped.
func within(ctx context.Context, do func() ([]byte, error)) ([]byte, error) {
	type answer struct {
		key []byte
		err error
	}
	answered := make(chan answer, 1)
	go func() {
		key, err := do()
		answered <- answer{key, err}
	}()
	select {
	case a := <-answered:
		return a.key, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
