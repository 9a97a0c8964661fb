// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package detached finds, and starts where there is none, the embedded Livy
// server that runs apart from kernels, so that sessions outlive the kernel and
// notebooks share them. There is one for each user and installation of Spark.
// A file that only the user can read tells where it listens, and its token.
package detached

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// ErrNone says that no server runs apart from kernels.
var ErrNone = errors.New("no Spark runs apart from kernels")

// Server is how a server is reached.
type Server struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"` // of its process, which SIGTERM ends in order
}

// loopback begins the address of every server.
const loopback = "http://127.0.0.1:"

// Place is where the server of an installation of Spark is told of.
type Place struct {
	StateDir string `json:"stateDir"`
	SparkDir string `json:"sparkDir"`
}

func (p Place) path(ending string) string {
	sum := sha256.Sum256([]byte(p.SparkDir))
	return filepath.Join(p.StateDir, "detached-"+hex.EncodeToString(sum[:4])+ending)
}

// Find returns the server that runs, or ErrNone.
func (p Place) Find(ctx context.Context) (Server, error) {
	s, err := p.read()
	if err != nil {
		return Server{}, err
	}
	return s, s.ask(ctx)
}

// lockRetry is the pause between two looks at the lock.
const lockRetry = 50 * time.Millisecond

// Join returns the server that runs, or the one that start has started. Of two
// kernels at the same time one starts it and the other one finds it.
func (p Place) Join(ctx context.Context, start func(context.Context) error) (s Server, err error) {
	if err := os.MkdirAll(p.StateDir, 0o700); err != nil {
		return s, fmt.Errorf("find the detached server: %w", err)
	}
	lock := flock.New(p.path(".lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return s, fmt.Errorf("find the detached server: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	s, err = p.Find(ctx)
	if !errors.Is(err, ErrNone) {
		return s, err
	}
	if err := start(ctx); err != nil {
		return s, err
	}
	return p.Find(ctx)
}

// read reads the file. One that others may have written or read tells nothing.
func (p Place) read() (Server, error) {
	name := p.path(".json")
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Server{}, ErrNone
	}
	if err != nil {
		return Server{}, fmt.Errorf("find the detached server: %w", err)
	}
	if !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return Server{}, ErrNone
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return Server{}, fmt.Errorf("find the detached server: %w", err)
	}
	var s Server
	if json.Unmarshal(data, &s) != nil || !strings.HasPrefix(s.URL, loopback) || s.Token == "" {
		return Server{}, ErrNone
	}
	return s, nil
}

// Publish tells kernels of s, which has begun to listen, until remove is
// called. It leaves alone what another server has written since.
func (p Place) Publish(s Server) (remove func() error, err error) {
	data, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(p.StateDir, ".detached-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("write the token: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), p.path(".json"))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the token: %w", err), os.Remove(f.Name()))
	}
	return func() error {
		if now, err := p.read(); err != nil || now != s {
			return nil //nolint:nilerr // it is not this server's any more
		}
		return os.Remove(p.path(".json"))
	}, nil
}
