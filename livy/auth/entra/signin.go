// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

// SignIn signs in ahead of time. A person is asked by way of prompter even if
// there is an account already; for an application it shows that its credential
// is good. Errors are those of Authorize.
func (s *Source) SignIn(ctx context.Context, prompter auth.Prompter) error {
	_, err := s.renewed(auth.WithPrompter(ctx, prompter), need{force: true, person: true})
	return err
}

// SignOut forgets the account and its tokens, on disk too. It does not sign the
// person out of the service, and a token stays good until its end.
func (s *Source) SignOut(ctx context.Context) error {
	s.mu.Lock()
	s.current = token{}
	s.mu.Unlock()
	return s.cache.Clear(ctx)
}

// Account tells who is signed in.
type Account struct {
	Name    string             // a user name, or what stands for an application
	Flow    Flow               // how the token in use was got; empty for none yet
	Tenant  string             // of the profile
	Storage tokencache.Storage // where a person's tokens are kept
}

// Account returns who is signed in, without asking anybody: ok is false where
// no one is yet.
func (s *Source) Account(ctx context.Context) (a Account, ok bool, err error) {
	a = Account{Tenant: s.o.Tenant}
	s.mu.Lock()
	current := s.current
	s.mu.Unlock()
	if s.o.Flow.person() {
		if a.Storage, err = s.cache.Storage(ctx); err != nil {
			return a, false, err
		}
	}
	if !current.secret.Empty() {
		a.Name, a.Flow = current.account, current.flow
		return a, true, nil
	}
	if !s.o.Flow.person() || s.o.ClientID == "" {
		return a, false, nil
	}
	ctx, end := s.cache.Begin(ctx)
	defer end()
	client, err := s.public()
	if err != nil {
		return a, false, s.failed(ctx, err)
	}
	account, err := s.account(ctx, client)
	if errors.Is(err, errNoAccount) {
		return a, false, nil
	}
	a.Name = account.PreferredUsername
	return a, err == nil, err
}
