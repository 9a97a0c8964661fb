// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package bridge runs the cells of a notebook as statements of a Livy session:
// it implements kernel.Backend with the Livy client.
package bridge

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/complete"
	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/internal/sparkui"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Connector makes the client of a profile's server. It may take minutes, when
// it has Spark set up first; it tells progress in short texts. The closer ends
// what was started for the client, and may be nil. An error that is a
// *kernel.CellError is shown as it stands.
type Connector func(ctx context.Context, progress func(string)) (*livy.Client, io.Closer, error)

// Options are what a Bridge is made of. Connect is required.
type Options struct {
	Profile config.Profile
	Kind    livy.Kind // language of a cell that names none; pyspark by default
	Connect Connector
	Version string // of the kernel
	LogFile string // told to the user when the kernel itself fails; may be empty
	// Sessions is where the sessions of this user's kernels are recorded; nil
	// for nowhere.
	Sessions *sessions.Store
	// Notebook names the notebook across kernels, where the kernel was told.
	Notebook string
	// Notices returns what the user should be told of the connection, each
	// sentence once; nil for nothing.
	Notices func() []string
	// Finish has a session deleted by a process that outlives this one, which is
	// started soon after ctx ends at the latest; nil where there is nobody to do so.
	Finish func(context.Context, Leftover) error
	// Detach has what Connect connects to from then on outlive the kernel; nil
	// where it does so anyway. Sessions are recorded only where they do.
	Detach func()
	// Wall is the wall clock, which tells that the machine has slept; that of
	// the machine where it is nil.
	Wall   func() time.Time
	Logger *slog.Logger
}

// Bridge is a kernel.Backend that runs cells on one Livy session at a time. The
// session serves every language; it starts with the first cell.
type Bridge struct {
	profile config.Profile
	kind    livy.Kind
	dialect livy.Dialect
	connect Connector
	version string
	logFile string
	log     *slog.Logger
	grace   time.Duration // how long an interrupted cell waits for its statement's end
	tick    time.Duration // how often a line that tells progress may change
	mends   bool          // the server's interpreters have faults that the prologue mends

	displays bool            // the interpreters are given display
	ui       *sparkui.Client // nil for none

	relief   relief
	store    *sessions.Store // may be nil
	apart    detachment
	finisher func(context.Context, Leftover) error
	notices  func() []string // may be nil
	born     time.Time

	background sync.WaitGroup // goroutines that outlive a call
	looked     bool           // for what earlier kernels left; owned by the opening of a session

	// Owned by the executor, which calls Execute and Close.
	request livy.CreateSessionRequest // body of the next POST /sessions
	held    []kernel.Cell             // code to run before the first cell
	left    *leftBehind               // an interrupted statement that may go on
	gone    livy.SessionID            // the session before, until a new one is told of
	keeping bool                      // the session is to outlive the kernel
	share   string                    // the name that notebooks share the next session by; empty for none
	awake   wakefulness

	asker asker

	failures failures

	cells *complete.Notebook // what the cells have defined
	mark  string             // begins and ends the answers to questions beside the cells

	mu       sync.Mutex // guards what follows
	current  *session   // nil: the next cell starts one
	client   *livy.Client
	closer   io.Closer
	lapses   bool     // the server ends when nobody has used it for a while
	running  int      // statements under way
	notebook string   // may be empty
	notes    []string // what the next cell tells
}

var _ kernel.Backend = (*Bridge)(nil)

const (
	interruptGrace = time.Second
	shutdownGrace  = 300 * time.Millisecond // the kernel waits little longer for the cell
	progressTick   = time.Second
)

// New returns a Bridge. Nothing remote happens yet, unless the profile wants
// the session to start with the kernel.
func New(o Options) *Bridge {
	b := &Bridge{
		profile: o.Profile, kind: o.Kind, connect: o.Connect, version: o.Version, logFile: o.LogFile, log: o.Logger,
		grace: interruptGrace, tick: progressTick, request: o.Profile.Session, keeping: o.Profile.Kernel.Keep(), share: o.Profile.Kernel.Share,
		dialect: livy.Dialect(o.Profile.Dialect), mends: mends(o.Profile), displays: true, ui: sparkui.New(), store: o.Sessions, finisher: o.Finish, notices: o.Notices, notebook: o.Notebook, born: time.Now(),
		cells: complete.NewNotebook(), mark: newNonce(), relief: relief{free: giveBack}, awake: wakefulness{wall: o.Wall},
	}
	if b.kind == "" || b.kind == livy.KindShared {
		b.kind = livy.KindPySpark
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if o.Detach != nil {
		b.store, b.apart = nil, detachment{detach: o.Detach, store: o.Sessions}
		if b.keeping || b.share != "" {
			b.apart.take(b)
		}
	}
	if o.Profile.Kernel.Start == "kernel" {
		b.begin(context.Background(), b.open)
	}
	return b
}

// mends reports whether the profile's server is an Apache Livy, whose faults
// are known; the embedded server has none of them.
func mends(p config.Profile) bool {
	return !p.Local() && (p.Dialect == "" || p.Dialect == string(livy.DialectApache))
}

// session returns the session that cells run on, or nil.
func (b *Bridge) session() *session {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.current
}

// drop forgets s, which is no more: the next cell starts a new session.
func (b *Bridge) drop(s *session) {
	b.forget(s)
	s.entry.remove()
}

// forget has the next cell start a new session.
func (b *Bridge) forget(s *session) {
	b.mu.Lock()
	if b.current == s {
		b.current = nil
	}
	b.mu.Unlock()
	s.aside.begin()
	b.cells.Forget()
	s.end()
	if s.started() && s.err == nil {
		b.gone = s.livy.ID
	}
	b.left = nil
}

// note keeps a sentence for the next cell to show.
func (b *Bridge) note(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes = append(b.notes, text)
}

// Close parts from the session: it is deleted, its start given up, or it is
// kept if the user wants that. What the connector started is closed after it.
func (b *Bridge) Close(ctx context.Context, restart bool) error {
	b.relief.end()
	var err error
	if s := b.session(); s != nil {
		s.aside.begin()
		err = b.leave(ctx, s, restart)
		b.forget(s)
	}
	idle := make(chan struct{})
	go func() {
		b.background.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-ctx.Done():
	}
	b.mu.Lock()
	closer := b.closer
	b.client, b.closer = nil, nil
	b.mu.Unlock()
	if closer != nil {
		if closeErr := closer.Close(); err == nil {
			err = closeErr
		}
	}
	return err
}
