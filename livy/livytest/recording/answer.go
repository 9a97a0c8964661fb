// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// answer is what counts of a response.
type answer struct {
	status int
	header map[string]string // By canonical name; only those that are compared.
	body   value
	size   int // of the body, in bytes
}

// comparedHeaders are the headers that belong to the protocol.
var comparedHeaders = []string{"Content-Type", "Location", "Allow"}

// send sends one request.
func (r *replay) send(ctx context.Context, method, path, body string) (answer, error) {
	return r.sendMarked(ctx, method, path, body, true)
}

// sendMarked is send, with or without the header against forged requests.
func (r *replay) sendMarked(ctx context.Context, method, path, body string, marked bool) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.target.BaseURL+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if marked {
		req.Header.Set("X-Requested-By", "recording")
	}
	resp, err := r.target.Transport.RoundTrip(req)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	a := answer{status: resp.StatusCode, header: map[string]string{}, body: parseValue(text), size: len(text)}
	for _, name := range comparedHeaders {
		if v := resp.Header.Get(name); v != "" {
			a.header[name] = v
		}
	}
	return a, nil
}

// poll sends the request until ready, or until the target's patience ends,
// and returns the last answer.
func (r *replay) poll(ctx context.Context, method, path, body string, ready func(answer) bool) (answer, error) {
	patience := time.NewTimer(r.target.Patience)
	defer patience.Stop()
	pause := time.NewTicker(r.target.Poll)
	defer pause.Stop()
	for {
		got, err := r.send(ctx, method, path, body)
		if err != nil || ready(got) {
			return got, err
		}
		select {
		case <-pause.C:
		case <-patience.C:
			return got, nil
		case <-ctx.Done():
			return got, context.Cause(ctx)
		}
	}
}

// cleanUp deletes the sessions that the replay made and that are left.
func (r *replay) cleanUp(ctx context.Context) error {
	for _, id := range r.ids.made {
		if _, err := r.send(ctx, http.MethodDelete, "/sessions/"+id, ""); err != nil {
			return err
		}
	}
	return nil
}

// compareAnswers compares all that counts of two answers.
func compareAnswers(want, got answer, ids *ids) []Difference {
	var diffs []Difference
	if want.status != got.status {
		return []Difference{{Path: "status", Want: fmt.Sprint(want.status), Got: fmt.Sprint(got.status)}}
	}
	for _, name := range comparedHeaders {
		w, g := want.header[name], got.header[name]
		switch name {
		case "Content-Type":
			w, g = mediaType(w), mediaType(g)
		case "Location":
			w = ids.mapPath(w)
		}
		if w != g {
			diffs = append(diffs, Difference{Path: "header." + name, Want: w, Got: g})
		}
	}
	diffs = append(diffs, compareStates(want.body, got.body)...)
	return append(diffs, compareValues("$", want.body, got.body)...)
}

func mediaType(header string) string {
	t, _, err := mime.ParseMediaType(header)
	if err != nil {
		return header
	}
	return t
}
