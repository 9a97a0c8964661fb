// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// TestRow53NoAnswerAtTheEnd: to a server that never answers the DELETE is sent
// at once, and is given up in time to hand the session over before the kernel
// has to be gone, be the time that the kernel has left short or long.
func TestRow53NoAnswerAtTheEnd(t *testing.T) {
	for name, c := range map[string]struct{ left, asked time.Duration }{
		"after a cell that hung": {900 * time.Millisecond, 500 * time.Millisecond},
		"at idle":                {1600 * time.Millisecond, leaveTime},
	} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, _ *livytest.Engine, seen *counter) {
				if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
					t.Fatal(err)
				}
				var sent, handed, found time.Time
				var left Leftover
				b.finisher = func(ctx context.Context, l Leftover) error {
					handed, left = time.Now(), l
					<-ctx.Done() // as a search for a credential that finds none
					found = time.Now()
					return nil
				}
				seen.breaks(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodDelete && sent.IsZero() {
						sent = time.Now()
					}
					return unanswered(r)
				})
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), c.left)
				defer cancel()
				if err := b.Close(ctx, false); err != nil {
					t.Error(err)
				}
				if sent != began || handed.Sub(began) != c.asked || left.Name == "" {
					t.Errorf("sent after %v, %+v handed over after %v", sent.Sub(began), left, handed.Sub(began))
				}
				// What remains is for the start of the process.
				if spare := began.Add(c.left).Sub(found); spare < finishTime-credentialTime {
					t.Errorf("%v before the end", spare)
				}
				seen.breaks(nil)
			})
		})
	}
}
