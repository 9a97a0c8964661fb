// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package sessions keeps a record of each remote session that a kernel of this
// user has asked for, until it is deleted. A kernel that is killed leaves its
// record behind, and so the session can be named, taken up again or deleted.
//
// A record is a file that only the user can read. It holds no credential and
// no code. Whether its kernel lives is told by a lock that goes with the
// process, however that ends.
package sessions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Record is what is kept of a session.
type Record struct {
	Profile  string         `json:"profile"`
	Endpoint string         `json:"endpoint"`
	Name     string         `json:"name"`            // of the session; unique
	ID       livy.SessionID `json:"id,omitempty"`    // empty until the server has told it
	Named    bool           `json:"named,omitempty"` // the server shows the name
	AppID    string         `json:"appId,omitempty"` // where the server tells it
	Notebook string         `json:"notebook,omitempty"`
	Created  time.Time      `json:"created"`
	Seen     time.Time      `json:"seen,omitzero"` // when its kernel was last alive
	Left     time.Time      `json:"left,omitzero"` // when its kernel ended in order
	Keep     bool           `json:"keep,omitempty"`
	Share    string         `json:"share,omitempty"`
	// Within is the high-concurrency session that a REPL is of; ID is then that
	// of its acquire.
	Within    livy.SessionID   `json:"within,omitempty"`
	Statement livy.StatementID `json:"statement,omitempty"` // that was running last
	Nonce     string           `json:"nonce,omitempty"`     // that marks what the interpreters send a kernel
}

// LastSeen is when a kernel last looked after the session, as far as is known.
func (r Record) LastSeen() time.Time {
	return slices.MaxFunc([]time.Time{r.Created, r.Seen, r.Left}, time.Time.Compare)
}

// Is reports whether now, which the server shows under the record's id, is the
// record's session. Ids begin again at 0 when some servers are restarted, and
// the sessions of most clients have no name.
func (r Record) Is(now livy.Session) bool {
	named := Called(now, r.Name) || now.Name == "" && !r.Named
	return named && (r.AppID == "" || now.AppID == "" || r.AppID == now.AppID)
}

// version of the files' format. A file of another version is left alone.
const version = 1

type file struct {
	Version int `json:"version"`
	Record
}

// maxFile is far above what a record needs.
const maxFile = 64 << 10

var errNotAFile = errors.New("not a regular file")

// read reads the record at path, which must be a file and not a link to one:
// nobody else decides what is deleted.
func read(path string) (Record, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return Record{}, err
	}
	if !info.Mode().IsRegular() {
		return Record{}, errNotAFile
	}
	f, err := os.Open(path)
	if err != nil {
		return Record{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return Record{}, err
	}
	return parse(data)
}

func parse(data []byte) (Record, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return Record{}, fmt.Errorf("not a record of a session: %w", err)
	}
	switch {
	case f.Version != version:
		return Record{}, fmt.Errorf("a record of version %d; this program knows %d", f.Version, version)
	case f.Name == "", f.Endpoint == "":
		return Record{}, errors.New("a record without name or endpoint")
	case f.ID != "" && !f.ID.Valid(), f.Within != "" && !f.Within.Valid():
		return Record{}, errors.New("a record whose session id may not stand in a path")
	}
	return f.Record, nil
}

// write puts the record at path in one step.
func write(path string, r Record) (err error) {
	data, err := json.MarshalIndent(file{version, r}, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".record-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			if gone := os.Remove(f.Name()); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
