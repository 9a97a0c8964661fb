// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
)

// TestRow65DoctorWarns: a clock that is an hour off, to either side, is named.
func TestRow65DoctorWarns(t *testing.T) {
	for off, warned := range map[time.Duration]string{
		time.Hour:    "this machine's is -1h0m0s off",
		-time.Hour:   "this machine's is 1h0m0s off",
		-time.Minute: "within ",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
		}))
		d := &doctor{Options: Options{Profile: config.Profile{Endpoint: server.URL}}}
		detail, todo, err := d.clock(t.Context())
		server.Close()
		// The header counts whole seconds.
		detail = strings.NewReplacer("59m59s", "1h0m0s", "1h0m1s", "1h0m0s").Replace(detail)
		if err != nil || !strings.HasPrefix(detail, warned) || (todo != "") != (off.Abs() > maxSkew) {
			t.Errorf("%s: %q, to do %q, %v", off, detail, todo, err)
		}
	}
}
