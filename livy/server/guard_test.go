// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

func TestGuard(t *testing.T) {
	basic := func(userPassword string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(userPassword))
	}
	cases := []struct {
		name, token, host, authorization, origin string
		want                                     int
	}{
		{"bearer", "secret", "127.0.0.1:8998", "Bearer secret", "", 200},
		{"bearer, other case", "secret", "localhost", "bearer secret", "", 200},
		{"password of basic", "secret", "[::1]:8998", basic("anybody:secret"), "", 200},
		{"ipv6 without a port", "secret", "[::1]", basic(":secret"), "", 200},
		{"no token", "secret", "127.0.0.1", "", "", 401},
		{"wrong token", "secret", "127.0.0.1", "Bearer secre", "", 401},
		{"user of basic", "secret", "127.0.0.1", basic("secret:"), "", 401},
		{"other scheme", "secret", "127.0.0.1", "Negotiate secret", "", 401},
		{"an empty token is none", "", "127.0.0.1", "Bearer ", "", 401},
		{"rebound name", "secret", "evil.example:8998", "Bearer secret", "", 403},
		{"a name that begins like loopback", "secret", "127.0.0.1.evil.example", "Bearer secret", "", 403},
		{"other address", "secret", "192.0.2.1:8998", "Bearer secret", "", 403},
		{"no host", "secret", "", "Bearer secret", "", 403},
		{"other origin", "secret", "127.0.0.1:8998", "Bearer secret", "https://evil.example", 403},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			passed := false
			h := server.Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true }), c.token)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sessions", nil)
			r.Host = c.host
			r.Header.Set("Authorization", c.authorization)
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.want || passed != (c.want == 200) {
				t.Errorf("status %d, passed %v, want %d", w.Code, passed, c.want)
			}
			var body struct{ Msg string }
			if c.want != 200 && (json.Unmarshal(w.Body.Bytes(), &body) != nil || body.Msg == "") {
				t.Errorf("body %q has no msg", w.Body)
			}
		})
	}
}
