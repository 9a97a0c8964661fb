// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// maxCodeTime bounds how long a code is waited for, whatever the service says.
const maxCodeTime = 30 * time.Minute

// userCodePattern is what a code may look like that a person is to type in.
var userCodePattern = lazyregexp.New(`^[A-Za-z0-9-]{4,32}$`)

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
	whole := ctx
	expires := time.Now().Add(min(time.Until(code.Result.ExpiresOn), maxCodeTime))
	ctx, cancelWait := context.WithDeadline(ctx, expires)
	defer cancelWait()
	done := prompter.Prompt(whole, auth.Prompt{
		Message: "To sign in to Microsoft Entra" + s.forProfile() + " (tenant " + s.o.Tenant + "), enter the code " +
			code.Result.UserCode + " at this link; do not, if you did not start this yourself:",
		URL: link.String(), UserCode: code.Result.UserCode, ExpiresAt: expires,
	})
	defer done()
	got, err := code.AuthenticationResult(ctx)
	switch {
	case err == nil:
		return got, nil
	case whole.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return got, &auth.SignInError{Meaning: "the code was not entered in time; run the cell again for another one"}
	}
	return got, s.failed(whole, err)
}
