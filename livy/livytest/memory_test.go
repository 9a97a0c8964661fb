// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestQuota of ten requests a minute, on a server without a port: what comes
// too early is refused, and taken at the time that the refusal names.
func TestQuota(t *testing.T) {
	for name, opts := range map[string][]Option{"apache": nil, "fabric": {WithFabric(Fabric{})}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := NewServer(NewEngine(), append(opts, InMemory(), WithQuota(10))...)
				get := func() *http.Response {
					t.Helper()
					req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.Endpoint()+"/sessions", nil)
					if err != nil {
						t.Fatal(err)
					}
					req.Header.Set("Authorization", "Bearer x")
					resp, err := srv.Transport().RoundTrip(req)
					if err != nil {
						t.Fatal(err)
					}
					resp.Body.Close()
					return resp
				}
				for range 10 {
					if status := get().StatusCode; status != http.StatusOK {
						t.Errorf("status %d within the quota", status)
					}
					time.Sleep(time.Second)
				}
				refusal := get()
				if after := refusal.Header.Get("Retry-After"); refusal.StatusCode != http.StatusTooManyRequests || after != "50" {
					t.Errorf("status %d, Retry-After %q", refusal.StatusCode, after)
				}
				time.Sleep(50 * time.Second)
				if status := get().StatusCode; status != http.StatusOK {
					t.Errorf("status %d after the wait", status)
				}
				if n := srv.Count("GET /sessions"); n != 12 {
					t.Errorf("%d requests in the journal", n)
				}
				if err := srv.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
