// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package config reads what a user configures: one TOML file with profiles,
// and the environment. It is the only place that looks at either.
package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Config is the content of the configuration file.
type Config struct {
	File     string // where it was read from
	Profiles map[string]Profile
}

// maxFile is far above what people write.
const maxFile = 1 << 20

// Load reads the file at path. A file that is not there holds no profiles.
// What is wrong within the file is an *Error.
func Load(path string) (Config, error) {
	data, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{File: path}, nil
	}
	if err != nil {
		return Config{}, err
	}
	profiles, err := parse(data)
	if err != nil {
		return Config{}, inFile(path, err)
	}
	return Config{File: path, Profiles: profiles}, nil
}

// Profile returns the profile called name, or an *Error that lists those that
// there are.
func (c Config) Profile(name string) (Profile, error) {
	if p, ok := c.Profiles[name]; ok {
		return p, nil
	}
	return Profile{}, &Error{
		File: c.File, Key: "profiles." + quoteKey(name), Problem: "there is no such profile",
		Allowed: slices.Sorted(maps.Keys(c.Profiles)),
	}
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if len(data) > maxFile {
		return nil, &Error{File: path, Problem: "is larger than 1 MiB"}
	}
	return data, nil
}

// parse checks every key and value of a file.
func parse(data []byte) (map[string]Profile, error) {
	var file fileTable
	meta, err := toml.Decode(string(data), &file)
	if err != nil {
		return nil, describe(err)
	}
	if err := checkKeys(meta); err != nil {
		return nil, err
	}
	profiles := make(map[string]Profile, len(file.Profiles))
	for _, name := range slices.Sorted(maps.Keys(file.Profiles)) {
		p := file.Profiles[name].profile(name)
		if err := p.Check(); err != nil {
			return nil, err
		}
		profiles[name] = p
	}
	return profiles, nil
}

// describe words an error of the TOML parser. It does not quote the file,
// which could hold a credential where none belongs.
func describe(err error) error {
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		return &Error{Problem: fmt.Sprintf("line %d: %s", syntax.Position.Line, oneLine(syntax.Message))}
	}
	return &Error{Problem: oneLine(strings.TrimPrefix(err.Error(), "toml: "))}
}

// inFile adds the file to an *Error.
func inFile(path string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		named := *e
		named.File = path
		return &named
	}
	return err
}
