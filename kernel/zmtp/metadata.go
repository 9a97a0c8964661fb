// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// The properties of READY that matter here, in the spelling that zmq4 wants.
const (
	propSocketType = "Socket-Type"
	propIdentity   = "Identity"
)

// maxIdentity is the longest routing id that ZMTP knows, in bytes.
const maxIdentity = 255

// checkMetadata checks the data of READY before zmq4 parses it: zmq4 trusts
// every length in it, and panics on a socket type that it does not know.
func checkMetadata(data []byte) error {
	seen := make([]string, 0, maxProperties)
	for len(data) > 0 {
		name, value, rest, err := cutProperty(data)
		if err != nil {
			return err
		}
		data = rest
		for _, s := range seen {
			if strings.EqualFold(s, name) {
				return fmt.Errorf("zmtp: property %q of READY comes twice", name)
			}
		}
		if len(seen) == maxProperties {
			return fmt.Errorf("zmtp: READY has more than %d properties", maxProperties)
		}
		seen = append(seen, name)
		if err := checkProperty(name, value); err != nil {
			return err
		}
	}
	for _, s := range seen {
		if s == propSocketType {
			return nil
		}
	}
	return errors.New("zmtp: READY has no " + propSocketType)
}

// cutProperty splits the first property off data.
func cutProperty(data []byte) (name string, value, rest []byte, err error) {
	malformed := errors.New("zmtp: malformed property in READY")
	nameEnd := 1 + int(data[0])
	if nameEnd == 1 || len(data) < nameEnd+4 {
		return "", nil, nil, malformed
	}
	size := binary.BigEndian.Uint32(data[nameEnd:])
	data, name = data[nameEnd+4:], string(data[1:nameEnd])
	if uint64(size) > uint64(len(data)) || strings.ContainsFunc(name, notInName) {
		return "", nil, nil, malformed
	}
	return name, data[:size], data[size:], nil
}

// notInName tells which characters RFC 23 does not allow in a property's name.
func notInName(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("-_.+", r)
}

func checkProperty(name string, value []byte) error {
	switch {
	case strings.EqualFold(name, propSocketType):
		if name != propSocketType {
			return fmt.Errorf("zmtp: property %q is spelt %s", name, propSocketType)
		}
		return checkSocketType(string(value))
	case strings.EqualFold(name, propIdentity) && len(value) > maxIdentity:
		return fmt.Errorf("zmtp: an identity of %d bytes, %d are allowed", len(value), maxIdentity)
	}
	return nil
}

func checkSocketType(t string) error {
	switch t {
	case "PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB":
		return nil
	}
	return fmt.Errorf("zmtp: unknown socket type %.20q", t)
}
