// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// ask has a person sign in. why is what made that necessary.
func (s *Source) ask(ctx context.Context, f Flow, n need, why error) (token, error) {
	prompter := auth.PrompterFrom(ctx)
	if prompter == nil {
		return token{}, s.required(why)
	}
	client, err := s.public()
	if err != nil {
		return token{}, s.failed(ctx, err)
	}
	ctx, end := s.cache.Begin(ctx)
	defer end()
	signIn := s.deviceCode
	if f == FlowBrowser {
		signIn = s.browser
	}
	got, err := signIn(ctx, client, prompter, n.claims)
	if err != nil {
		return token{}, err
	}
	if err := s.keepOnly(ctx, client, got.Account); err != nil {
		return token{}, s.failed(ctx, err)
	}
	t := userToken(got)
	t.flow, t.claims = f, n.claims
	return t, nil
}

func (s *Source) forProfile() string {
	if s.o.Profile == "" {
		return ""
	}
	return " for profile " + s.o.Profile
}
