// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Guard lets only requests through to next that carry token, as Bearer token
// or as the password of Basic authentication (any user name), and that are
// addressed to a loopback host: a web page whose name was rebound to this
// machine keeps its own name in Host. Pages of other origins are refused too.
// The answers are 401 and 403 with a JSON object {"msg"}. An empty token
// lets nobody through.
func Guard(next http.Handler, token string) http.Handler {
	want := sha256.Sum256([]byte(token))
	origin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) {
			writeMsg(w, http.StatusForbidden, "Host must be a loopback address.")
			return
		}
		if origin.Check(r) != nil {
			writeMsg(w, http.StatusForbidden, "Requests from other origins are refused.")
			return
		}
		got := sha256.Sum256([]byte(requestToken(r)))
		if token == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			// A Basic challenge would make a browser keep the token.
			w.Header().Set("WWW-Authenticate", `Bearer realm="livy"`)
			writeMsg(w, http.StatusUnauthorized, "A valid token is required, as Bearer token or as the password of Basic authentication.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// requestToken returns the token that r carries, or "".
func requestToken(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return ""
}

// loopbackHost reports whether hostport, as in a Host header, names this
// machine's loopback interface.
func loopbackHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
