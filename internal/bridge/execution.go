// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sparkui"
	"github.com/livy-kernel/livy-kernel/livy"
)

// execution is one statement on its way. The goroutine that drives it outlives
// an interrupted cell until the statement's id is known.
type execution struct {
	accepted chan struct{} // closed when the server has taken the statement, or not
	done     chan struct{} // closed when nothing more will come
	stop     context.CancelFunc

	fresh chan struct{} // holds a token when there is more in text

	mu      sync.Mutex
	text    strings.Builder // printed since it was last asked for
	now     livy.Statement  // as last seen
	peak    float64         // the highest progress that was seen
	stages  []sparkui.Stage // that run now, as far as is known
	notice  string          // what the statement waits for
	trouble error           // why the server is out of reach
	since   time.Time       // and since when
	renew   context.CancelFunc

	// Written before accepted is closed, read after it; empty if the statement
	// was not taken.
	id livy.StatementID

	// Written before done is closed, read after it.
	stmt livy.Statement
	err  error
}

// submit posts a statement and follows it in the background. The end of ctx
// keeps what was not sent from being sent, and ends nothing else; the waiting
// ends by stop.
func (b *Bridge) submit(ctx context.Context, s *session, request livy.StatementRequest) *execution {
	return b.execute(ctx, s, quiet, func(ctx context.Context) (livy.Statement, error) { return s.posts.Submit(ctx, request) })
}

// hearing tells whether anybody shows what a statement prints while it runs. If
// not, all of it is in the output.
type hearing bool

const (
	live  hearing = true
	quiet hearing = false
)

// execute follows the statement that submit returns.
func (b *Bridge) execute(ctx context.Context, s *session, h hearing, submit func(context.Context) (livy.Statement, error)) *execution {
	x := &execution{accepted: make(chan struct{}), done: make(chan struct{}), fresh: make(chan struct{}, 1)}
	ctx = livy.WithNotice(ctx, x.noticed)
	if h == live {
		ctx = livy.WithPrinted(ctx, x.print)
	}
	waiting, stop := context.WithCancel(context.WithoutCancel(ctx))
	x.stop = stop
	b.countRunning(1)
	b.background.Go(func() {
		defer close(x.done)
		defer s.touch()
		defer b.countRunning(-1)
		defer stop()
		x.stmt, x.err = submit(ctx)
		if b.serverEnded(x.err) {
			x.err = &livy.SessionLostError{State: "gone with its server"}
		}
		if x.err != nil {
			close(x.accepted)
			return
		}
		x.id = x.stmt.ID
		close(x.accepted)
		s.touch()
		x.observe(x.stmt)
		x.stmt, x.err = b.follow(waiting, s, x)
	})
	return x
}

func (x *execution) observe(stmt livy.Statement) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.peak = max(x.peak, stmt.Progress)
	x.now, x.trouble, x.notice = stmt, nil, ""
}

// print keeps what the statement has printed for printed to take.
func (x *execution) print(text string) {
	x.mu.Lock()
	x.text.WriteString(text)
	x.mu.Unlock()
	select {
	case x.fresh <- struct{}{}:
	default:
	}
}

// printed takes what the statement has printed since the last call.
func (x *execution) printed() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	text := x.text.String()
	x.text.Reset()
	return text
}

// noticed keeps what the statement waits for.
func (x *execution) noticed(n livy.Notice) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.notice = noticeText(n)
}

// seen returns the statement as it was last seen, and in words what keeps the
// server from telling more.
func (x *execution) seen() (stmt livy.Statement, delay string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.trouble != nil {
		return x.now, fmt.Sprintf("The server is out of reach since %s (%s). The code goes on there; trying again …",
			time.Since(x.since).Round(time.Second), oneLine(x.trouble.Error()))
	}
	return x.now, x.notice
}

// progress returns how far the statement is as far as that is known: a share
// of the tasks, which never goes back although Spark's own count does when a job
// begins, and the stages that run now. ok is false where no job runs.
func (x *execution) progress() (share float64, stages []sparkui.Stage, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := x.now.Progress
	return min(x.peak, almost), x.stages, now > 0 && now < 1 || len(x.stages) > 0
}

// almost is the most that is shown of a statement that runs: all the tasks that
// are known may be done, and another job may follow.
const almost = 0.99

// ended reports whether nothing more will come.
func (x *execution) ended() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

// plainText returns what an ended statement printed, with its value; "" where it
// has no text.
func (x *execution) plainText() (text string) {
	if x.err == nil && x.stmt.Output != nil {
		_ = json.Unmarshal(x.stmt.Output.Data["text/plain"], &text) // leaves what is no text empty
	}
	return text
}

// countRunning counts the statements that are under way.
func (b *Bridge) countRunning(change int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running += change
}
