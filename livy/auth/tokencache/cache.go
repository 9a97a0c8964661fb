// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
)

// Cache implements MSAL's cache.ExportReplace. It is safe for concurrent use.
type Cache struct {
	o    Options
	busy chan struct{} // held by whoever uses the cache in this process

	mu      sync.Mutex
	store   *file           // nil until it is known, and in memory
	memory  bool            // tokens are kept in data
	data    []byte          // what is kept in memory
	notices []string        // not taken yet
	told    map[string]bool // all that there were
}

// Replace gives MSAL what is kept. What cannot be read counts as nothing.
func (c *Cache) Replace(ctx context.Context, into cache.Unmarshaler, _ cache.ReplaceHints) error {
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	if err := c.hold(ctx, store); err != nil {
		return err
	}
	data := c.load(store)
	if len(data) > 0 {
		if err := unmarshal(into, data); err == nil {
			return nil
		}
		c.warn("the kept sign-in cannot be read, so you sign in again", nil)
	}
	return into.Unmarshal([]byte("{}")) // and not what an earlier call left there
}

// Export keeps what MSAL holds now. Where it cannot be written, it is kept in
// memory from then on.
func (c *Cache) Export(ctx context.Context, from cache.Marshaler, _ cache.ExportHints) error {
	data, err := from.Marshal()
	if err != nil {
		return errors.New("tokens cannot be encoded") //nolint:nilerr // err may quote them
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	if store != nil {
		err := store.write(data)
		if err == nil {
			return nil
		}
		c.warn("the sign-in cannot be kept on disk and lasts as long as this kernel", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.store, c.memory, c.data = nil, true, data
	return nil
}

// Clear forgets everything, wherever it was kept.
func (c *Cache) Clear(ctx context.Context) error {
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	ctx, end := c.Begin(ctx)
	defer end()
	if err := c.hold(ctx, store); err != nil {
		return err
	}
	c.mu.Lock()
	c.data = nil
	c.mu.Unlock()
	if c.o.Mode == Memory {
		return nil
	}
	kept, err := filepath.Glob(filepath.Join(c.o.Dir, c.o.Name+suffixPattern))
	for _, path := range kept {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// Storage tells where tokens are kept.
func (c *Cache) Storage(ctx context.Context) (Storage, error) {
	store, err := c.open(ctx)
	switch {
	case err != nil:
		return "", err
	case store == nil:
		return StorageMemory, nil
	}
	return store.storage, nil
}

// TakeNotices returns what the user should be told, each sentence once.
func (c *Cache) TakeNotices() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.notices
	c.notices = nil
	return taken
}

func (c *Cache) load(store *file) []byte {
	if store == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.data
	}
	data, err := store.read()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		c.warn("the kept sign-in cannot be used, so you sign in again", err)
		return nil
	}
	return data
}

// Format keeps what is cached from being printed.
func (c *Cache) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "token cache %s", c.o.Name) }

// warn tells the user and the log, once.
func (c *Cache) warn(notice string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told[notice] {
		return
	}
	c.told[notice] = true
	c.notices = append(c.notices, notice)
	c.o.Logger.Warn("token cache: "+notice, "error", err)
}

// unmarshal keeps a panic on odd content inside: MSAL decodes by reflection.
func unmarshal(into cache.Unmarshaler, data []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the token cache makes no sense")
		}
	}()
	return into.Unmarshal(data)
}
