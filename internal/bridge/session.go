// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// session is a remote session from the moment it is asked for to its end. Its
// start goes on when the cell that asked for it is interrupted.
type session struct {
	end   context.CancelFunc // gives up the start; ends the keep-alive
	ready chan struct{}      // closed when the start has ended, one way or the other
	began time.Time
	entry *entry // what is recorded of it
	aside aside  // what is asked of it beside the cells

	mu   sync.Mutex
	news string       // what the start is at
	seen livy.Session // while it starts; without an id before the server has it
	used time.Time    // when the last statement ended

	// Owned by the opening until ready is closed, by the executor from then on.
	told     bool            // the user has been told that it is ready
	nonce    string          // that begins what the interpreters send beside the code's text
	prepared map[helper]bool // what was sent
	uiTries  int             // how often Spark's web UI failed in a row

	// Written before ready is closed, read after it.
	client  *livy.Client
	livy    livy.Session
	address livy.SessionID // what requests call it
	// heartbeat is after what silence the server ends it; 0 for never.
	heartbeat time.Duration
	posts     *livy.Submitter
	repl      livy.SessionID // of the acquire of its REPL; empty for a session of its own
	origin    origin
	since     time.Time // when an earlier kernel asked for it
	took      time.Duration
	err       error
}

// origin tells where a session comes from, and with that what becomes of it.
type origin int

const (
	created  origin = iota // asked for by this kernel
	resumed                // kept by an earlier kernel of the notebook
	attached               // named by the user
	joined                 // shared with other notebooks
)

// started reports whether the start has ended.
func (s *session) started() bool {
	select {
	case <-s.ready:
		return true
	default:
		return false
	}
}

// tell notes what the start is at.
func (s *session) tell(news string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.news = news
}

// show notes what the server shows of a session that starts.
func (s *session) show(now livy.Session) {
	s.tell(phaseOf(now))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = now
}

// opening brings a session about: it fills in what is read after ready.
type opening func(ctx context.Context, s *session) error

// begin starts a session in the background and makes it the current one. It
// outlives the cell whose ctx is given.
func (b *Bridge) begin(ctx context.Context, open opening) *session {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	s := &session{end: end, ready: make(chan struct{}), began: time.Now(), nonce: newNonce(), entry: &entry{log: b.log}}
	b.mu.Lock()
	b.current = s
	b.mu.Unlock()
	b.background.Go(func() {
		s.err = b.opened(ctx, s, open)
		s.took, s.used = time.Since(s.began), time.Now()
		close(s.ready)
		if s.err == nil {
			b.keepAlive(auth.WithPrompter(ctx, nil), s) // no cell would show it
		}
	})
	return s
}

// opened connects and opens the session.
func (b *Bridge) opened(ctx context.Context, s *session, open opening) error {
	ctx = livy.WithNotice(ctx, func(n livy.Notice) { s.tell(noticeText(n)) })
	client, err := b.connected(ctx, s.tell)
	if err != nil {
		return &connectError{err}
	}
	s.client = client
	return open(ctx, s)
}

// open takes up the session that the notebook's last kernel kept, or that
// other notebooks share, or asks for a new one.
func (b *Bridge) open(ctx context.Context, s *session) error {
	if found, err := b.resume(ctx, s); found || err != nil {
		return err
	}
	if b.share != "" {
		return b.join(ctx, s)
	}
	return b.create(ctx, s, b.newRequest())
}

// take makes now, which the server has shown, the session.
func (b *Bridge) take(ctx context.Context, s *session, now livy.Session, from origin) error {
	s.address, s.origin = now.ID, from
	s.show(now)
	waiting, cancel := context.WithTimeoutCause(ctx, b.profile.Kernel.StartTime(), errStartTime)
	defer cancel()
	ready, err := s.client.WaitSession(waiting, now, s.show)
	if errors.Is(context.Cause(waiting), errStartTime) {
		lines, _ := s.client.Log(ctx, now.ID, livy.LogTail, maxLogLines) // without them the state has to do
		err = &livy.SessionStartError{State: ready.State, Elapsed: b.profile.Kernel.StartTime(), Log: lines}
	}
	if err != nil {
		return err
	}
	s.livy = ready
	s.heartbeat = max(s.heartbeat, ready.Heartbeat.Duration())
	s.address = b.addressOf(ctx, s)
	s.posts = s.client.NewSubmitter(s.address, map[origin]livy.Statements{
		created: livy.NoStatements, resumed: livy.OwnStatements, attached: livy.ForeignStatements, joined: livy.ForeignStatements,
	}[from])
	s.entry.update(func(r *sessions.Record) { r.AppID = ready.AppID })
	return nil
}

var errStartTime = errors.New("the session took too long to start")

// addressOf returns what requests call the session: its name where the server
// takes that, as Apache Livy does since 0.6. Ids begin again at 0 when such a
// server is restarted, and a stranger's session must not be taken for ours.
func (b *Bridge) addressOf(ctx context.Context, s *session) livy.SessionID {
	name := livy.SessionID(s.livy.Name)
	if b.profile.Local() || !b.dialect.HasNames() || !name.Valid() {
		return s.livy.ID
	}
	found, err := s.client.Session(ctx, name)
	if err != nil || found.ID != s.livy.ID {
		return s.livy.ID
	}
	return name
}

// phaseOf says what a session that starts is at.
func phaseOf(s livy.Session) string {
	if s.Phase != "" {
		return s.Phase
	}
	return "state " + string(s.State)
}

// connected returns the client, made at the first call that succeeds. A server
// that runs apart from this process is looked for each time: without sessions
// it ends, and another one takes its place.
func (b *Bridge) connected(ctx context.Context, progress func(string)) (*livy.Client, error) {
	b.mu.Lock()
	client, before, lapses := b.client, b.closer, b.lapses
	b.mu.Unlock()
	if client != nil && !lapses {
		return client, nil
	}
	progress("connecting")
	client, closer, err := b.connect(ctx, progress)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.client, b.closer = client, closer
	b.mu.Unlock()
	if before != nil {
		if err := before.Close(); err != nil {
			b.log.Warn("close a connection", "err", err)
		}
	}
	return client, nil
}
