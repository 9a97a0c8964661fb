// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestHeartbeat ends a session that nobody asks for, and spares one that is
// polled.
func TestHeartbeat(t *testing.T) {
	inBubble(t, func(b bubble) {
		silent := b.session(`{"kind":"pyspark","heartbeatTimeoutInSecond":5}`)
		polled := b.session(`{"kind":"pyspark","heartbeatTimeoutInSecond":5}`)
		for range 6 {
			time.Sleep(2 * time.Second)
			b.want("GET", polled+"/state", "", 200, "idle")
		}
		synctest.Wait()
		b.want("GET", silent, "", 404, "not found")
		b.want("POST", silent+"/statements", `{"code":"1"}`, 404, "not found")
		b.want("GET", "/sessions", "", 200, `"total":1`)
	}, server.WithLimits(server.Limits{Watch: 2 * time.Second}))
}

// TestTTL counts from when the driver has started, whoever asks.
func TestTTL(t *testing.T) {
	for ttl, life := range map[string]time.Duration{"5s": 5 * time.Second, "2m": 2 * time.Minute, "1h": time.Hour, "4000": 4 * time.Second} {
		inBubble(t, func(b bubble) {
			b.engine.OnStart(func(context.Context, server.Spec) error { time.Sleep(time.Minute); return nil })
			path := b.session(`{"kind":"pyspark","ttl":"` + ttl + `"}`)
			time.Sleep(time.Minute + life - time.Second)
			b.want("GET", path+"/state", "", 200, "idle")
			time.Sleep(3 * time.Second)
			synctest.Wait()
			b.want("GET", path, "", 404, "not found")
		}, server.WithLimits(server.Limits{Watch: time.Second}))
	}
}

// TestNoLimits leaves a session alone whose client sleeps: that of a kernel's
// own server ends with the kernel.
func TestNoLimits(t *testing.T) {
	inBubble(t, func(b bubble) {
		path := b.session(`{"kind":"pyspark","ttl":"5s","heartbeatTimeoutInSecond":5}`)
		time.Sleep(8 * time.Hour)
		b.want("GET", path, "", 200, `"heartbeatTimeoutInSecond":5`)
	})
}
