// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package server is the server side of the Livy REST API over an [Engine]:
// sessions, statements, cancel, completion and log, in the shapes, states and
// status codes of Apache Livy 0.9.
package server

import (
	"context"
	"encoding/json"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Engine starts the driver of a session.
type Engine interface {
	// Start starts a driver for the session that spec describes and returns
	// when it takes statements. Lines of the driver's log go to log as they
	// come, also after Start has returned. An error means that the session is
	// dead; nothing of the driver is left then.
	Start(ctx context.Context, spec Spec, log func(line string)) (Driver, error)
}

// Spec is what an engine is told of a session.
type Spec struct {
	ID      int
	Request livy.CreateSessionRequest // Kind is shared where the client named none
}

// Driver runs the statements of one session. The server calls Run for one
// statement at a time; every other method may be called beside it.
type Driver interface {
	// Run runs code and returns its output, a failure of the code included.
	// A cancelled ctx means: stop the statement, then return what it left.
	// The error is for the driver itself having died.
	Run(ctx context.Context, stmt Statement, report Report) (Output, error)
	// Complete returns the candidates for the identifier before cursor, an
	// offset in code points.
	Complete(ctx context.Context, kind livy.Kind, code string, cursor int) ([]string, error)
	// App tells the application's id and the address of its web UI.
	App() App
	// Done is closed when the driver has ended by itself or by Close.
	Done() <-chan struct{}
	// Close ends the driver and everything that it started, and waits for it.
	Close(ctx context.Context) error
}

// Statement is one piece of code to run.
type Statement struct {
	ID   int
	Kind livy.Kind // never shared
	Code string
}

// Report takes what is known of a statement before it has ended. Both functions
// return at once and may be called as often as the driver likes.
type Report struct {
	// Progress takes completed over known tasks, 0 to 1.
	Progress func(share float64)
	// Printed takes what the code has printed since the last call. A driver
	// that calls it at all tells of everything so, in the order in which it was
	// printed, before Run returns: the text/plain of an Output with Status "ok"
	// holds no other text.
	Printed func(text string)
}

// Output is the result of a statement as the REST API shows it.
type Output struct {
	Status    string                     // "ok" or "error"
	Data      map[string]json.RawMessage // for "ok"
	EName     string                     // for "error"
	EValue    string
	Traceback []string
}

// App names the Spark application of a driver; empty fields are unknown.
type App struct {
	ID    string
	UIURL string
}
