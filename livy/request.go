// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// request is one request to the endpoint.
type request struct {
	op      string // for error texts: "submit statement"
	method  string
	path    string        // below the endpoint, with validated ids
	body    any           // encoded as JSON; nil for none
	timeout time.Duration // from the start to the header of the answer; 0 for the usual
	secrets []string      // of the body; left out of errors, since servers repeat a body
	// once: an end of the context does not cut it off once it is on its way,
	// since that would make its outcome unknown.
	once bool
	// again: sending it twice does no harm, so that net/http may do so where a
	// kept connection turns out to be dead.
	again bool
	// hold: for how long the server may hold its answer back until there is
	// news; 0 for not at all.
	hold time.Duration
	// tells: the server may tell what the statement has printed.
	tells bool
}

// answer is what came back: a 2xx with its whole body. Of any other there is
// the header alone.
type answer struct {
	header http.Header
	body   []byte
}

// decode reads the answer's body into v.
func (a answer) decode(v any) error {
	body := a.body
	if s, ok := v.(*Statement); ok && len(body) >= longText {
		var aside []json.RawMessage
		body, aside = setAside(body)
		defer func() {
			if s.Output != nil {
				putBack(s.Output.Data, aside)
			}
		}()
	}
	if err := json.Unmarshal(body, v); err != nil {
		// The error may quote a number of the body, as long as it is.
		return fmt.Errorf("the answer is not what the Livy API describes: %s", clean(err.Error()))
	}
	return nil
}

func (r request) wait() time.Duration {
	if r.timeout > 0 {
		return r.timeout
	}
	return answerTimeout
}

func (c *Client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		encoded, err := encode(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.base.String()+r.path, body)
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.again {
		req.Header["Idempotency-Key"] = nil // net/http's own sign; it is not sent
	}
	// RFC 7240: a server that does not know a preference ignores it.
	if r.hold > 0 {
		req.Header.Add("Prefer", fmt.Sprintf("wait=%d", int(r.hold.Seconds())))
	}
	if l := listenerOf(ctx); l != nil && r.tells && c.traits.waiting.holds {
		req.Header.Add("Prefer", fmt.Sprintf("printed=%d", l.heard()))
	}
	req.Header.Set("X-Requested-By", "livy-kernel") // required where the server's CSRF protection is on
	req.Header.Set("User-Agent", c.userAgent)
	req.Header.Set("Accept", "application/json")
	if c.authorize != nil {
		if err := c.authorize.Authorize(ctx, req); err != nil {
			return nil, err
		}
	}
	return req, nil
}

// encode writes v as JSON without escaping what only HTML would need.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
