// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// refusal is an *auth.SignInError with OAuth's own name for it.
type refusal struct {
	*auth.SignInError
	oauth string
}

func (r *refusal) Unwrap() error { return r.SignInError }

// interactive reports whether a person could turn it into a sign-in.
func (r *refusal) interactive() bool {
	return slices.Contains([]string{"invalid_grant", "interaction_required", "login_required", "consent_required"}, r.oauth)
}

// declined is how MSAL's error begins about scopes that were not granted.
const declined = "token response failed because declined scopes are present: "

// failed turns an error of MSAL into one that can be shown. MSAL's own quote
// requests and answers, tokens among them, so nothing of their text is used but
// codes and the names of scopes that were asked for.
func (s *Source) failed(ctx context.Context, err error) error {
	var (
		unreachable *auth.UnreachableError
		signIn      *auth.SignInError
		option      *OptionError
		call        msal.CallErr
		odd         msal.InvalidJsonErr
	)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &unreachable):
		return unreachable
	case errors.Is(err, context.DeadlineExceeded): // a deadline of ours
		return &auth.UnreachableError{Host: s.client.authority.Host, Phase: phaseTimeout, Err: errTooLong}
	case errors.As(err, &option):
		return option
	case errors.As(err, &signIn):
		return signIn
	case errors.As(err, &call):
		return s.refused(call.Err.Error(), call.Resp.StatusCode)
	case errors.As(err, &odd):
		return &auth.SignInError{Meaning: "the sign-in service at " + s.client.authority.Host + " gave an answer that makes no sense"}
	}
	text := html.UnescapeString(err.Error())
	if scopes, ok := strings.CutPrefix(text, declined); ok {
		lacks := s.named(scopes)
		return &auth.SignInError{Meaning: "these permissions were not granted: " + list(lacks) + "; an administrator can, or ask for less with --scope", Scopes: lacks}
	}
	switch {
	case codePattern.MatchString(text):
		return s.describe(answer{Description: text})
	case strings.Contains(text, "resolve an endpoint"), strings.Contains(text, "authority"):
		return &auth.SignInError{Meaning: fmt.Sprintf("%s is no sign-in service for tenant %s; check authority and tenant of the profile", s.o.Authority, s.o.Tenant)}
	}
	s.o.Logger.Warn("sign-in failed for a reason without a name", "type", fmt.Sprintf("%T", err))
	return &auth.SignInError{Meaning: "the sign-in service at " + s.client.authority.Host + " was not understood"}
}
