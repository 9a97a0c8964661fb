// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// suspended is a machine that can be put to sleep: what is on its way then goes
// no further, whatever its context says, and is lost when the machine wakes up.
type suspended struct {
	mu    sync.Mutex
	awake chan struct{} // nil while it does not sleep
}

func (s *suspended) sleep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.awake = make(chan struct{})
}

func (s *suspended) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.awake)
	s.awake = nil
}

// asleep loses a request if the machine sleeps.
func (s *suspended) asleep() error {
	s.mu.Lock()
	awake := s.awake
	s.mu.Unlock()
	if awake == nil {
		return nil
	}
	<-awake
	return syscall.ECONNRESET
}

// over carries requests while the machine is awake.
func (s *suspended) over(way http.RoundTripper) http.RoundTripper {
	return carrier(func(r *http.Request) (*http.Response, error) {
		if err := s.asleep(); err != nil {
			return nil, err
		}
		return way.RoundTrip(r)
	})
}

type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

// TestRow85TokenAfterASleep puts the machine to sleep in mid-cell for longer
// than a token lives. The first question afterwards goes out at once and with a
// new token, which the sign-in of before gives without a person.
func TestRow85TokenAfterASleep(t *testing.T) {
	const client, person, endpoint = "99999999-8888-4777-8666-555555555555", "ann@contoso.example", "http://127.0.0.1"
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		authority := authtest.New(authtest.InProcess())
		authority.Register(authtest.App{ID: client, Public: true, Resource: entra.FabricResource, Permissions: entra.FabricScopes(), Consented: entra.FabricScopes()})
		authority.AddUser(person)
		var machine suspended
		source, err := entra.New(entra.Options{
			Origin: endpoint, ClientID: client, Tenant: authority.Tenant, Authority: authority.URL,
			Flow: entra.FlowDeviceCode, Transport: machine.over(authority.Transport()),
		})
		if err != nil {
			t.Fatal(err)
		}
		ann := &authtest.Person{Authority: authority, User: person}
		request, err := http.NewRequestWithContext(auth.WithPrompter(t.Context(), ann), http.MethodGet, endpoint, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if err := source.Authorize(request.Context(), request); err != nil {
			t.Fatal(err)
		}

		var refused atomic.Int32
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if err := machine.asleep(); err != nil {
				return nil, err
			}
			if _, err := authority.Check(r.Header.Get("Authorization")); err != nil {
				refused.Add(1)
				return answer(r, http.StatusUnauthorized, "")
			}
			return nil, nil //nolint:nilnil // the request passes
		})
		livyClient, err := livy.New(endpoint, livy.WithTransport(seen), livy.WithAuthorizer(source))
		if err != nil {
			t.Fatal(err)
		}
		b.connect = func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return livyClient, nil, nil }
		b.profile.Kernel.OnShutdown = "keep" // the server outlives no heartbeat for eight hours
		var clock sleeper
		b.awake.wall = clock.wall

		engine.On("long", lasting(12*time.Hour))
		r, done := begin(t, b, "long")
		time.Sleep(30 * time.Minute)
		machine.sleep()
		time.Sleep(8 * time.Hour)
		if n := len(authority.Grants("refresh_token")); n != 0 {
			t.Errorf("%d renewals before and in the sleep", n)
		}
		clock.sleep(8 * time.Hour) // as the bridge tells a sleep from time that went by
		asked := seen.count("GET /sessions/*/statements/0")
		machine.wake()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if n := seen.count("GET /sessions/*/statements/0") - asked; n == 0 || len(authority.Grants("refresh_token")) != 1 {
			t.Errorf("awake again: %d questions, %d renewals", n, len(authority.Grants("refresh_token")))
		}
		if err := <-done; err != nil || r.stdout() != "done\n" {
			t.Errorf("error %v, stdout %q", err, r.stdout())
		}
		if n := seen.count("POST /sessions/*/statements"); n != 1 || refused.Load() != 0 || len(ann.Prompts()) != 1 {
			t.Errorf("posted %d times, %d tokens refused, %d prompts", n, refused.Load(), len(ann.Prompts()))
		}
		if errs := ann.Errors(); len(errs) != 0 {
			t.Error(errs)
		}
		seen.breaks(nil)
	})
}
