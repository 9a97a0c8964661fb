// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"github.com/BurntSushi/toml"
	"github.com/gofrs/flock"
)

// Save writes p into the file at path, in place of a profile of that name.
// The rest of the file, comments included, stays as it is; comments within the
// profile's own tables go. A reader sees the old file or the new one.
func Save(path string, p Profile) error {
	if err := p.Check(); err != nil {
		return inFile(path, err)
	}
	var table bytes.Buffer
	enc := toml.NewEncoder(&table)
	enc.Indent = ""
	file := fileTable{Profiles: map[string]profileTable{p.Name: tableOf(p)}}
	if err := enc.Encode(file); err != nil {
		return fmt.Errorf("save profile %s: %w", p.Name, err)
	}
	// The encoder writes the heading of the outer table, which has no keys.
	text := bytes.TrimPrefix(table.Bytes(), []byte("[profiles]\n"))
	return change(path, p.Name, text, func(profiles map[string]Profile) { profiles[p.Name] = p })
}

// Remove takes the profile called name out of the file at path. One that is
// not there is no error.
func Remove(path, name string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return change(path, name, nil, func(profiles map[string]Profile) { delete(profiles, name) })
}

// change puts text, which may be empty, in the place of a profile's tables.
// The result is checked against what apply makes of the profiles, since the
// tables are found by their headings alone.
func change(path, name string, text []byte, apply func(map[string]Profile)) error {
	path, err := writable(path)
	if err != nil {
		return err
	}
	lock := flock.New(path + ".lock")
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock configuration: %w", err)
	}
	defer lock.Close()

	before, err := read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	want, err := parse(before)
	if err != nil {
		return inFile(path, err)
	}
	apply(want)
	after := replaceTables(before, name, text)
	got, err := parse(after)
	if err != nil || !reflect.DeepEqual(got, want) {
		return &Error{File: path, Key: "profiles." + quoteKey(name), Problem: "cannot be changed, because it is not written as a table under a heading of its own; edit the file by hand"}
	}
	if bytes.Equal(before, after) {
		return nil
	}
	return writeFile(path, after)
}

// writable returns where the file at path really lies, which is elsewhere when
// it is a link, and makes its folder.
func writable(path string) (string, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the configuration folder: %w", err)
	}
	return path, nil
}

// writeFile replaces the file at path in one step.
func writeFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*.toml") // 0600
	if err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write configuration: %w", err), os.Remove(f.Name()))
		}
	}()
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
