// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

// keyTime is how long a keyring may take: one that waits for somebody to unlock
// it must not hold up a run without a person.
const keyTime = 10 * time.Second

// open finds out where tokens are kept; nil stands for memory.
func (c *Cache) open(ctx context.Context) (*file, error) {
	c.mu.Lock()
	if c.store != nil || c.memory {
		defer c.mu.Unlock()
		return c.store, nil
	}
	c.mu.Unlock()
	store, err := c.choose(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store == nil && !c.memory { // nobody was faster
		c.store, c.memory = store, store == nil
	}
	return c.store, nil
}

func (c *Cache) choose(ctx context.Context) (*file, error) {
	if err := privateFolder(c.o.Dir); err != nil {
		c.warn("the sign-in lasts as long as this kernel, for the folder of the token cache cannot be used", err)
		return nil, nil //nolint:nilnil // stands for memory
	}
	if c.o.Mode == PlainFile {
		return &file{path: c.path(".plain"), seal: inClear{}, storage: StorageFile}, nil
	}
	for _, keys := range c.o.Keys {
		key, err := c.key(ctx, keys)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			c.o.Logger.Debug("token cache: no key", "from", keys.Name(), "error", err)
			continue
		}
		seal, err := newSealer(key, c.o.Name)
		if err != nil {
			return nil, err
		}
		return &file{path: c.path("." + string(keys.Name())), seal: seal, storage: keys.Name()}, nil
	}
	c.warn(`the sign-in lasts as long as this kernel, for this system has no keyring that can be used; `+
		`token_cache = "file" in the profile keeps it in a file that only you can read`, nil)
	return nil, nil //nolint:nilnil // stands for memory
}

// suffixPattern matches the files of a cache, whatever protects them, and not
// its lock.
const suffixPattern = ".*.tokens"

func (c *Cache) path(kind string) string {
	return filepath.Join(c.o.Dir, c.o.Name+kind+".tokens")
}

// key returns the key that keys hold, a new one where there is none yet. Of
// several processes that find none, one makes it.
func (c *Cache) key(ctx context.Context, keys Keys) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, keyTime)
	defer cancel()
	key, err := keys.Get(ctx)
	if !errors.Is(err, ErrNoKey) {
		return key, err
	}
	lock := flock.New(filepath.Join(c.o.Dir, string(keys.Name())+".key.lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return nil, fmt.Errorf("lock the key: %w", err)
	}
	defer lock.Close()
	if key, err = keys.Get(ctx); !errors.Is(err, ErrNoKey) {
		return key, err
	}
	key = make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	return key, keys.Set(ctx, key)
}

// privateFolder makes sure that dir is a folder that only the user can use.
func privateFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return &fs.PathError{Op: "open", Path: dir, Err: errors.New("not a folder")}
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return os.Chmod(dir, 0o700) //nolint:gosec // 0700: a folder has to be entered
	}
	return nil
}
