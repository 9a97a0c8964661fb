// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

const key = "0f1e2d3c-key"

// frames are the frames of a message signed by key.
func frames(header, parent, metadata, content string) [][]byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(header + parent + metadata + content))
	return split("peer", "<IDS|MSG>", hex.EncodeToString(mac.Sum(nil)), header, parent, metadata, content)
}

func split(parts ...string) [][]byte {
	var out [][]byte
	for _, p := range parts {
		out = append(out, []byte(p))
	}
	return out
}

const header = `{"msg_id":"m1","session":"s","username":"u","msg_type":"kernel_info_request","version":"5.3","x":1}`

func TestW1Parse(t *testing.T) {
	in := append(frames(header, "{}", "{}", `{"a":1}`), []byte("buffer"))
	m, err := wire.NewSession([]byte(key), "u").Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	want := &wire.Message{
		Identities:   split("peer"),
		Header:       wire.Header{MsgID: "m1", Session: "s", Username: "u", MsgType: "kernel_info_request", Version: "5.3"},
		RawHeader:    []byte(header),
		ParentHeader: []byte("{}"),
		Metadata:     []byte("{}"),
		Content:      []byte(`{"a":1}`),
		Buffers:      split("buffer"),
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

func TestW4LenientHeader(t *testing.T) {
	for name, header := range map[string]string{
		"nulls":        `{"msg_id":null,"date":null,"subshell_id":null,"msg_type":"t"}`,
		"a number":     `{"msg_id":"m","date":17,"msg_type":"t"}`,
		"unknown keys": `{"msg_type":"t","session":"s","extra":{"deep":[1]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			m, err := wire.NewSession([]byte(key), "u").Parse(frames(header, "null", "null", "{}"))
			if err != nil {
				t.Fatal(err)
			}
			if m.Header.MsgType != "t" {
				t.Errorf("msg_type %q", m.Header.MsgType)
			}
		})
	}
}

func TestW2ParseRefuses(t *testing.T) {
	good := frames(header, "{}", "{}", "{}")
	change := func(i int, b string) [][]byte {
		out := append([][]byte(nil), good...)
		out[i] = []byte(b)
		return out
	}
	many := make([][]byte, 40)
	for name, c := range map[string]struct {
		frames [][]byte
		want   error
	}{
		"nothing":                    {nil, wire.ErrMalformed},
		"no delimiter":               {split("a", "b", "c", "d", "e", "f"), wire.ErrMalformed},
		"delimiter last":             {split("a", "<IDS|MSG>"), wire.ErrMalformed},
		"four parts":                 {good[:6], wire.ErrMalformed},
		"delimiter too far":          {append(many, good...), wire.ErrMalformed},
		"no signature":               {change(2, ""), wire.ErrSignature},
		"short signature":            {change(2, "00ff"), wire.ErrSignature},
		"signature is not hex":       {change(2, string(bytes.Repeat([]byte("z"), 64))), wire.ErrSignature},
		"signature of other content": {change(6, `{"code":"evil"}`), wire.ErrSignature},
		"header is not JSON":         {frames("{", "{}", "{}", "{}"), wire.ErrMalformed},
		"header is a list":           {frames("[]", "{}", "{}", "{}"), wire.ErrMalformed},
		"header without type":        {frames("{}", "{}", "{}", "{}"), wire.ErrMalformed},
		"parent is not JSON":         {frames(header, "x", "{}", "{}"), wire.ErrMalformed},
		"metadata is not JSON":       {frames(header, "{}", "", "{}"), wire.ErrMalformed},
		"content is not JSON":        {frames(header, "{}", "{}", `{"a":NaN}`), wire.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := wire.NewSession([]byte(key), "u").Parse(c.frames); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// Wrong signatures are found before anything else is looked at: the dicts of
// this message are not even JSON.
func TestW2SignatureComesBeforeJSON(t *testing.T) {
	in := split("<IDS|MSG>", "00", "{", "{", "{", "{")
	if _, err := wire.NewSession([]byte(key), "u").Parse(in); !errors.Is(err, wire.ErrSignature) {
		t.Errorf("got %v", err)
	}
}

func TestW2ReplayIsRefused(t *testing.T) {
	s := wire.NewSession([]byte(key), "u")
	in := frames(header, "{}", "{}", "{}")
	if _, err := s.Parse(in); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Parse(in); !errors.Is(err, wire.ErrReplay) {
		t.Errorf("second time: %v", err)
	}
}

func TestW1EmptyKeySignsNothing(t *testing.T) {
	s := wire.NewSession(nil, "u")
	in := frames(header, "{}", "{}", "{}")
	in[2] = []byte("whatever")
	for range 2 { // nothing tells a replay from a repetition
		if _, err := s.Parse(in); err != nil {
			t.Fatal(err)
		}
	}
	m, err := s.Message(wire.Status{ExecutionState: wire.Idle}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if out := s.Frames(m); len(out[1]) != 0 {
		t.Errorf("signature %q", out[1])
	}
}

func FuzzParse(f *testing.F) {
	// The frames are joined by a byte that a signature cannot hold.
	const sep = "\x00"
	f.Add([]byte("<IDS|MSG>"), false)
	f.Add(bytes.Join(frames(header, "{}", "{}", "{}"), []byte(sep)), true)
	f.Add(bytes.Join(split("<IDS|MSG>", "", header, "null", "[]", "3", "b"), []byte(sep)), false)
	f.Fuzz(func(t *testing.T, data []byte, signed bool) {
		s := wire.NewSession(nil, "u")
		if signed {
			s = wire.NewSession([]byte(key), "u")
		}
		m, err := s.Parse(bytes.Split(data, []byte(sep)))
		if err != nil {
			return
		}
		reply, err := s.Message(wire.ErrorReply{RequestType: m.Header.MsgType, Status: wire.StatusError}, m)
		if err != nil {
			t.Fatal(err)
		}
		client := wire.NewSession([]byte(key), "u")
		if !signed {
			client = wire.NewSession(nil, "u")
		}
		if _, err := client.Parse(s.Frames(reply)); err != nil {
			t.Errorf("cannot read the answer to %q: %v", data, err)
		}
	})
}
