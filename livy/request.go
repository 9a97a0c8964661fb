// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// request is one request to the endpoint.
type request struct {
	op      string // for error texts: "submit statement"
	method  string
	path    string // below the endpoint, with validated ids
	body    any    // encoded as JSON; nil for none
	timeout time.Duration
}

// answer is what came back: a 2xx with its whole body.
type answer struct {
	status   int
	location string
	body     []byte
}

// decode reads the answer's body into v.
func (a answer) decode(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("the answer is not what the Livy API describes: %w", err)
	}
	return nil
}

// attempt tells how far a request came: wrote is false as long as nothing of
// it can have reached the server.
type attempt struct{ wrote atomic.Bool }

// send makes one attempt and records in sent how far it came. An answer other
// than 2xx is an *APIError, no answer a *TransportError.
func (c *Client) send(ctx context.Context, r request, sent *attempt) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := c.newRequest(ctx, r, sent)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	// The time-out ends with the header of the answer; the body goes on as
	// long as bytes come and ctx lives.
	timer := time.AfterFunc(r.wait(), func() { cancel(errNoAnswer) })
	defer timer.Stop()
	started := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		if errors.Is(context.Cause(ctx), errNoAnswer) {
			err = errNoAnswer
		}
		return answer{}, c.transportError(r.op, err)
	}
	defer resp.Body.Close()
	timer.Stop()
	c.log.Debug("request", "method", r.method, "path", r.path, "status", resp.StatusCode, "took", time.Since(started))
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBodyBytes+1))
	if err != nil {
		return answer{}, c.transportError(r.op, err)
	}
	if len(body) > maxBodyBytes {
		return answer{}, fmt.Errorf("%s: %w", r.op, ErrTooLarge)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return answer{}, apiError(r.op, resp, body)
	}
	return answer{status: resp.StatusCode, location: resp.Header.Get("Location"), body: body}, nil
}

// ErrTooLarge tells that an answer is larger than this client reads, 64 MiB.
var ErrTooLarge = errors.New("the answer is larger than 64 MiB")

func (r request) wait() time.Duration {
	if r.timeout > 0 {
		return r.timeout
	}
	return answerTimeout
}

func (c *Client) newRequest(ctx context.Context, r request, sent *attempt) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		encoded, err := encode(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	trace := &httptrace.ClientTrace{
		// net/http tries a request again by itself only when nothing of it left,
		// so a new connection is a clean slate. It does not do so for a POST that
		// was written: that would take an Idempotency-Key header, never set here.
		GetConn:          func(string) { sent.wrote.Store(false) },
		WroteHeaderField: func(string, []string) { sent.wrote.Store(true) },
	}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), r.method, c.base.String()+r.path, body)
	if err != nil {
		return nil, err
	}
	if r.method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
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
