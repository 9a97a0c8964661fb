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
	"time"
)

// request is one request to the endpoint.
type request struct {
	op      string // for error texts: "submit statement"
	method  string
	path    string // below the endpoint, with validated ids
	body    any    // encoded as JSON; nil for none
	timeout time.Duration
	// once: an end of the context does not cut it off once it is on its way,
	// since that would make its outcome unknown.
	once bool
	// again: sending it twice does no harm, so that net/http may do so where a
	// kept connection turns out to be dead.
	again bool
}

// answer is what came back: a 2xx with its whole body.
type answer struct {
	location string
	body     []byte
}

// decode reads the answer's body into v.
func (a answer) decode(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		// The error may quote a number of the body, as long as it is.
		return fmt.Errorf("the answer is not what the Livy API describes: %s", clean(err.Error()))
	}
	return nil
}

// ErrTooLarge tells that an answer is larger than this client reads, 64 MiB.
var ErrTooLarge = errors.New("the answer is larger than 64 MiB")

// send makes one attempt and records in sent how far it came. An answer other
// than 2xx is an *APIError, no answer a *TransportError, the end of ctx its
// cause.
func (c *Client) send(ctx context.Context, r request, sent *attempt) (answer, error) {
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	if r.once {
		var end context.CancelFunc
		ctx, end = context.WithTimeoutCause(context.WithoutCancel(ctx), r.wait()+onceTimeout, errNoAnswer)
		defer end()
	}
	reqCtx, cancel := context.WithCancelCause(httptrace.WithClientTrace(ctx, sent.trace()))
	defer cancel(nil)
	silence := time.AfterFunc(r.wait(), func() { cancel(errNoAnswer) })
	defer silence.Stop()
	started := time.Now()
	// No http.Client: there is nothing here that could follow a redirect.
	resp, err := c.transport.RoundTrip(req.WithContext(reqCtx))
	if err != nil {
		return answer{}, c.noAnswer(ctx, reqCtx, r.op, sent, err)
	}
	defer resp.Body.Close()
	silence.Reset(silenceTimeout)
	c.log.Debug("request", "method", r.method, "path", r.path, "status", resp.StatusCode, "took", time.Since(started))
	in := &livelyReader{from: resp.Body, silence: silence}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		// The status says enough where the body cannot be read to its end.
		body, _ := io.ReadAll(io.LimitReader(in, maxErrorBytes))
		return answer{}, apiError(r.op, resp, body)
	}
	body, err := io.ReadAll(io.LimitReader(in, maxBodyBytes+1))
	if err != nil {
		return answer{}, c.noAnswer(ctx, reqCtx, r.op, sent, err)
	}
	if len(body) > maxBodyBytes {
		return answer{}, fmt.Errorf("%s: %w", r.op, ErrTooLarge)
	}
	return answer{location: resp.Header.Get("Location"), body: body}, nil
}

// noAnswer words why a request has no whole answer. reqCtx is ctx with the
// request's own time-outs.
func (c *Client) noAnswer(ctx, reqCtx context.Context, op string, sent *attempt, err error) error {
	switch {
	case errors.Is(context.Cause(reqCtx), errNoAnswer):
		err = errNoAnswer
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", op, context.Cause(ctx))
	}
	return &TransportError{Op: op, Host: c.base.Host, Phase: phase(sent.reached(), err), Tries: 1, Err: err}
}

// livelyReader puts the time-out off as long as bytes come: results may be
// large and lines slow.
type livelyReader struct {
	from    io.Reader
	silence *time.Timer
}

// Read implements io.Reader.
func (r *livelyReader) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	if n > 0 {
		r.silence.Reset(silenceTimeout)
	}
	return n, err
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
