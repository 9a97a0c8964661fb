// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// silent takes a request and does not answer it.
func silent(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}

// inTestTime gives test a client whose requests are served by serve.
func inTestTime(t *testing.T, serve roundTripper, test func(t *testing.T, client *livy.Client)) {
	synctest.Test(t, func(t *testing.T) {
		client, err := livy.New("http://livy", livy.WithTransport(serve))
		if err != nil {
			t.Fatal(err)
		}
		test(t, client)
	})
}

// TestRow16EveryRequestHasATimeOut also where its context has none, and the
// outcome of a POST that ran into it is unknown.
func TestRow16EveryRequestHasATimeOut(t *testing.T) {
	for _, c := range []struct {
		name      string
		call      func(*livy.Client, context.Context) error
		takes     time.Duration
		uncertain bool
	}{
		{"submit", func(c *livy.Client, ctx context.Context) error {
			_, err := c.Submit(ctx, "0", livy.StatementRequest{Code: "1"})
			return err
		}, time.Minute, true},
		{"create", func(c *livy.Client, ctx context.Context) error {
			_, err := c.CreateSession(ctx, livy.CreateSessionRequest{})
			return err
		}, 3 * time.Minute, true},
		{"cancel", func(c *livy.Client, ctx context.Context) error { return c.Cancel(ctx, "0", "0") }, time.Minute, false},
		{"delete", func(c *livy.Client, ctx context.Context) error { return c.DeleteSession(ctx, "0") }, time.Minute, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			sent := 0
			inTestTime(t, func(r *http.Request) (*http.Response, error) { sent++; return silent(r) }, func(t *testing.T, client *livy.Client) {
				started := time.Now()
				err := c.call(client, t.Context())
				var transport *livy.TransportError
				if !errors.As(err, &transport) || transport.Phase != livy.PhaseTimeout {
					t.Errorf("error is %v", err)
				}
				if uncertain := new(livy.UncertainError); errors.As(err, &uncertain) != c.uncertain {
					t.Errorf("error is %T", err)
				}
				if took := time.Since(started); took != c.takes || sent != 1 {
					t.Errorf("took %v, want %v; sent %d times", took, c.takes, sent)
				}
			})
		})
	}
}

// TestDeadConnection: a GET into the void uses up its time-out, and is tried
// again all the same.
func TestDeadConnection(t *testing.T) {
	sent := 0
	inTestTime(t, func(r *http.Request) (*http.Response, error) {
		if sent++; sent == 1 {
			return silent(r)
		}
		return scripted(func(*http.Request) (int, string) { return 200, `{"id":0,"state":"idle"}` }).RoundTrip(r)
	}, func(t *testing.T, client *livy.Client) {
		if s, err := client.Session(t.Context(), "0"); err != nil || s.State != livy.SessionIdle {
			t.Errorf("session %+v, error %v", s, err)
		}
	})
}

// drip is a body that gives a byte at a time.
type drip struct {
	ctx   context.Context
	text  string
	pause time.Duration
}

func (d *drip) Read(b []byte) (int, error) {
	if d.text == "" {
		return 0, io.EOF
	}
	select {
	case <-time.After(d.pause):
	case <-d.ctx.Done():
		return 0, context.Cause(d.ctx)
	}
	n := copy(b[:1], d.text)
	d.text = d.text[n:]
	return n, nil
}

func (d *drip) Close() error { return nil }

func dripping(status int, text string, pause time.Duration) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Request: r, Body: &drip{r.Context(), text, pause}}, nil
	}
}

// TestRow35SlowBodies: what comes slowly comes whole, and what stops is given up.
func TestRow35SlowBodies(t *testing.T) {
	const answer = `{"id":0,"state":"available"}`
	statement := func(client *livy.Client, ctx context.Context) error {
		_, err := client.Statement(ctx, "0", "0")
		return err
	}
	submit := func(client *livy.Client, ctx context.Context) error {
		_, err := client.Submit(ctx, "0", livy.StatementRequest{Code: "1"})
		return err
	}
	for _, c := range []struct {
		name  string
		serve roundTripper
		call  func(*livy.Client, context.Context) error
		takes time.Duration
		ends  func(error) bool
	}{
		{"slow", dripping(200, answer, 50*time.Second), statement, time.Duration(len(answer)) * 50 * time.Second,
			func(err error) bool { return err == nil }},
		{"submission that stops", dripping(201, answer, time.Hour), submit, time.Minute,
			func(err error) bool { return errors.As(err, new(*livy.UncertainError)) }},
		{"submission without an end", dripping(201, strings.Repeat(" ", 1000), 50*time.Second), submit, 6 * time.Minute,
			func(err error) bool { return errors.As(err, new(*livy.UncertainError)) }},
		{"refusal that stops", dripping(403, answer, time.Hour), submit, time.Minute,
			func(err error) bool {
				var api *livy.APIError
				return errors.As(err, &api) && api.StatusCode == 403 && !errors.As(err, new(*livy.UncertainError))
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inTestTime(t, c.serve, func(t *testing.T, client *livy.Client) {
				started := time.Now()
				if err := c.call(client, t.Context()); !c.ends(err) {
					t.Errorf("error is %v", err)
				}
				if took := time.Since(started); took != c.takes {
					t.Errorf("took %v, want %v", took, c.takes)
				}
			})
		})
	}
}

// waitingAuthorizer waits for its user, as a sign-in does.
type waitingAuthorizer struct{}

func (waitingAuthorizer) Authorize(ctx context.Context, _ *http.Request) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

// TestSignInCanBeInterrupted: only what is on its way goes on without its
// context.
func TestSignInCanBeInterrupted(t *testing.T) {
	client := serveHTTP(t, func(http.ResponseWriter, *http.Request) { t.Error("a request came") }, livy.WithAuthorizer(waitingAuthorizer{}))
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupted := errors.New("interrupted")
	cancel(interrupted)
	if _, err := client.Session(ctx, "0"); !errors.Is(err, interrupted) {
		t.Errorf("session: %v", err)
	}
	ctx, cancel = context.WithCancelCause(t.Context())
	result := make(chan error)
	go func() {
		_, err := client.Submit(ctx, "0", livy.StatementRequest{Code: "1"})
		result <- err
	}()
	cancel(interrupted)
	if err := <-result; !errors.Is(err, interrupted) || errors.As(err, new(*livy.UncertainError)) {
		t.Errorf("submit: %v", err)
	}
}

// TestEndOfContext is told by its cause, and is no fault of the network.
func TestEndOfContext(t *testing.T) {
	inTestTime(t, silent, func(t *testing.T, client *livy.Client) {
		interrupted := errors.New("interrupted")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(interrupted) })
		_, err := client.WaitSession(ctx, livy.Session{ID: "0", State: livy.SessionStarting}, nil)
		if !errors.Is(err, interrupted) || errors.As(err, new(*livy.TransportError)) {
			t.Errorf("error is %v", err)
		}
	})
}
