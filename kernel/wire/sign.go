// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

// SignatureScheme is the one scheme that a Session signs by.
const SignatureScheme = "hmac-sha256"

// sign returns the signature frame of the four dicts, in hex.
func (s *Session) sign(dicts [][]byte) []byte {
	if len(s.key) == 0 {
		return []byte{}
	}
	return hex.AppendEncode(nil, s.sum(dicts))
}

// verify compares in constant time and takes each signature once only.
func (s *Session) verify(signature []byte, dicts [][]byte) error {
	if len(s.key) == 0 {
		return nil
	}
	want := s.sum(dicts)
	got := make([]byte, sha256.Size)
	if hex.DecodedLen(len(signature)) != len(got) {
		return ErrSignature
	}
	if _, err := hex.Decode(got, signature); err != nil || !hmac.Equal(got, want) {
		return ErrSignature
	}
	if !s.seen.add([digestSize]byte(want)) {
		return ErrReplay
	}
	return nil
}

func (s *Session) sum(dicts [][]byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	for _, d := range dicts {
		mac.Write(d)
	}
	return mac.Sum(nil)
}

// Half of a digest tells signatures apart well enough.
const digestSize = 16

// maxSeen bounds the replay memory, to about 3 MiB when full.
const maxSeen = 1 << 16

// replayMemory knows the last maxSeen signatures that were accepted.
type replayMemory struct {
	mu    sync.Mutex
	known map[[digestSize]byte]struct{}
	order [][digestSize]byte // a ring once it is full
	next  int
}

// add reports whether digest is new, and remembers it.
func (r *replayMemory) add(digest [digestSize]byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.known[digest]; ok {
		return false
	}
	if r.known == nil {
		r.known = make(map[[digestSize]byte]struct{})
	}
	if len(r.order) < maxSeen {
		r.order = append(r.order, digest)
	} else {
		delete(r.known, r.order[r.next])
		r.order[r.next] = digest
		r.next = (r.next + 1) % maxSeen
	}
	r.known[digest] = struct{}{}
	return true
}
