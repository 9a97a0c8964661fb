// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"
)

func TestKeyring(t *testing.T) {
	keyring.MockInit()
	var keys Keys = Keyring{}
	if _, err := keys.Get(t.Context()); !errors.Is(err, ErrNoKey) {
		t.Errorf("an empty keyring: %v", err)
	}
	key := bytes.Repeat([]byte{7}, keySize)
	must(t, keys.Set(t.Context(), key))
	if got, err := keys.Get(t.Context()); err != nil || !bytes.Equal(got, key) {
		t.Errorf("key is %x, %v", got, err)
	}
	must(t, keyring.Set(keyService, keyAccount, "not ours"))
	if _, err := keys.Get(t.Context()); !errors.Is(err, ErrNoKey) {
		t.Errorf("a key that is none: %v", err)
	}
	keyring.MockInitWithError(errors.New("no D-Bus"))
	if _, err := keys.Get(t.Context()); err == nil || errors.Is(err, ErrNoKey) {
		t.Errorf("no keyring: %v", err)
	}
	if keys.Set(t.Context(), key) == nil {
		t.Error("no keyring took a key")
	}
}

// A keyring that waits for somebody to unlock it is not waited for.
func TestKeyringThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unlocked := make(chan struct{})
		c := newCache(t, Options{Dir: folder(t), Keys: []Keys{hanging{unlocked}, &memoryKeys{}}})
		storage, err := c.Storage(t.Context())
		if err != nil || storage != "test" {
			t.Errorf("storage is %q, %v", storage, err)
		}
		close(unlocked)
	})
}

type hanging struct{ unlocked chan struct{} }

func (hanging) Name() Storage                     { return "hanging" }
func (hanging) Set(context.Context, []byte) error { return nil }
func (h hanging) Get(ctx context.Context) ([]byte, error) {
	return within(ctx, func() ([]byte, error) {
		<-h.unlocked
		return nil, ErrNoKey
	})
}
