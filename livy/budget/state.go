// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package budget

import (
	"encoding/json"
	"math"
	"time"
)

// limits describe a bucket.
type limits struct {
	rate    float64 // requests a second
	burst   float64 // requests at once
	reserve float64 // more of them, for what is urgent
}

// maxWait bounds for how long a server, or what the file says of one, can make
// all programs wait.
const maxWait = 5 * time.Minute

// maxQueue bounds the turns that are given: with 200 requests a minute there
// are some for each of 1,000 notebooks, which then go in their order.
const maxQueue = 15 * time.Minute

// comeAgain is how long one waits that has no turn.
const comeAgain = time.Minute

// state is what the programs share. The zero value is a full bucket.
type state struct {
	Used    float64   `json:"used"` // requests that are not made up for yet
	Time    time.Time `json:"time"` // as of when
	Blocked time.Time `json:"blocked,omitzero"`
}

func decodeState(text []byte) state {
	var s state
	if json.Unmarshal(text, &s) != nil || math.IsNaN(s.Used) || s.Used < 0 {
		return state{}
	}
	return s
}

// take takes one request out and returns how long it has to wait for its turn.
// At the end of a queue of maxQueue there is no turn for it: it is not taken, and
// may come again after the wait.
func (s *state) take(now time.Time, l limits, urgent bool) (wait time.Duration, taken bool) {
	if s.Blocked.Sub(now) > maxWait {
		s.Blocked = time.Time{} // nobody said so: the clock was put back, or the file is not ours
	}
	start := now // of the turns: nobody's comes while the server takes none
	if s.Blocked.After(now) {
		start = s.Blocked
	}
	if elapsed := start.Sub(s.Time).Seconds(); elapsed > 0 && !s.Time.IsZero() {
		s.Used = max(0, s.Used-elapsed*l.rate)
	} // else it is new, or the clock was put back
	s.Time = start.UTC()
	s.Used = min(s.Used, l.burst+l.reserve+maxQueue.Seconds()*l.rate)
	room := l.burst
	if urgent {
		room += l.reserve
	}
	wait = start.Sub(now) + time.Duration(max(0, s.Used+1-room)/l.rate*float64(time.Second))
	if wait > maxQueue {
		return comeAgain, false
	}
	s.Used++
	return wait, true
}

// block has requests wait until then, if they do not wait longer already.
func (s *state) block(now, until time.Time) {
	if limit := now.Add(maxWait); until.After(limit) {
		until = limit
	}
	if until.After(s.Blocked) || s.Blocked.After(now.Add(maxWait)) {
		s.Blocked = until.UTC()
	}
}
