// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// browserSource signs in by a real loopback listener.
func browserSource(t *testing.T, a *authtest.Authority, change func(*Options)) *Source {
	t.Helper()
	o := options(a, FlowBrowser)
	if change != nil {
		change(&o)
	}
	return newSource(t, o)
}

func TestBrowser(t *testing.T) {
	a := newAuthority(t)
	p := &authtest.Person{Authority: a, User: ann}
	var opened []string
	s := browserSource(t, a, func(o *Options) {
		o.OpenURL = func(link string) error { opened = append(opened, link); return nil }
	})
	good(t, asked(t, p), s, a)
	prompts := p.Prompts()
	if len(prompts) != 1 || len(opened) != 1 || prompts[0].URL != opened[0] || prompts[0].UserCode != "" || p.Shown() != 0 || len(p.Errors()) != 0 {
		t.Errorf("prompts %+v, opened %v, errors %v", prompts, opened, p.Errors())
	}
	link, err := url.Parse(opened[0])
	if err != nil || !strings.HasPrefix(opened[0], a.URL+"/"+a.Tenant+"/oauth2/v2.0/authorize?") {
		t.Fatalf("link is %s, %v", opened[0], err)
	}
	if got := link.Query(); got.Get("code_challenge_method") != "S256" || got.Get("response_mode") != "form_post" || !strings.Contains(got.Get("scope"), FabricResource+"/Lakehouse.Execute.All") {
		t.Errorf("query is %v", got)
	}
}

// visitor is a Prompter that handles each link in turn by its own function.
type visitor struct {
	t       *testing.T
	visits  []func(authtest.Form) // after the person has signed in
	a       *authtest.Authority
	handled chan struct{}
}

func (v *visitor) Prompt(_ context.Context, p auth.Prompt) func() {
	if len(v.visits) == 0 {
		v.t.Error("asked once more")
		return func() {}
	}
	next := v.visits[0]
	v.visits = v.visits[1:]
	go func() {
		form, err := v.a.Visit(p.URL, ann)
		if err != nil {
			v.t.Error(err)
		}
		next(form)
		v.handled <- struct{}{}
	}()
	return func() {}
}

func post(form authtest.Form) { _ = form.Post() } // whether it arrives is what the test looks at

// TestRow62SpoiledRedirect: what did not come from the sign-in is refused, and
// costs one new start.
func TestRow62SpoiledRedirect(t *testing.T) {
	spoil := map[string]func(authtest.Form){
		"wrong state": func(f authtest.Form) { f.Fields.Set("state", "guessed"); post(f) },
		"no state":    func(f authtest.Form) { f.Fields.Del("state"); post(f) },
		"no code":     func(f authtest.Form) { f.Fields.Del("code"); post(f) },
		"GET": func(f authtest.Form) {
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			if resp, err := client.Get(f.Action + "?" + f.Fields.Encode()); err == nil {
				resp.Body.Close()
			}
		},
	}
	for name, disturb := range spoil {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			v := &visitor{t: t, a: a, visits: []func(authtest.Form){disturb, post}, handled: make(chan struct{}, 2)}
			good(t, auth.WithPrompter(t.Context(), v), browserSource(t, a, nil), a)
			<-v.handled
			<-v.handled

			v.visits = []func(authtest.Form){disturb, disturb}
			_, err := header(auth.WithPrompter(t.Context(), v), browserSource(t, a, nil))
			var refused *auth.SignInError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), "device-code") || strings.Contains(err.Error(), "guessed") {
				t.Errorf("disturbed twice: %v", err)
			}
			<-v.handled
			<-v.handled
		})
	}
}

// TestRow62ListenerCloses: after the sign-in, and after its time, nobody
// listens any more.
func TestRow62ListenerCloses(t *testing.T) {
	a := newAuthority(t)
	var action string
	v := &visitor{t: t, a: a, handled: make(chan struct{}, 2)}
	v.visits = []func(authtest.Form){func(f authtest.Form) { action = f.Action; post(f) }}
	good(t, auth.WithPrompter(t.Context(), v), browserSource(t, a, nil), a)
	<-v.handled
	refused(t, action)

	v.visits = []func(authtest.Form){func(f authtest.Form) { action = f.Action }}
	_, err := header(auth.WithPrompter(t.Context(), v), browserSource(t, a, func(o *Options) { o.BrowserTime = 300 * time.Millisecond }))
	var late *auth.SignInError
	if !errors.As(err, &late) || !strings.Contains(err.Error(), "nobody signed in within") {
		t.Errorf("error is %v", err)
	}
	<-v.handled
	refused(t, action)
}

// refused checks that nobody listens at the address of link.
func refused(t *testing.T, link string) {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", u.Host); err == nil {
		conn.Close()
		t.Errorf("%s is still open", u.Host)
	}
}

func TestBrowserRefused(t *testing.T) {
	a := newAuthority(t)
	p := &authtest.Person{Authority: a} // declines
	_, err := header(asked(t, p), browserSource(t, a, nil))
	var refused *auth.SignInError
	if !errors.As(err, &refused) || refused.Code != "AADSTS65004" || refused.CorrelationID != authtest.CorrelationID || p.Shown() != 0 || len(p.Prompts()) != 1 {
		t.Errorf("%d prompts, error is %v", len(p.Prompts()), err)
	}
}

// TestRow63DeviceCode: declined and expired codes end the sign-in with a text,
// without a second try, and the code goes from where it was shown.
func TestRow63DeviceCode(t *testing.T) {
	cases := []struct {
		name   string
		absent bool
		want   string
	}{
		{"declined", false, "declined"},
		{"expired", true, "not entered in time"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAuthority(t, authtest.InProcess(), authtest.CodeLife(10*time.Minute))
				p := &authtest.Person{Authority: a, Absent: c.absent}
				var lines log
				o := options(a, FlowDeviceCode)
				o.Logger = lines.logger()
				_, err := header(asked(t, p), newSource(t, o))
				var refused *auth.SignInError
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("error is %v", err)
				}
				if len(p.Prompts()) != 1 || p.Shown() != 0 {
					t.Errorf("%d prompts, %d shown", len(p.Prompts()), p.Shown())
				}
				if code := p.Prompts()[0].UserCode; strings.Contains(err.Error()+lines.String(), code) {
					t.Error("the code is in the error or in the log")
				}
			})
		})
	}
}

// TestRow63OddCode: what is shown to a person is a link and a code, whatever
// the service sends.
func TestRow63OddCode(t *testing.T) {
	for name, body := range map[string]string{
		"link":   `{"user_code":"ABCD1234","device_code":"d","verification_uri":"javascript:alert(1)","expires_in":900}`,
		"clear":  `{"user_code":"ABCD1234","device_code":"d","verification_uri":"http://login.example/device","expires_in":900}`,
		"code":   `{"user_code":"<img src=x>","device_code":"d","verification_uri":"https://login.example/device","expires_in":900}`,
		"nobody": `{}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t, authtest.InProcess())
			a.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/devicecode") {
					return false
				}
				_, _ = w.Write([]byte(body))
				return true
			})
			p := &authtest.Person{Authority: a, User: ann}
			_, err := header(asked(t, p), newSource(t, options(a, FlowDeviceCode)))
			if err == nil || len(p.Prompts()) != 0 || strings.Contains(err.Error(), "img") {
				t.Errorf("%d prompts, %v", len(p.Prompts()), err)
			}
		})
	}
}
