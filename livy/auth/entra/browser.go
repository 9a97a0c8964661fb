// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// spoiled are the errors of MSAL's loopback listener about a request that did
// not come from the sign-in. Any page on this machine can send one.
var spoiled = []string{
	"response was received via a GET operation",
	"server didn't send OAuth state",
	"mismatched OAuth state",
	"authorization code missing in response",
	"failed to parse form data",
}

// browser signs in by the authorization code flow. Where something else than
// the sign-in answered on the loopback address, it listens once more.
func (s *Source) browser(ctx context.Context, client public.Client, prompter auth.Prompter, claims string) (public.AuthResult, error) {
	got, err := s.browserOnce(ctx, client, prompter, claims)
	if wasSpoiled(err) {
		s.o.Logger.Warn("the sign-in was disturbed and begins again")
		got, err = s.browserOnce(ctx, client, prompter, claims)
	}
	if wasSpoiled(err) {
		return got, &auth.SignInError{Meaning: "something on this machine disturbs the sign-in in the browser; use --flow device-code"}
	}
	return got, err
}

func (s *Source) browserOnce(ctx context.Context, client public.Client, prompter auth.Prompter, claims string) (public.AuthResult, error) {
	whole := ctx
	expires := time.Now().Add(s.o.BrowserTime)
	ctx, cancel := context.WithDeadline(ctx, expires)
	defer cancel()
	done := func() {}
	defer func() { done() }()
	options := []public.AcquireInteractiveOption{public.WithOpenURL(func(link string) error {
		message := "Sign in to Microsoft Entra" + s.forProfile() + " at this link:"
		if s.o.OpenURL != nil {
			if err := s.o.OpenURL(link); err != nil {
				s.o.Logger.Warn("no browser can be opened", "error", err)
			} else {
				message = "Sign in to Microsoft Entra" + s.forProfile() + " in the browser that has opened, or at this link:"
			}
		}
		done = prompter.Prompt(whole, auth.Prompt{Message: message, URL: link, ExpiresAt: expires})
		return nil
	})}
	if claims != "" {
		options = append(options, public.WithClaims(claims))
	}
	got, err := client.AcquireTokenInteractive(ctx, s.o.Scopes, options...)
	switch {
	case err == nil, wasSpoiled(err):
		return got, err
	case whole.Err() == nil && ctx.Err() != nil:
		return got, &auth.SignInError{Meaning: fmt.Sprintf("nobody signed in within %s; run the cell again, or use --flow device-code", s.o.BrowserTime)}
	}
	return got, s.failed(whole, err)
}

func wasSpoiled(err error) bool {
	if err == nil {
		return false
	}
	for _, text := range spoiled {
		if strings.HasPrefix(err.Error(), text) {
			return true
		}
	}
	return false
}
