// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// keySize is that of AES-256.
const keySize = 32

// magic begins an encrypted file and names its format.
const magic = "livy-kernel tokens 1\n"

// sealer turns tokens into the content of a file, and back.
type sealer interface {
	seal(data []byte) []byte
	open(content []byte) ([]byte, error)
}

// inClear is for files that were asked for by name.
type inClear struct{}

func (inClear) seal(data []byte) []byte          { return data }
func (inClear) open(data []byte) ([]byte, error) { return data, nil }

// encrypted is AES-256-GCM with a random nonce for each file. The name of the
// cache is authenticated too: a file does not pass for another one.
type encrypted struct {
	aead cipher.AEAD
	name []byte
}

func newSealer(key []byte, name string) (sealer, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("a key of %d bytes", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return encrypted{aead, []byte(magic + name)}, nil
}

func (e encrypted) seal(data []byte) []byte {
	return e.aead.Seal([]byte(magic), nil, data, e.name) //nolint:gosec // the AEAD makes its own nonces, and takes none
}

var errSeal = errors.New("it is damaged, or its key is gone")

func (e encrypted) open(content []byte) ([]byte, error) {
	sealed, ok := bytes.CutPrefix(content, []byte(magic))
	if !ok {
		return nil, errSeal
	}
	data, err := e.aead.Open(nil, nil, sealed, e.name)
	if err != nil {
		return nil, errSeal
	}
	return data, nil
}
