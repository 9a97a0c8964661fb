// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// Mode says where tokens may be kept.
type Mode string

const (
	// Auto keeps them encrypted where there is a keyring, else in memory.
	Auto Mode = "auto"
	// Memory keeps them as long as the process lives.
	Memory Mode = "memory"
	// PlainFile keeps them in clear, in a file that only the user can read.
	PlainFile Mode = "file"
)

// Storage is where tokens are kept.
type Storage string

// The storages that there are beside the names of Keys.
const (
	StorageMemory Storage = "memory"
	StorageFile   Storage = "file"
)

// Options describe a cache.
type Options struct {
	Dir  string // the folder for its files; made with mode 0700 if need be
	Name string // small letters, digits and dashes; who uses the same name shares tokens
	Mode Mode   // Auto if empty
	// Keys are asked one after the other for the key that encrypts; those of
	// SystemKeys if nil.
	Keys []Keys
	// LockWait is how long another process is waited for; 5 s if 0. After that
	// the cache is used without the lock: a lost token is refreshed again, and
	// nobody waits for ever.
	LockWait time.Duration
	Logger   *slog.Logger
}

var namePattern = lazyregexp.New(`^[a-z0-9][a-z0-9-]{0,63}$`)

// New returns a cache. Nothing is read before it is used.
func New(o Options) (*Cache, error) {
	switch o.Mode {
	case "":
		o.Mode = Auto
	case Auto, Memory, PlainFile:
	default:
		return nil, fmt.Errorf("token cache %q is not one of auto, memory, file", o.Mode)
	}
	if !namePattern.MatchString(o.Name) {
		return nil, fmt.Errorf("%q is not a name of a token cache", o.Name)
	}
	if o.Mode != Memory && !filepath.IsAbs(o.Dir) {
		return nil, errors.New("the folder of the token cache is no absolute path")
	}
	if o.Keys == nil {
		o.Keys = SystemKeys()
	}
	if o.LockWait <= 0 {
		o.LockWait = 5 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Cache{o: o, busy: make(chan struct{}, 1), memory: o.Mode == Memory, told: map[string]bool{}}, nil
}
