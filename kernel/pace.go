// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"sync"
	"time"
)

// Jupyter Server drops output of which more than 3 MB come within 3 s
// (iopub_data_rate_limit, rate_limit_window). The margins are for what a
// message holds beside its data.
const (
	paceWindow = 3 * time.Second
	paceFree   = 2_000_000 // bytes within the window that are sent at once
	paceMost   = 2_700_000 // bytes within the window at most
	paceRate   = 1_000_000 // bytes per second beyond paceFree
)

// WithPacing has the kernel send output no faster than Jupyter Server passes
// it on. Cells with much of it take longer then; without pacing the server
// drops it. Other clients take all that comes.
func WithPacing() Option { return func(k *Kernel) { k.pace = &pace{} } }

// pace spreads output over time. A nil pace does not.
type pace struct {
	mu   sync.Mutex
	sent []sending // within the window, in order
}

// sending is output, and the time at which it goes out.
type sending struct {
	at    time.Time
	bytes int
}

// next reserves the sending of so many bytes and returns how long it is to
// wait. What is larger than the window takes does not wait for ever: it goes
// out alone.
func (p *pace) next(bytes int, now time.Time) time.Duration {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at := now
	p.forget(at)
	if total := p.total(); total > 0 && total+bytes > paceFree {
		last := p.sent[len(p.sent)-1].at
		at = later(at, last.Add(time.Duration(bytes)*time.Second/paceRate))
		p.forget(at)
		for len(p.sent) > 0 && p.total()+bytes > paceMost {
			at = later(at, p.sent[0].at.Add(paceWindow))
			p.forget(at)
		}
	}
	p.sent = append(p.sent, sending{at: at, bytes: bytes})
	return at.Sub(now)
}

// forget drops what lies outside of the window that ends at now.
func (p *pace) forget(now time.Time) {
	n := 0
	for n < len(p.sent) && now.Sub(p.sent[n].at) >= paceWindow {
		n++
	}
	p.sent = p.sent[n:]
}

func (p *pace) total() int {
	total := 0
	for _, s := range p.sent {
		total += s.bytes
	}
	return total
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// wait holds the sending of so many bytes back, unless one of the channels is
// closed: an interrupted cell, and one that has ended, wait for nothing.
func (p *pace) wait(bytes int, interrupted, ended <-chan struct{}) {
	delay := p.next(bytes, time.Now())
	if delay <= 0 {
		return
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-interrupted:
	case <-ended:
	}
}
