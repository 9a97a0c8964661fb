// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import "time"

// polling says when to look again: after first and a share of the time waited
// so far, so that the dead time after the end stays a fixed part of the
// duration.
type polling struct {
	first  time.Duration
	steps  []step
	far    []step  // in their place where a round trip takes farTrip or longer; nil for the same
	behind float64 // by which share of the time waited the looks may be behind, and are made up for
	holds  bool    // a server may hold its answer back instead
}

// step is a part of a wait, which ends where the next one begins; the last has
// no end.
type step struct {
	until time.Duration // since the beginning
	share float64
	max   time.Duration // of a pause; 0 for no limit
}

// farTrip tells a server behind a slow network from a near one.
const farTrip = 10 * time.Millisecond

// nearPolling is for the statements of servers without a quota on requests:
// about 295 polls in ten minutes. Half a minute costs 225 of them, since there
// a near server's result is noticed within 8 ms and 2 % (a tenth more with the
// jitter), that of a cell of seconds sooner; what is left is shared out over the
// rest. Behind a slow network each poll of a cell of seconds weighs more: it
// gets 20 polls more, which the half minute after it gives.
var nearPolling = polling{
	first:  8 * time.Millisecond,
	steps:  []step{{until: 5 * time.Second, share: 0.02, max: 70 * time.Millisecond}, {until: 32 * time.Second, share: 0.02}, {share: 0.05, max: 15 * time.Second}},
	far:    []step{{until: 5 * time.Second, share: 0.02, max: 46 * time.Millisecond}, {until: 32 * time.Second, share: 0.027}, {share: 0.05, max: 15 * time.Second}},
	behind: 0.5,
	holds:  true,
}

// quotaPolling is for the statements of servers that count requests: about 55
// polls in ten minutes.
var quotaPolling = polling{
	first: 300 * time.Millisecond,
	steps: []step{{share: 0.14, max: 22 * time.Second}},
}

// quotaStartPolling is for starting sessions on such servers, where a warm
// pool takes seconds and a cold one minutes.
var quotaStartPolling = polling{
	first: time.Second,
	steps: []step{{share: 0.1, max: 10 * time.Second}},
}

// startPolling is for starting sessions, which take seconds on the embedded
// server and up to minutes elsewhere: 40 polls in four seconds, 120 in a minute.
var startPolling = polling{
	first: 50 * time.Millisecond,
	steps: []step{{until: time.Minute, share: 0.03}, {share: 0.1, max: 5 * time.Second}},
}

// hold is for how long the server may hold its answer back. The statement's
// progress comes with the answer: a second at first, then 220 answers in ten
// minutes.
func (p polling) hold(waited time.Duration) time.Duration {
	switch {
	case !p.holds:
		return 0
	case waited < 30*time.Second:
		return time.Second
	}
	return 3 * time.Second
}

// minGather is the least time for which a server gathers what a statement
// prints before it answers: one that answers sooner does not hold its answer.
const minGather = 20 * time.Millisecond

// pause is how long to wait after so long, with a server so far away.
func (p polling) pause(waited, trip time.Duration) time.Duration {
	steps := p.steps
	if trip >= farTrip && p.far != nil {
		steps = p.far
	}
	i := 0
	for i < len(steps)-1 && waited >= steps[i].until {
		i++
	}
	pause := p.first + time.Duration(steps[i].share*float64(waited))
	if most := steps[i].max; most > 0 {
		return min(pause, most)
	}
	return pause
}

// pace is the course of one wait: when the next look is due. On a slow network
// fewer looks than planned fit in at first; they are made up for, so that a
// result is noticed as soon as the requests of a cell of that length allow.
// What an outage has left out is not.
type pace struct {
	polling
	due  time.Duration // since the beginning
	trip time.Duration // the shortest round trip of a look; 0 before the first
}

// next is how long to pause before the next look.
func (p *pace) next(waited time.Duration) time.Duration {
	p.due = max(p.due, time.Duration((1-p.behind)*float64(waited)))
	p.due += jitter(p.pause(p.due, p.trip))
	return max(p.due-waited, p.pause(waited, p.trip)/4)
}

// took tells how long a look took.
func (p *pace) took(trip time.Duration) {
	if p.trip == 0 || trip < p.trip {
		p.trip = trip
	}
}
