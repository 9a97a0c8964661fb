// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptrace"
	"slices"
	"time"
)

// ErrTooLarge tells that an answer is larger than this client reads, 64 MiB.
var ErrTooLarge = errors.New("the answer is larger than 64 MiB")

// exchange makes one attempt and records in sent how far it came. An answer
// other than 2xx is an *APIError, no answer a *TransportError, the end of ctx
// its cause. The wait for the call budget and for a sign-in, which may take a
// person minutes, comes before the time-outs of the request.
func (c *Client) exchange(ctx context.Context, r request, sent *attempt) (answer, error) {
	sent.reset()
	if err := c.admit(ctx, r); err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	r.secrets = append(slices.Clone(r.secrets), credentials(req.Header.Get("Authorization"))...)
	sent.begin(c.ownTransport)
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
		return answer{}, c.noAnswer(ctx, reqCtx, r, sent, err)
	}
	defer resp.Body.Close()
	silence.Reset(silenceTimeout)
	c.log.Debug("request", "method", r.method, "path", r.path, "status", resp.StatusCode, "took", time.Since(started))
	in := &livelyReader{from: resp.Body, silence: silence}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		// The status says enough where the body cannot be read to its end.
		body, _ := io.ReadAll(io.LimitReader(in, maxErrorBytes))
		return answer{header: resp.Header}, apiError(r, resp, body)
	}
	if resp.ContentLength > maxBodyBytes {
		return answer{}, fmt.Errorf("%s: %w", r.op, ErrTooLarge)
	}
	var body bytes.Buffer
	body.Grow(int(min(max(resp.ContentLength, 0), trustedLength)) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(in, maxBodyBytes+1)); err != nil {
		return answer{}, c.noAnswer(ctx, reqCtx, r, sent, err)
	}
	if body.Len() > maxBodyBytes {
		return answer{}, fmt.Errorf("%s: %w", r.op, ErrTooLarge)
	}
	return answer{header: resp.Header, body: body.Bytes()}, nil
}

// trustedLength is up to which length a body gets its memory at once because
// a header announces it.
const trustedLength = 16 << 20

// noAnswer words why a request has no whole answer. reqCtx is ctx with the
// request's own time-outs.
func (c *Client) noAnswer(ctx, reqCtx context.Context, r request, sent *attempt, err error) error {
	switch {
	case errors.Is(context.Cause(reqCtx), errNoAnswer):
		err = errNoAnswer
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", r.op, context.Cause(ctx))
	}
	return &TransportError{Op: r.op, Host: c.base.Host, Phase: phase(sent.reached(), err), Tries: 1, Err: withoutIn(err, r.secrets)}
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
