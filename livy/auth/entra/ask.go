// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

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
		message := "Sign in to Microsoft Entra for profile " + s.o.Profile + " at this link:"
		if s.o.OpenURL != nil {
			if err := s.o.OpenURL(link); err != nil {
				s.o.Logger.Warn("no browser can be opened", "error", err)
			} else {
				message = "Sign in to Microsoft Entra for profile " + s.o.Profile + " in the browser that has opened, or at this link:"
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

// userCodePattern is what a code may look like that a person is to type in.
var userCodePattern = regexp.MustCompile(`^[A-Za-z0-9-]{4,32}$`)

// deviceCode signs in by a code that a person types in, on any device. The
// words are ours: what the service says could be anybody's, to a phisher's mind.
func (s *Source) deviceCode(ctx context.Context, client public.Client, prompter auth.Prompter, claims string) (public.AuthResult, error) {
	var options []public.AcquireByDeviceCodeOption
	if claims != "" {
		options = append(options, public.WithClaims(claims))
	}
	asking, cancel := context.WithTimeout(ctx, quietTime)
	defer cancel()
	code, err := client.AcquireTokenByDeviceCode(asking, s.o.Scopes, options...)
	if err != nil {
		return public.AuthResult{}, s.failed(ctx, err)
	}
	link, err := url.Parse(code.Result.VerificationURL)
	if err != nil || link.Scheme != "https" || link.Host == "" || !userCodePattern.MatchString(code.Result.UserCode) {
		return public.AuthResult{}, &auth.SignInError{Meaning: "the sign-in service gave no link and code that can be shown"}
	}
	done := prompter.Prompt(ctx, auth.Prompt{
		Message: "To sign in to Microsoft Entra for profile " + s.o.Profile + " (tenant " + s.o.Tenant + "), enter the code " +
			code.Result.UserCode + " at this link; do not, if you did not start this yourself:",
		URL: link.String(), UserCode: code.Result.UserCode, ExpiresAt: code.Result.ExpiresOn,
	})
	defer done()
	got, err := code.AuthenticationResult(ctx)
	switch {
	case err == nil:
		return got, nil
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return got, &auth.SignInError{Meaning: "the code was not entered in time; run the cell again for another one"}
	}
	return got, s.failed(ctx, err)
}
