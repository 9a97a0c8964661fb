// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestFarServer: behind a slow network a cell of a few seconds ends as if it
// were asked for all the time, and none costs more requests than near.
func TestFarServer(t *testing.T) {
	const lengths = 50 // of cells, down to a quarter: polls can be lucky with one
	for _, c := range []struct {
		roundTrip, lasts time.Duration
		requests         int           // at most, of any
		dead             time.Duration // mean
	}{
		{20 * time.Millisecond, 5 * time.Second, 165, 37 * time.Millisecond},
		{20 * time.Millisecond, 30 * time.Second, 230, 380 * time.Millisecond},
		{20 * time.Millisecond, 10 * time.Minute, 300, 10 * time.Second},
		{150 * time.Millisecond, 5 * time.Second, 35, 168 * time.Millisecond},
		{150 * time.Millisecond, 30 * time.Second, 190, 300 * time.Millisecond},
		{150 * time.Millisecond, 10 * time.Minute, 300, 10 * time.Second},
	} {
		t.Run(fmt.Sprintf("%v/%v", c.roundTrip, c.lasts), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mean time.Duration
				for i := range lengths {
					lasts := c.lasts - c.lasts*3*time.Duration(i)/(4*lengths)
					dead, requests := wait(t, c.roundTrip, lasts)
					if most := time.Duration(1.5*float64(c.roundTrip) + 0.055*float64(lasts)); dead > most || requests > c.requests {
						t.Errorf("%v: noticed %v after the end, want at most %v; %d requests, want at most %d", lasts, dead, most, requests, c.requests)
					}
					mean += dead / lengths
				}
				if mean > c.dead {
					t.Errorf("noticed %v after the end in the mean, want at most %v", mean, c.dead)
				}
			})
		})
	}
}

// wait waits for a statement that lasts so long, a round trip away. It returns
// how late its end was noticed, and how often it was asked for.
func wait(t *testing.T, roundTrip, lasts time.Duration) (dead time.Duration, requests int) {
	t.Helper()
	began := time.Now()
	client, err := livy.New("http://livy", livy.WithTransport(scripted(func(*http.Request) (int, string) {
		requests++
		time.Sleep(roundTrip / 2)
		state := "running"
		if time.Since(began) >= lasts {
			state = "available"
		}
		time.Sleep(roundTrip / 2)
		return http.StatusOK, fmt.Sprintf(`{"id":0,"state":%q}`, state)
	})))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.WaitStatement(t.Context(), "0", livy.Statement{ID: "0", State: livy.StatementRunning}, nil); err != nil {
		t.Fatal(err)
	}
	return time.Since(began) - lasts, requests
}

// TestOutageIsNotMadeUpFor: the looks that a gap of half a minute has left out
// do not come in a burst after it.
func TestOutageIsNotMadeUpFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const gapBegins, gap = 10 * time.Second, 25 * time.Second
		began := time.Now()
		var after []time.Duration
		client, err := livy.New("http://livy", livy.WithTransport(scripted(func(*http.Request) (int, string) {
			switch waited := time.Since(began); {
			case waited < gapBegins:
			case len(after) == 0:
				time.Sleep(gap)
				after = append(after, time.Since(began))
			default:
				after = append(after, waited)
			}
			state := "running"
			if len(after) > 0 && time.Since(began) >= gapBegins+gap+5*time.Second {
				state = "available"
			}
			return http.StatusOK, fmt.Sprintf(`{"id":0,"state":%q}`, state)
		})))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.WaitStatement(t.Context(), "0", livy.Statement{ID: "0", State: livy.StatementRunning}, nil); err != nil {
			t.Fatal(err)
		}
		if len(after) > 35 { // 7 at the pace of that time, three times as many to make up for what is
			t.Errorf("%d requests in the 5 s after the gap", len(after))
		}
		for i := 1; i < len(after); i++ {
			if pause := after[i] - after[i-1]; pause < 100*time.Millisecond {
				t.Errorf("a pause of %v", pause)
			}
		}
	})
}
