// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
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
	// pause is how long a renewal that failed is not tried again, while the old
	// token is still good.
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
	t, retry := s.current, s.retry
	s.mu.Unlock()
	usable := t.lasts(late)
	if t.lasts(early) || usable && now().Before(retry) {
		return t, nil
	}
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

// lasts reports whether t is good for at least d.
func (t token) lasts(d time.Duration) bool { return now().Add(d).Before(t.expires) }

// now is the time of day, see token.
func now() time.Time { return time.Now().Round(0) }

// flight is one renewal, which all requests wait for.
type flight struct {
	done  chan struct{}
	need  need
	token token
	err   error
}

// need is what a token is asked for.
type need struct {
	force   bool   // not the one that is held
	refused token  // which one is held and does not do
	claims  string // the challenge to be answered
	quiet   bool   // nobody is asked
	person  bool   // a person is to sign in, whatever is cached
}

// satisfied reports whether t is what n asks for.
func (n need) satisfied(t token) bool {
	switch {
	case n.person:
		return false
	case n.force:
		return t.secret != n.refused.secret && (n.claims == "" || n.claims == t.claims) && t.lasts(late)
	}
	return t.lasts(early)
}

// renewed returns a token that satisfies n. Of all who call it at one time,
// one gets it; the others take the token, or the refusal, that it got.
func (s *Source) renewed(ctx context.Context, n need) (token, error) {
	for {
		s.mu.Lock()
		if n.satisfied(s.current) {
			defer s.mu.Unlock()
			return s.current, nil
		}
		f := s.flight
		if f == nil {
			f = &flight{done: make(chan struct{}), need: n}
			s.flight = f
			s.mu.Unlock()
			s.fly(ctx, f)
			return f.token, f.err
		}
		s.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return token{}, context.Cause(ctx)
		}
		if f.err != nil && f.answers(ctx, n) {
			return token{}, f.err
		}
	}
}

func (s *Source) fly(ctx context.Context, f *flight) {
	f.token, f.err = s.acquire(ctx, f.need)
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.err == nil {
		s.current, s.retry = f.token, time.Time{}
	}
	s.flight = nil
	close(f.done)
}

// answers reports whether the failure of f is one for n too. It is not where
// the leader was interrupted, or had nobody to ask and ctx has.
func (f *flight) answers(ctx context.Context, n need) bool {
	var required *auth.RequiredError
	switch {
	case errors.Is(f.err, context.Canceled), errors.Is(f.err, context.DeadlineExceeded):
		return false
	case n.person, n.claims != f.need.claims, f.need.quiet && !n.quiet:
		return false
	case errors.As(f.err, &required):
		return n.quiet || auth.PrompterFrom(ctx) == nil
	}
	return true
}
