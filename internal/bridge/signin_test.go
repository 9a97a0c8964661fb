// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

const deviceLogin = "https://login.example/device?a=b"

// signingIn is a connector that needs a person, who is done when signed is
// closed.
func (bn *bench) signingIn(signed <-chan struct{}, outcome error) {
	bn.use(Options{
		Notices: func() []string { return []string{"The sign-in is not kept."} },
		Connect: func(ctx context.Context, _ func(string)) (*livy.Client, io.Closer, error) {
			prompter := auth.PrompterFrom(ctx)
			if prompter == nil {
				return nil, nil, &auth.RequiredError{Profile: "test", Err: errors.New("nobody can be asked"), Hint: "run livy-kernel login test"}
			}
			done := prompter.Prompt(ctx, auth.Prompt{Message: "Sign in <now>.", URL: deviceLogin, UserCode: "ABCD-1234"})
			defer done()
			select {
			case <-signed:
				return bn.client, nil, outcome
			case <-ctx.Done():
				return nil, nil, context.Cause(ctx)
			}
		},
	})
}

// asking starts a cell whose front-end takes input.
func (bn *bench) asking(ctx context.Context, code string) (*recorder, chan error) {
	r, done := &recorder{}, make(chan error, 1)
	go func() { done <- bn.bridge.Execute(ctx, withStdin(code), r) }()
	return r, done
}

func withStdin(code string) kernel.Cell {
	c := cell(code)
	c.AllowStdin = true
	return c
}

// TestSignInIsShownAndGone shows one line with link and code, of which nothing
// stays, however the sign-in ends.
func TestSignInIsShownAndGone(t *testing.T) {
	for name, outcome := range map[string]error{
		"signed in": nil,
		"refused":   &auth.SignInError{Code: "AADSTS65004", Meaning: "the consent was declined"},
		"too late":  &auth.SignInError{Code: "AADSTS70020", Meaning: "the code was not entered in time"},
	} {
		t.Run(name, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			signed := make(chan struct{})
			bn.signingIn(signed, outcome)
			r, done := bn.asking(t.Context(), "1+1")
			r.await(t, "Sign in <now>. "+deviceLogin+" Code: ABCD-1234")
			var markup string
			for _, d := range r.displays {
				markup += string(d.Data["text/html"])
			}
			if !strings.Contains(markup, "Sign in &lt;now&gt;.") || strings.Contains(markup, "<now>") {
				t.Errorf("markup %s", markup)
			}
			close(signed)
			err := <-done
			for _, left := range []string{"ABCD", "login.example"} {
				for _, d := range r.displays {
					if strings.Contains(string(d.Data["text/plain"])+string(d.Data["text/html"]), left) {
						t.Errorf("%s is left: %s", left, d.Data["text/plain"])
					}
				}
			}
			if outcome == nil {
				if err != nil || !strings.Contains(r.streams["stderr"], "The sign-in is not kept.") {
					t.Errorf("error %v, streams %q", err, r.streams)
				}
				return
			}
			if e := cellError(t, err); e.EName != "SignInFailed" || !strings.Contains(e.EValue, outcome.Error()) {
				t.Errorf("got %s", e)
			}
		})
	}
}

// console is a front-end that prints displays and ignores what updates them, as
// jupyter console does.
type console struct{ *recorder }

func (console) UpdateDisplay(kernel.Display) {}

// TestSignInInTheConsole: who sees no updates sees what to do too, also where a
// line stood before it.
func TestSignInInTheConsole(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	starting, signed := make(chan struct{}), make(chan struct{})
	bn.signingIn(signed, nil)
	connect := bn.bridge.connect
	bn.bridge.connect = func(ctx context.Context, progress func(string)) (*livy.Client, io.Closer, error) {
		<-starting
		return connect(ctx, progress)
	}
	r, done := &recorder{}, make(chan error, 1)
	go func() { done <- bn.bridge.Execute(t.Context(), withStdin("1+1"), console{r}) }()
	r.await(t, "Starting Spark session")
	close(starting)
	r.await(t, deviceLogin+" Code: ABCD-1234")
	close(signed)
	if err := <-done; err != nil || strings.Contains(r.shown(), "ABCD") {
		t.Errorf("error %v, shown %q", err, r.shown())
	}
}

// TestSignInForAMagic: a magic that asks the server asks its person too, and
// leaves nothing of that either.
func TestSignInForAMagic(t *testing.T) {
	for _, code := range []string{"%%session list", "%%info", "%%logs", "%%session stop"} {
		t.Run(code, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			asked := bn.askingOnce(t)
			if err := bn.bridge.Execute(t.Context(), withStdin("1+1"), &recorder{}); err != nil {
				t.Fatal(err)
			}
			asked.needed.Store(true)
			r, done := bn.asking(t.Context(), code)
			r.await(t, "ABCD-1234")
			close(asked.signed)
			if err := <-done; err != nil || strings.Contains(r.shown(), "ABCD") {
				t.Errorf("error %v, shown %q", err, r.shown())
			}
		})
	}
}

// TestEndedWhileAsking: a kernel that ends takes the line away first.
func TestEndedWhileAsking(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.signingIn(nil, nil)
	ctx, end := context.WithCancelCause(t.Context())
	r, done := bn.asking(ctx, "1+1")
	r.await(t, "ABCD-1234")
	end(kernel.ErrShutdown)
	if err := <-done; err == nil || r.shown() != "" {
		t.Errorf("error %v, shown %q", err, r.shown())
	}
}

// TestInterruptedSignIn is given up, and the next cell asks again.
func TestInterruptedSignIn(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	signed := make(chan struct{})
	bn.signingIn(signed, nil)
	ctx, interrupt := context.WithCancelCause(t.Context())
	r, done := bn.asking(ctx, "1+1")
	r.await(t, "ABCD-1234")
	interrupt(kernel.ErrInterrupted)
	if e := cellError(t, <-done); e.EName != "KeyboardInterrupt" || strings.Contains(r.shown(), "ABCD") {
		t.Errorf("%s, shown %q", e, r.shown())
	}
	close(signed)
	r = &recorder{}
	if err := bn.bridge.Execute(t.Context(), withStdin("1+1"), r); err != nil || r.stdout() != "2\n" {
		t.Errorf("error %v, stdout %q", err, r.stdout())
	}
}

// TestNobodyToSignIn fails at once where the front-end takes no input, and shows
// no code.
func TestNobodyToSignIn(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.signingIn(nil, nil)
	r, err := bn.run("1+1")
	if e := cellError(t, err); e.EName != "SignInRequired" || strings.Contains(r.shown(), "ABCD") {
		t.Errorf("%s, shown %q", e, r.shown())
	}
}

// TestRow58RefreshNeedsThePerson keeps the cell that runs open, asks, and goes
// on.
func TestRow58RefreshNeedsThePerson(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	asked := bn.askingOnce(t)
	if err := bn.bridge.Execute(t.Context(), withStdin("1+1"), &recorder{}); err != nil {
		t.Fatal(err)
	}
	asked.needed.Store(true)
	r, done := bn.asking(t.Context(), "1+1")
	r.await(t, "ABCD-1234")
	select {
	case err := <-done:
		t.Fatalf("the cell did not wait: %v", err)
	case <-time.After(time.Millisecond):
	}
	close(asked.signed)
	if err := <-done; err != nil || r.stdout() != "2\n" || strings.Contains(r.shown(), "ABCD") {
		t.Errorf("error %v, stdout %q, shown %q", err, r.stdout(), r.shown())
	}
}
