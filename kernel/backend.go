// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// Backend runs the code of a kernel's cells. It is the only seam between the
// Jupyter side and whatever executes.
//
// Execute and Close are called by the executor alone, one call at a time;
// the other methods may be called beside a running Execute and beside each
// other, and must return quickly, without waiting for it.
type Backend interface {
	// Info describes the implementation and its language. It must not touch
	// the network: clients wait for kernel_info_reply before anything else.
	Info() Info

	// Execute runs one cell and sends its output to sink. A nil error is
	// status "ok". A *CellError is shown to the user as it stands; any other
	// error is shown as KernelInternalError.
	//
	// When ctx is cancelled the cell was interrupted (context.Cause is
	// ErrInterrupted) or the kernel ends (ErrShutdown): Execute has the
	// remote statement cancelled and returns when it ended, or when it is
	// clear that it will not. With ErrInterrupted the kernel gives up on it
	// after 8 s, with ErrShutdown after 0.5 s: then Close is called beside it.
	Execute(ctx context.Context, cell Cell, sink Sink) error

	// IsComplete tells whether code can be run as it stands.
	IsComplete(code string) Completeness

	// Complete proposes replacements for the word at cursor, an offset in
	// Unicode code points. Its ctx, as that of Inspect, ends after 2 s, and
	// when code comes to be run: what is known by then is the answer.
	Complete(ctx context.Context, code string, cursor int) (Completion, error)

	// Inspect describes the name at cursor, an offset in Unicode code points.
	// detailLevel is 0 or 1. A nil bundle means that nothing was found.
	Inspect(ctx context.Context, code string, cursor, detailLevel int) (MIMEBundle, error)

	// Close releases what the backend holds. restart tells that a successor
	// is about to be started. It is called once, after the last Execute. The
	// process goes on to end when ctx does, which is after 0.9 s at the earliest.
	Close(ctx context.Context, restart bool) error
}

// Evaluator is a Backend that evaluates user_expressions. A kernel whose
// backend is none answers each of them with an error.
type Evaluator interface {
	// Evaluate returns what one expression shows after the given cell, which
	// ended well. It is called by the executor, in the context of the cell:
	// what Execute says of ctx and of errors holds here too.
	Evaluate(ctx context.Context, cell Cell, expression string) (data, metadata MIMEBundle, err error)
}

// Causes of a cancelled cell context.
var (
	ErrInterrupted = errors.New("kernel: cell interrupted")
	ErrShutdown    = errors.New("kernel: shutting down")
)

// Info is what kernel_info_reply tells of the backend.
type Info struct {
	Implementation        string
	ImplementationVersion string
	Banner                string
	Language              wire.LanguageInfo
	HelpLinks             []wire.HelpLink
	// Explain returns the line below an error that the kernel itself words, which
	// says where more is told of errors of that name; empty for none. It may be nil.
	Explain func(ename string) string
}

// Cell is one execute_request as the backend sees it.
type Cell struct {
	MsgID          string // of the execute_request; unique
	Code           string
	Silent         bool
	StoreHistory   bool
	AllowStdin     bool
	ExecutionCount int
	CellID         string // metadata.cellId; empty where the client sends none
	LanguageID     string // metadata.vscode.languageId; empty means the kernel's own
	// Waiting is closed when other code waits behind the cell, and when the cell is
	// to end: what only serves the one who types is not worth their time then.
	Waiting <-chan struct{}
}

// Sink takes the output of one cell, in order. Output never fails: a client
// that has gone is not the cell's concern.
type Sink interface {
	// Stream writes text to wire.Stdout or wire.Stderr.
	Stream(name, text string)
	// Display publishes display_data.
	Display(d Display)
	// UpdateDisplay publishes update_display_data. Without d.ID there is
	// nothing to update, and d is published as display_data.
	UpdateDisplay(d Display)
	// Result publishes execute_result, at most one a cell.
	Result(data, metadata MIMEBundle)
	// ClearOutput publishes clear_output.
	ClearOutput(wait bool)
	// Input asks the client that sent the cell for a line of text, by
	// input_request, and waits for the answer until ctx ends. A password is
	// not shown while it is typed. The error is a *CellError, fit to be
	// returned by Execute, where the client takes no such request or has gone,
	// and ctx's cause when that ended.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// MIMEBundle maps a MIME type to its encoded JSON value.
type MIMEBundle = wire.MIMEBundle

// PlainText is the bundle that every client can show: text/plain alone.
func PlainText(text string) MIMEBundle {
	encoded, err := json.Marshal(text)
	if err != nil {
		return nil // never: a string can be encoded
	}
	return MIMEBundle{"text/plain": encoded}
}

// Display is the content of display_data.
type Display struct {
	ID       string // transient.display_id; empty for none
	Data     MIMEBundle
	Metadata MIMEBundle
}

// CellError is an error that a notebook shows: the content of a Jupyter error
// message. Traceback may be empty, then the kernel makes one of EName and
// EValue. EValue holds no control sequences; Traceback may hold colour.
type CellError struct {
	EName     string
	EValue    string
	Traceback []string
}

func (e *CellError) Error() string { return e.EName + ": " + e.EValue }

// Completeness is the answer to an is_complete_request.
type Completeness struct {
	Status string // "complete", "incomplete", "invalid" or "unknown"
	Indent string // for "incomplete": what the next line begins with
}

// Completion is the answer to a complete_request. Start and End are offsets in
// code points; each match replaces what lies between them.
type Completion struct {
	Matches    []string
	Start, End int
}
