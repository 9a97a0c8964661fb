// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

const canary = "canary-7c1f"

func TestSecretIsNeverShown(t *testing.T) {
	secret := NewSecret(canary)
	holder := struct {
		S Secret
		P *Secret
		M map[string]Secret
	}{secret, &secret, map[string]Secret{"k": secret}}
	var shown bytes.Buffer
	for _, verb := range "vsqxXdTtbcoUeEfFgGp" {
		for _, flag := range []string{"", "+", "#", "-20", "020"} {
			for _, value := range []any{secret, &secret, holder, &holder, []Secret{secret}, Basic{"u", secret}, Bearer{secret}} {
				fmt.Fprintf(&shown, "%"+flag+string(verb)+"\n", value)
			}
		}
	}
	encoded, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(encoded)
	log := slog.New(slog.NewJSONHandler(&shown, nil))
	log.Info("x", "secret", secret, "holder", holder)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("x", "secret", secret, "holder", holder)
	fmt.Fprint(&shown, errors.New("e"), secret, fmt.Errorf("wrapped: %v", secret))
	hex := fmt.Sprintf("%x", canary)
	for _, form := range []string{canary, hex, strings.ToUpper(hex)} {
		if i := strings.Index(shown.String(), form); i >= 0 {
			t.Fatalf("the secret shows: …%s…", shown.String()[max(0, i-80):i+20])
		}
	}
	if secret.Reveal() != canary {
		t.Error("Reveal does not reveal")
	}
}

func TestAuthorize(t *testing.T) {
	cases := []struct {
		name string
		auth interface {
			Authorize(context.Context, *http.Request) error
		}
		want string
	}{
		{"basic", Basic{"ann", NewSecret("pä:ss")}, "Basic YW5uOnDDpDpzcw=="},
		{"bearer", Bearer{NewSecret("t0k")}, "Bearer t0k"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, "/sessions", nil)
			if err := c.auth.Authorize(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			if got := req.Header.Get("Authorization"); got != c.want {
				t.Errorf("Authorization is %q, want %q", got, c.want)
			}
		})
	}
}

func TestKeyring(t *testing.T) {
	keyring.MockInit()
	var passwords Passwords = Keyring{}
	if _, err := passwords.Get("sales"); !errors.Is(err, ErrNoPassword) {
		t.Errorf("Get before Set: %v", err)
	}
	if err := passwords.Set("sales", NewSecret(canary)); err != nil {
		t.Fatal(err)
	}
	if got, err := passwords.Get("sales"); err != nil || got.Reveal() != canary {
		t.Errorf("Get after Set: %v", err)
	}
	if _, err := passwords.Get("other"); !errors.Is(err, ErrNoPassword) {
		t.Errorf("profiles share a password: %v", err)
	}
	if err := passwords.Delete("sales"); err != nil {
		t.Fatal(err)
	}
	if err := passwords.Delete("sales"); !errors.Is(err, ErrNoPassword) {
		t.Errorf("second Delete: %v", err)
	}
}

func TestWithoutAKeyring(t *testing.T) {
	keyring.MockInitWithError(errors.New("dbus: no such socket"))
	err := Keyring{}.Set("sales", NewSecret(canary))
	if !errors.Is(err, ErrNoKeyring) || !strings.Contains(err.Error(), "LIVY_KERNEL_PASSWORD") || strings.Contains(err.Error(), canary) {
		t.Errorf("error is %v", err)
	}
}
