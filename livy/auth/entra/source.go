// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

const (
	// early is how long before its end a token is renewed.
	early = 5 * time.Minute
	// late is how long before its end a token is no longer sent.
	late = 30 * time.Second
	// pause is how long after a renewal there is no other one while the token is
	// good: that one may have failed, or have got a token that ends soon.
	pause = 30 * time.Second
	// young is for how long a token is new enough to be tried before another one
	// is asked for: requests that went out with the old one come back late.
	young = 10 * time.Second
)

// Source signs in and adds tokens to requests. It is safe for concurrent use.
type Source struct {
	o      Options
	origin auth.Origin
	client *client
	cache  *tokencache.Cache

	mu      sync.Mutex
	current token
	retry   time.Time // when a renewal may be tried again
	flight  *flight   // the renewal that is going on; nil for none
}

// Format keeps the token, and what is cached, from being printed.
func (s *Source) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "sign-in%s", s.forProfile()) }

// token is an access token. Its times have no monotonic part: that stands
// still while the machine sleeps, and the token's life does not.
type token struct {
	secret  auth.Secret
	got     time.Time
	expires time.Time
	claims  string // the challenge that it answers
	account string // whose it is, to be shown
	flow    Flow
}

// New checks the options and returns a Source. Errors are an *OptionError or
// an *auth.OriginError. Nothing is asked for yet.
func New(o Options) (*Source, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Source{o: o, cache: o.Cache}
	if s.origin, err = auth.ParseOrigin(o.Origin); err != nil {
		return nil, err
	}
	if s.client, err = newClient(o); err != nil {
		return nil, err
	}
	if s.cache == nil {
		s.cache, err = tokencache.New(tokencache.Options{Name: "memory", Mode: tokencache.Memory, Logger: o.Logger})
	}
	return s, err
}

// Authorize adds a token to a request to the Source's origin, and signs in
// first if need be; that may ask a person and take minutes. Errors are an
// *auth.OriginError, *auth.RequiredError, *auth.SignInError or
// *auth.UnreachableError, or the end of ctx.
func (s *Source) Authorize(ctx context.Context, req *http.Request) error {
	if err := s.origin.Check(req.URL); err != nil {
		return err
	}
	if req.Host != "" && req.Host != req.URL.Host {
		return &auth.OriginError{Want: s.origin.String(), Got: "another host by name"}
	}
	t, err := s.token(ctx)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+t.secret.Reveal())
	return nil
}

// Unauthorized is told of an answer 401 to a request that Authorize had added
// a token to. It gets another token, one that satisfies the claims challenge of
// the answer if there is one. nil means that the request may be sent once more.
func (s *Source) Unauthorized(ctx context.Context, header http.Header) error {
	claims := challenge(header)
	s.mu.Lock()
	refused := s.current
	s.mu.Unlock()
	if now().Sub(refused.got).Abs() < young && (claims == "" || claims == refused.claims) {
		return nil
	}
	_, err := s.renewed(ctx, need{refused: refused, claims: claims, force: true})
	return err
}

// CloseIdleConnections closes connections to the sign-in service that no
// request uses.
func (s *Source) CloseIdleConnections() { s.client.CloseIdleConnections() }

// Notices returns what the user should be told of the sign-in, each sentence
// once: that it is not kept, and how to change that.
func (s *Source) Notices() []string { return s.cache.TakeNotices() }

// token returns a token that is good for a while.
func (s *Source) token(ctx context.Context) (token, error) {
	s.mu.Lock()
	t, enough := s.current, s.enough()
	s.mu.Unlock()
	if enough {
		return t, nil
	}
	usable := t.lasts(late)
	fresh, err := s.renewed(ctx, need{quiet: usable})
	if err == nil || !usable || ctx.Err() != nil {
		return fresh, err
	}
	s.o.Logger.Warn("the token is not renewed yet, the old one is still good", "error", err)
	s.mu.Lock()
	s.retry = now().Add(pause)
	s.mu.Unlock()
	return t, nil
}

// enough reports whether the token that is held need not be renewed yet. The
// lock is held.
func (s *Source) enough() bool {
	return s.current.lasts(early) || s.current.lasts(late) && now().Before(s.retry)
}

// lasts reports whether t is good for at least d.
func (t token) lasts(d time.Duration) bool { return now().Add(d).Before(t.expires) }

// now is the time of day, see token.
func now() time.Time { return time.Now().Round(0) }
