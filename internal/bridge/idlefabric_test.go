// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

const resetTimeout = "POST /sessions/*/reset-timeout"

// TestRow83OnFabric has a cell run for six hours on a Fabric that ends idle
// sessions after 20 minutes. reset-timeout holds the session, until keep_alive
// after the cell and no longer, and then the service ends it.
func TestRow83OnFabric(t *testing.T) {
	for keepAlive, want := range map[string]struct {
		after int           // how many resets there are after the cell
		ends  time.Duration // by when the session has ended
	}{
		"":   {5, 53 * time.Minute}, // 30 minutes
		"1h": {11, 83 * time.Minute},
		"0":  {0, 23 * time.Minute},
	} {
		t.Run("keep_alive "+keepAlive, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				engine := livytest.NewEngine()
				engine.On("long", lasting(6*time.Hour+time.Minute))
				srv := fabricInMemory(t, engine, livytest.Fabric{IdleTimeout: 20 * time.Minute})
				b := salesOn(t, srv, auth.Bearer{Token: auth.NewSecret("t")}, config.Kernel{KeepAlive: keepAlive}, Options{})
				r := &recorder{}
				if err := b.Execute(t.Context(), cell("long"), r); err != nil || r.stdout() != "done\n" {
					t.Fatalf("error %v, stdout %q", err, r.stdout())
				}
				during := srv.Count(resetTimeout)
				if during != 72 { // one in five minutes
					t.Errorf("%d resets in six hours, want 72", during)
				}
				time.Sleep(want.ends)
				if n := srv.Count(resetTimeout) - during; n != want.after || engine.Living() != 0 {
					t.Errorf("%d resets after the cell, want %d; %d drivers live", n, want.after, engine.Living())
				}
				if err := b.Close(t.Context(), false); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
