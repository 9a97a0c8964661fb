// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// TestRow57SilentRefresh: of 50 requests that find the token old, one renews it
// and nobody is asked, through six hours.
func TestRow57SilentRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		p := &authtest.Person{Authority: a, User: ann}
		s := newSource(t, options(a, FlowDeviceCode))
		good(t, asked(t, p), s, a)
		for hour := range 6 {
			time.Sleep(time.Hour)
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() {
					got, err := header(t.Context(), s)
					if err == nil {
						_, err = a.Check(got)
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := len(a.Grants("refresh_token")); n != hour+1 {
				t.Fatalf("after %d hours there were %d refreshes", hour+1, n)
			}
		}
		if len(p.Prompts()) != 1 {
			t.Errorf("%d prompts", len(p.Prompts()))
		}
	})
}

// TestRow57NoWaitForTheOld: while the old token is good, a service that cannot
// be reached harms nobody, and is not asked by every request.
func TestRow57NoWaitForTheOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		var down atomic.Bool
		var calls atomic.Int64
		o := options(a, FlowClientSecret)
		o.Transport = transport(func(req *http.Request) (*http.Response, error) {
			calls.Add(1)
			if down.Load() {
				return nil, errors.New("no network")
			}
			return a.Transport().RoundTrip(req)
		})
		s := newSource(t, o)
		first := good(t, t.Context(), s, a)
		down.Store(true)
		time.Sleep(57 * time.Minute)
		calls.Store(0)
		for range 20 {
			if got := good(t, t.Context(), s, a); got != first {
				t.Error("another token without a service")
			}
		}
		if n := calls.Load(); n != maxTries {
			t.Errorf("%d calls of a service that is down", n)
		}
		time.Sleep(3 * time.Minute)
		_, err := header(t.Context(), s)
		var unreachable *auth.UnreachableError
		if !errors.As(err, &unreachable) || !unreachable.Temporary() {
			t.Errorf("after the end of the token: %v", err)
		}
		down.Store(false)
		good(t, t.Context(), s, a)
	})
}

// TestRow57ShortTokens: tokens that end soon are not asked for at each request.
func TestRow57ShortTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess(), authtest.TokenLife(2*time.Minute))
		s := newSource(t, options(a, FlowClientSecret))
		for range 600 {
			good(t, t.Context(), s, a)
			time.Sleep(time.Second)
		}
		if n := len(a.Grants("client_credentials")); n > 600/int(pause/time.Second)+1 {
			t.Errorf("%d tokens in 10 minutes", n)
		}
	})
}

// TestRow58RefreshNeedsThePerson: the request waits, the person is asked once,
// and it goes on. As long as the old token is good nobody is asked.
func TestRow58RefreshNeedsThePerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		p := &authtest.Person{Authority: a, User: ann}
		s := newSource(t, options(a, FlowDeviceCode))
		first := good(t, asked(t, p), s, a)
		a.RevokeSignIns()
		time.Sleep(57 * time.Minute)
		if got := good(t, asked(t, p), s, a); got != first || len(p.Prompts()) != 1 {
			t.Errorf("asked %d times while the token was good", len(p.Prompts()))
		}
		time.Sleep(3 * time.Minute)
		_, err := header(t.Context(), s) // of a part of the kernel that can ask nobody
		var required *auth.RequiredError
		var refused *auth.SignInError
		if !errors.As(err, &required) || !errors.As(err, &refused) || refused.Code != "AADSTS50173" {
			t.Errorf("without a person: %v", err)
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { good(t, asked(t, p), s, a) })
		}
		all.Wait()
		if len(p.Prompts()) != 2 || p.Shown() != 0 {
			t.Errorf("%d prompts, %d shown", len(p.Prompts()), p.Shown())
		}
	})
}

// TestRow58Interrupted: an interrupt ends the wait and takes the prompt away;
// whoever else waits asks in turn.
func TestRow58Interrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		absent := &authtest.Person{Authority: a, Absent: true}
		s := newSource(t, options(a, FlowDeviceCode))
		ctx, cancel := context.WithCancelCause(asked(t, absent))
		interrupt := errors.New("interrupted")
		ended := make(chan error)
		go func() {
			_, err := header(ctx, s)
			ended <- err
		}()
		synctest.Wait()
		present := &authtest.Person{Authority: a, User: ann}
		other := make(chan error)
		go func() {
			_, err := header(asked(t, present), s)
			other <- err
		}()
		synctest.Wait()
		if absent.Shown() != 1 || len(present.Prompts()) != 0 {
			t.Errorf("%d prompts are shown, and %d to the other", absent.Shown(), len(present.Prompts()))
		}
		cancel(interrupt)
		if err := <-ended; !errors.Is(err, interrupt) || absent.Shown() != 0 {
			t.Errorf("the interrupted sign-in ends with %v, %d prompts are shown", err, absent.Shown())
		}
		if err := <-other; err != nil || len(present.Prompts()) != 1 {
			t.Errorf("the other one: %v", err)
		}
	})
}

// TestRow65Clock: a token that the clock calls good and the server does not is
// replaced; the cache of a machine whose clock went back is used all the same.
func TestRow65Clock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		p := &authtest.Person{Authority: a, User: ann}
		s := newSource(t, options(a, FlowDeviceCode))
		first := good(t, asked(t, p), s, a)
		for _, clock := range []time.Duration{-time.Hour, time.Hour} {
			s.mu.Lock()
			s.current.got, s.current.expires = now().Add(-clock), now().Add(-clock+time.Hour)
			s.mu.Unlock()
			a.RevokeAccess()
			if err := s.Unauthorized(t.Context(), http.Header{}); err != nil {
				t.Fatal(err)
			}
			if got := good(t, t.Context(), s, a); got == first {
				t.Error("the refused token is used again")
			}
		}
		if len(p.Prompts()) != 1 {
			t.Errorf("%d prompts", len(p.Prompts()))
		}
	})
}

func TestHeadlessIsTold(t *testing.T) {
	a := newAuthority(t, authtest.InProcess())
	for _, flow := range []Flow{FlowAuto, FlowBrowser, FlowDeviceCode} {
		_, err := header(t.Context(), newSource(t, options(a, flow)))
		var required *auth.RequiredError
		if !errors.As(err, &required) || !strings.Contains(err.Error(), "livy-kernel login sales") {
			t.Errorf("%s: %v", flow, err)
		}
	}
	if n := len(a.Journal()); n != 0 {
		t.Errorf("%d requests without a person", n)
	}
}
