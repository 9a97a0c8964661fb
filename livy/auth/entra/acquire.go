// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// quietTime bounds what goes on without a person: nothing hangs.
const quietTime = 60 * time.Second

// acquire gets a token by the flow that the options ask for.
func (s *Source) acquire(ctx context.Context, n need) (token, error) {
	if s.o.Flow == FlowAuto {
		return s.auto(ctx, n)
	}
	if n.person || s.o.Flow != FlowBrowser && s.o.Flow != FlowDeviceCode {
		return s.by(ctx, s.o.Flow, n, nil)
	}
	t, err := s.by(ctx, flowCached, n, nil)
	if err == nil || !needsPerson(err) || n.quiet {
		return t, err
	}
	return s.by(ctx, s.o.Flow, n, err)
}

// auto takes the first flow that works, and goes on where a cached account or
// an az login turns out to be of no use.
func (s *Source) auto(ctx context.Context, n need) (token, error) {
	if n.person {
		if err := FlowDeviceCode.check(s.o); err != nil {
			return token{}, err
		}
	}
	situation := Situation{
		CachedAccount:  s.o.ClientID != "" && !n.person,
		Secret:         !s.o.Secret.Empty() && !n.person,
		Certificate:    s.o.CertificatePath != "" && !n.person,
		FederatedToken: s.o.FederatedTokenFile != "" && !n.person,
		AzureCLI:       s.o.azureCLI() && !n.person,
		Display:        s.o.HasDisplay,
		Person:         s.o.ClientID != "" && !n.quiet && auth.PrompterFrom(ctx) != nil,
	}
	var why error
	for {
		flow, ok := Choose(situation)
		if !ok {
			return token{}, s.required(why)
		}
		t, err := s.by(ctx, flow, n, why)
		switch {
		case flow == flowCached && needsPerson(err):
			situation.CachedAccount = false
		case flow == FlowAzureCLI && useless(err):
			situation.AzureCLI = false
		default:
			return t, err
		}
		switch {
		case errors.Is(err, errNoLogin):
			why = errNoLogin
		case !errors.Is(err, errNoAccount):
			why = err
		}
	}
}

// by gets a token by one flow. why is what made a person necessary.
func (s *Source) by(ctx context.Context, f Flow, n need, why error) (token, error) {
	if err := f.check(s.o); err != nil {
		return token{}, err
	}
	if f == FlowBrowser || f == FlowDeviceCode {
		return s.ask(ctx, f, n, why)
	}
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, quietTime)
	defer cancel()
	var t token
	var err error
	switch f {
	case flowCached:
		t, err = s.cached(ctx, n)
	case FlowAzureCLI:
		t, err = s.azureCLI(ctx)
	case FlowManagedIdentity:
		t, err = s.managedIdentity(ctx, n)
	default:
		t, err = s.application(ctx, f, n)
	}
	if err != nil && whole.Err() == nil && ctx.Err() != nil { // ours is over, not the caller's
		return t, &auth.UnreachableError{Host: s.client.authority.Host, Phase: phaseTimeout, Err: errTooLong}
	}
	if err == nil && n.force && t.secret.Reveal() == n.refused.secret.Reveal() {
		return token{}, &auth.SignInError{Meaning: "the server refuses the token, and " + string(f) + " has no other one; sign in there again"}
	}
	t.flow, t.claims = f, n.claims
	return t, err
}

var errTooLong = errors.New("no answer in time")

// required tells that only a person could go on, and why.
func (s *Source) required(why error) error {
	if why == nil {
		why = errNobody
	}
	name := or(s.o.Profile, "NAME")
	return &auth.RequiredError{
		Profile: name, Err: why,
		Hint: "run livy-kernel login " + name + " where you can be asked, or let an application sign in (AZURE_CLIENT_ID and AZURE_CLIENT_SECRET)",
	}
}

var (
	// errNobody is the reason of a RequiredError where there is no other one.
	errNobody = errors.New("a sign-in is needed, and there is nobody here to be asked")
	// errNoAccount tells that nobody signed in before.
	errNoAccount = errors.New("nobody has signed in yet")
)

// useless reports whether err tells that there is no az, or no login in it.
func useless(err error) bool {
	var noLogin *noLoginError
	var option *OptionError
	return errors.As(err, &noLogin) || errors.As(err, &option)
}

// needsPerson reports whether a person could do what err tells of.
func needsPerson(err error) bool {
	var r *refusal
	return errors.Is(err, errNoAccount) || errors.As(err, &r) && r.interactive()
}
