// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// secretKey tells keys that somebody could expect to hold a credential.
var secretKey = lazyregexp.New(`(?i)password|passwd|secret|token|credential`)

// checkKeys refuses a key that is not exactly one of those that are defined;
// the TOML package itself would take any case, and skip what it does not know.
func checkKeys(meta toml.MetaData) error {
	for _, key := range meta.Keys() {
		for i := range key { // the tables above it need not be keys themselves
			if err := checkKey(key[:i+1]); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkKey(key toml.Key) error {
	known := allowed(key)
	name := key[len(key)-1]
	if known == nil || slices.Contains(known, name) {
		return nil
	}
	parts := make([]string, len(key))
	for i, part := range key {
		parts[i] = quoteKey(part)
	}
	e := &Error{Key: strings.Join(parts, "."), Problem: "unknown key", Allowed: known}
	if secretKey.MatchString(name) {
		e.Problem = "credentials do not belong into this file; livy-kernel login keeps a password in the system's keyring, " +
			"and LIVY_KERNEL_PASSWORD and LIVY_KERNEL_TOKEN are for headless runs"
		e.Allowed = nil
	}
	return e
}

// allowed returns the keys that may stand where key stands; nil for any.
func allowed(key toml.Key) []string {
	if len(key) == 1 {
		return keysOf(reflect.TypeFor[fileTable]())
	}
	if len(key) == 2 {
		return nil // a profile's name
	}
	table := reflect.TypeFor[profileTable]()
	for _, part := range key[2 : len(key)-1] {
		field, ok := fieldOf(table, part)
		if !ok || field.Kind() == reflect.Map {
			return nil // Spark's own settings
		}
		table = field
	}
	return keysOf(table)
}

// keysOf lists the TOML keys of a struct, in the order of their definition.
func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			keys = append(keys, keysOf(f.Type)...)
		} else if name := tomlName(f); name != "-" {
			keys = append(keys, name)
		}
	}
	return keys
}

// fieldOf returns the type of what stands at key in a struct.
func fieldOf(t reflect.Type, key string) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			if found, ok := fieldOf(f.Type, key); ok {
				return found, true
			}
		} else if tomlName(f) == key {
			if f.Type.Kind() == reflect.Pointer {
				return f.Type.Elem(), true
			}
			return f.Type, true
		}
	}
	return nil, false
}

func tomlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
	return name
}
