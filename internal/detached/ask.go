// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package detached

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// askTime bounds the question whether a server is there.
const askTime = 10 * time.Second

// ask returns nil where the server answers, and ErrNone where it has ended: a
// server that was killed leaves its file, and its port may be another
// program's by now. One that does not answer in time may still run.
func (s Server) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/version", http.NoBody)
	if err != nil {
		return ErrNone //nolint:nilerr // the file does not hold an address
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	transport := &http.Transport{DisableKeepAlives: true} // straight there, through no proxy
	resp, err := transport.RoundTrip(req)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("the detached server does not answer: %w", errors.Join(context.Cause(ctx), err))
		}
		return ErrNone
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		return ErrNone //nolint:nilerr // what answers there is no Livy server of ours
	}
	return nil
}
