// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// leaks is all that a run leaves behind.
type leaks struct {
	bytes.Buffer
	log *slog.Logger
}

func newLeaks() *leaks {
	l := &leaks{}
	l.log = slog.New(slog.NewJSONHandler(&l.Buffer, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return l
}

// take notes all ways to print a value.
func (l *leaks) take(values ...any) {
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			fmt.Fprintf(l, verb+"\n", v)
		}
		l.log.Info("value", "is", v)
		if err, ok := v.(error); ok {
			for ; err != nil; err = errors.Unwrap(err) {
				fmt.Fprintf(l, "%+v %#v\n", err, err)
			}
		}
	}
}

// search reports which of secrets, in any usual form, were left behind.
func (l *leaks) search(t *testing.T, secrets []string) {
	t.Helper()
	if len(secrets) == 0 {
		t.Fatal("there is nothing to search for")
	}
	text := l.String()
	for _, secret := range secrets {
		for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))} {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("left behind: …%s…", text[max(0, i-100):min(len(text), i+40)])
				break
			}
		}
	}
}

// TestRow68NothingLeaks: no log line, error, value or file of a whole run, with
// all its failures, holds a token, a code, a secret or a proof.
func TestRow68NothingLeaks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tokens")
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		left := newLeaks()
		o := options(a, FlowAuto)
		o.Logger, o.Cache = left.log, kept(t, dir)
		o.Transport = transport(a.Transport().RoundTrip) // the authority itself may be printed by nobody
		s := newSource(t, o)
		p := &authtest.Person{Authority: a, User: ann}
		try := func(err error) { left.take(err, s, o) }

		_, err := header(t.Context(), s)
		try(err)
		_, err = header(asked(t, &authtest.Person{Authority: a}), s)
		try(err)
		good(t, asked(t, p), s, a)
		time.Sleep(2 * time.Hour)
		for _, code := range []int{50173, 65001, 53003, 700082, 1} {
			// A hostile service repeats what it was sent.
			a.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if r.PostFormValue("grant_type") != "refresh_token" {
					return false
				}
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"error":"invalid_request","error_description":"AADSTS%d: %s","correlation_id":%q}`, code, r.PostFormValue("refresh_token"), r.PostFormValue("refresh_token"))
				return true
			})
			_, err := header(t.Context(), s)
			try(err)
		}
		for _, body := range []string{`{"access_token":`, `{"refresh_token":"x","access_token":7}`, `<html>`, ``, `null`} {
			a.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if r.PostFormValue("grant_type") != "refresh_token" {
					return false
				}
				fmt.Fprint(w, body, r.PostFormValue("refresh_token"))
				return true
			})
			_, err := header(t.Context(), s)
			try(err)
		}
		good(t, t.Context(), s, a)
		left.take(s.Unauthorized(t.Context(), http.Header{}), s.current)

		o.Flow, o.Secret = FlowClientSecret, auth.NewSecret(secret)
		application := newSource(t, o)
		good(t, t.Context(), application, a)
		o.Flow, o.FederatedTokenFile = FlowWorkloadIdentity, writeFile(t, "token", a.FederatedToken("another", time.Hour), 0o600)
		_, err = header(t.Context(), newSource(t, o))
		try(err)
		account, _, err := s.Account(t.Context())
		left.take(account, err, application, o)

		memory := options(a, FlowDeviceCode)
		memory.Transport = o.Transport
		inMemory := newSource(t, memory)
		good(t, asked(t, p), inMemory, a)
		left.take(inMemory, inMemory.cache, inMemory.o)
		walk(t, dir, left)
		left.search(t, a.Secrets())
	})
}

func walk(t *testing.T, dir string, left *leaks) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		left.Write(content)
		found += len(content)
		return err
	})
	if err != nil || found == 0 {
		t.Errorf("%d bytes of files, %v", found, err)
	}
}

// TestRow69ErrorRepeatsSecrets: the text of a refusal is not shown, whatever is
// in it.
func TestRow69ErrorRepeatsSecrets(t *testing.T) {
	for name, body := range map[string]string{
		"description": `{"error":"invalid_client","error_description":"AADSTS7000215: canary","error_codes":[7000215]}`,
		"names":       `{"error":"canary-canary","suberror":"canary","error_description":"AADSTS7000215 canary","correlation_id":"canary"}`,
		"no JSON":     `canary {canary`,
		"success":     `{"access_token":"canary","expires_in":"canary"}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t, authtest.InProcess())
			a.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPost {
					return false
				}
				if name != "success" {
					w.WriteHeader(http.StatusUnauthorized)
				}
				fmt.Fprint(w, body)
				return true
			})
			_, err := header(t.Context(), newSource(t, options(a, FlowClientSecret)))
			var refused *auth.SignInError
			if !errors.As(err, &refused) || strings.Contains(fmt.Sprintf("%v %+v", err, refused), "canary") {
				t.Errorf("error is %v", err)
			}
		})
	}
}
