// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// flight is one renewal, which all requests wait for.
type flight struct {
	done  chan struct{}
	need  need
	token token
	err   error
	ended bool // the context of the one that got it ended
}

// need is what a token is asked for.
type need struct {
	force   bool   // not the one that is held
	refused token  // which one is held and does not do
	claims  string // the challenge to be answered
	quiet   bool   // nobody is asked
	person  bool   // a person is to sign in, whatever is cached
}

// satisfied reports whether the token that is held is what n asks for. The lock
// is held.
func (s *Source) satisfied(n need) bool {
	t := s.current
	switch {
	case n.person:
		return false
	case n.force:
		return t.secret != n.refused.secret && (n.claims == "" || n.claims == t.claims) && t.lasts(late)
	}
	return s.enough()
}

// renewed returns a token that satisfies n. Of all who call it at one time,
// one gets it; the others take the token, or the refusal, that it got.
func (s *Source) renewed(ctx context.Context, n need) (token, error) {
	for {
		s.mu.Lock()
		if s.satisfied(n) {
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

// fly gets the token of f, and lands even if that panics.
func (s *Source) fly(ctx context.Context, f *flight) {
	f.err = errBrokenOff
	defer func() {
		f.ended = ctx.Err() != nil
		s.mu.Lock()
		defer s.mu.Unlock()
		if f.err == nil {
			s.current, s.retry = f.token, now().Add(pause)
		}
		s.flight = nil
		close(f.done)
	}()
	f.token, f.err = s.acquire(ctx, f.need)
}

var errBrokenOff = errors.New("the sign-in broke off")

// answers reports whether the failure of f is one for n too. It is not where
// the leader was interrupted, or had nobody to ask and ctx has.
func (f *flight) answers(ctx context.Context, n need) bool {
	var required *auth.RequiredError
	switch {
	case f.ended, n.person, n.claims != f.need.claims, f.need.quiet && !n.quiet:
		return false
	case errors.As(f.err, &required):
		return n.quiet || auth.PrompterFrom(ctx) == nil
	}
	return true
}
