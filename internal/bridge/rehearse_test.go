// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// TestRehearse ends by itself and by being told to, without a word.
func TestRehearse(t *testing.T) {
	for _, after := range []time.Duration{0, rehearseDelay / 2, rehearseDelay, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			stop := Rehearse(t.Context(), slog.New(slog.NewTextHandler(&log, nil)))
			time.Sleep(after) // of the bubble
			stop()
			if log.Len() > 0 {
				t.Errorf("after %v: %s", after, log.String())
			}
		})
	}
}
