// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// noLoginError tells that az has no login to offer.
type noLoginError struct{ auth.RequiredError }

func (e *noLoginError) Unwrap() error { return &e.RequiredError }

var errNoLogin = errors.New("nobody is signed in to the Azure CLI")

// azureCLI asks az for a token of the login that it holds. az decides itself
// when to renew it.
func (s *Source) azureCLI(ctx context.Context) (token, error) {
	scope := allGranted(s.o.Resource)
	arguments := []string{"account", "get-access-token", "--output", "json", "--scope", scope}
	if s.o.Tenant != organizations {
		arguments = append(arguments, "--tenant", s.o.Tenant)
	}
	var out, complaint bounded
	cmd := exec.CommandContext(ctx, s.o.AzPath, arguments...)
	cmd.Env, cmd.Stdout, cmd.Stderr = s.o.azEnviron(), &out, &complaint
	cmd.WaitDelay = 2 * time.Second // for what az itself started
	err := cmd.Run()
	if ctx.Err() != nil {
		return token{}, context.Cause(ctx)
	}
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		return token{}, s.azRefused(complaint.buffer.String(), scope)
	case err != nil:
		return token{}, &OptionError{"azure_cli", "cannot be run"}
	}
	t, err := parseAzToken(out.buffer.Bytes())
	if err != nil {
		return token{}, &auth.SignInError{Meaning: "az gave an answer that makes no sense: " + err.Error()}
	}
	return t, nil
}

// azRefused words what az says on its standard error; only codes of it are
// shown.
func (s *Source) azRefused(text, scope string) error {
	if codePattern.MatchString(text) {
		err := s.describe(answer{Description: text})
		var r *refusal
		if errors.As(err, &r) {
			r.Meaning += "; az login --scope " + scope + " signs in again"
		}
		return err
	}
	if strings.Contains(text, "az login") {
		return &noLoginError{auth.RequiredError{Profile: s.o.Profile, Hint: "run az login", Err: errNoLogin}}
	}
	return &auth.SignInError{Meaning: "az gave no token; try: az account get-access-token --scope " + scope}
}

// bearerPattern is what a token may look like (RFC 6750, 2.1).
var bearerPattern = lazyregexp.New(`^[A-Za-z0-9._~+/-]+=*$`)

// parseAzToken reads the output of az account get-access-token. Errors quote
// nothing of it.
func parseAzToken(output []byte) (token, error) {
	var said struct {
		AccessToken string `json:"accessToken"`
		TokenType   string `json:"tokenType"`
		Unix        int64  `json:"expires_on"` // since az 2.54
		Local       string `json:"expiresOn"`  // in local time, without a zone
	}
	if err := json.Unmarshal(output, &said); err != nil {
		return token{}, errors.New("no JSON with a token")
	}
	expires := time.Unix(said.Unix, 0)
	if said.Unix == 0 {
		var err error
		if expires, err = time.ParseInLocation("2006-01-02 15:04:05.999999", said.Local, time.Local); err != nil {
			return token{}, errors.New("no time at which the token ends")
		}
	}
	switch {
	case !bearerPattern.MatchString(said.AccessToken):
		return token{}, errors.New("no token")
	case !strings.EqualFold(said.TokenType, "Bearer"):
		return token{}, errors.New("a token of another type than Bearer")
	case !expires.After(time.Now()):
		return token{}, errors.New("a token that has ended already")
	case expires.After(time.Now().Add(48 * time.Hour)):
		return token{}, errors.New("a token that never ends")
	}
	return token{secret: auth.NewSecret(said.AccessToken), got: now(), expires: expires, account: "az login"}, nil
}

// maxOutput bounds what a program may say.
const maxOutput = 64 << 10

// bounded keeps the beginning of what is written to it. It embeds no buffer:
// what that can do besides Write knows no bound.
type bounded struct{ buffer bytes.Buffer }

// Write never fails: a program is not to be ended by a long complaint.
func (b *bounded) Write(p []byte) (int, error) {
	b.buffer.Write(p[:min(len(p), maxOutput-b.buffer.Len())])
	return len(p), nil
}
