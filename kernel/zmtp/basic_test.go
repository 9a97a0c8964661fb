// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"
)

// TestRouterCarriesFramesUnchanged goes through every boundary of the framing:
// empty frames, the step from short to long headers, and the buffers' sizes.
func TestRouterCarriesFramesUnchanged(t *testing.T) {
	big := bytes.Repeat([]byte{0, 1, 2, 0xFF}, 1<<20)
	messages := map[string][][]byte{
		"one":              frames("x"),
		"one empty":        {{}},
		"all empty":        {{}, {}, {}},
		"delimiter":        frames("", "<IDS|MSG>", "{}"),
		"255 and 256":      {big[:255], big[:256], big[:257]},
		"around a buffer":  {big[:bufferBytes-9], big[:bufferBytes], big[:bufferBytes+1]},
		"large":            {big, {}, big},
		"a thousand":       frames(make([]string, 1000)...),
		"looks like PING":  {[]byte("\x04PING\x00\x00")},
		"looks like READY": {ready("DEALER")},
	}
	for _, addr := range []string{anyPort, "tcp://[::1]:0", "ipc://" + filepath.Join(t.TempDir(), "s-1")} {
		r := echoRouter(t, addr)
		client := dial(t, r.Addr(), Dealer)
		for name, sent := range messages {
			if err := client.Send(t.Context(), sent); err != nil {
				t.Fatalf("%s: %s: send: %v", addr, name, err)
			}
			got, err := client.Recv(testContext(t))
			if err != nil {
				t.Fatalf("%s: %s: receive: %v", addr, name, err)
			}
			if !slices.EqualFunc(sent, got, bytes.Equal) {
				t.Errorf("%s: %s: %d frames came back changed as %d", addr, name, len(sent), len(got))
			}
		}
		client.Close()
	}
}
