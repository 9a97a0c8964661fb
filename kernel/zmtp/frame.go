// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Flag bits of a ZMTP frame header (RFC 23, "frame").
const (
	flagMore    = 1 << 0
	flagLong    = 1 << 1
	flagCommand = 1 << 2
)

// frameHeader is one frame's flags and the length of its body, and its own
// bytes as they came.
type frameHeader struct {
	command bool
	more    bool
	size    uint64
	raw     [9]byte
	rawSize int
}

// readHeader reads a frame header and refuses what no ZMTP peer sends.
// The errors of r are returned as they are.
func readHeader(r *bufio.Reader) (frameHeader, error) {
	var h frameHeader
	flags, err := r.ReadByte()
	if err != nil {
		return h, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 {
		return h, fmt.Errorf("zmtp: reserved flag bits are set: %#02x", flags)
	}
	h.raw[0] = flags
	h.more = flags&flagMore != 0
	h.command = flags&flagCommand != 0
	if h.command && h.more {
		return h, errors.New("zmtp: a command of more than one frame")
	}
	h.rawSize = 2
	if flags&flagLong != 0 {
		h.rawSize = 9
	}
	if _, err := io.ReadFull(r, h.raw[1:h.rawSize]); err != nil {
		return h, err
	}
	if flags&flagLong != 0 {
		h.size = binary.BigEndian.Uint64(h.raw[1:])
	} else {
		h.size = uint64(h.raw[1])
	}
	if h.command && h.size > maxCommandBytes {
		return h, fmt.Errorf("zmtp: a command of %d bytes, %d are allowed", h.size, maxCommandBytes)
	}
	return h, nil
}

// parseCommand splits the body of a command frame into name and data.
func parseCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || body[0] == 0 || int(body[0]) > len(body)-1 {
		return "", nil, errors.New("zmtp: malformed command")
	}
	end := 1 + int(body[0])
	return string(body[1:end]), body[end:], nil
}

// parsePing returns the context of a PING, which its PONG repeats (RFC 37).
func parsePing(data []byte) ([]byte, error) {
	const ttl, maxContext = 2, 16
	if len(data) < ttl || len(data) > ttl+maxContext {
		return nil, errors.New("zmtp: malformed PING")
	}
	return data[ttl:], nil
}
