// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// echoBackend runs cells that are a command and its argument. It fails a test
// by its results when it is called in a way that Backend excludes.
type echoBackend struct {
	begun  chan string    // takes the code of each cell of "wait" or "hang"
	resume chan struct{}  // ends a cell of "hang"
	closed chan closeCall // takes the call of Close

	mu      sync.Mutex
	running bool
	cells   []kernel.Cell
	said    strings.Builder // by pour
	// closing is called within Close, if set.
	closing func(context.Context) error
}

type closeCall struct {
	restart, running bool
}

func newEcho() *echoBackend {
	return &echoBackend{begun: make(chan string, 8), resume: make(chan struct{}), closed: make(chan closeCall, 8)}
}

func (b *echoBackend) Info() kernel.Info {
	return kernel.Info{
		Implementation: "echo", ImplementationVersion: "1.2.3", Banner: "An echo.",
		Language: wire.LanguageInfo{Name: "echo", Version: "1", MIMEType: "text/plain", FileExtension: ".txt",
			CodeMirrorMode: json.RawMessage(`{"name":"null"}`)},
		HelpLinks: []wire.HelpLink{{Text: "Help", URL: "https://example.org/?a&b"}},
	}
}

func (b *echoBackend) Execute(ctx context.Context, cell kernel.Cell, sink kernel.Sink) error {
	b.mu.Lock()
	if b.running {
		b.mu.Unlock()
		return errors.New("two cells at a time")
	}
	b.running = true
	b.cells = append(b.cells, cell)
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.running = false
	}()
	command, arg, _ := strings.Cut(cell.Code, " ")
	switch command {
	case "echo":
		sink.Result(text(arg), nil)
	case "print":
		sink.Stream(wire.Stdout, arg)
	case "all":
		sink.Stream(wire.Stdout, "a")
		sink.Stream(wire.Stdout, "b")
		sink.Stream(wire.Stderr, "c")
		sink.Display(kernel.Display{ID: "d1", Data: text("shown")})
		sink.Stream(wire.Stdout, "d")
		sink.UpdateDisplay(kernel.Display{ID: "d1", Data: text("updated")})
		sink.ClearOutput(true)
		sink.Result(kernel.MIMEBundle{"text/plain": []byte(`"6"`), "text/html": []byte(`"<b>6</b>"`)}, nil)
		sink.Stream(wire.Stdout, "e")
	case "fail":
		return &kernel.CellError{EName: "ValueError", EValue: arg}
	case "traceback":
		return fmt.Errorf("wrapped: %w", &kernel.CellError{EName: "E", EValue: "v", Traceback: []string{"line 1", "E: v"}})
	case "bug":
		return errors.New("no such table")
	case "panic":
		panic("oops")
	case "update":
		sink.UpdateDisplay(kernel.Display{Data: text(arg)})
	case "json":
		sink.Display(kernel.Display{Data: kernel.MIMEBundle{"application/json": []byte(arg)}})
	case "notjson":
		sink.Display(kernel.Display{Data: kernel.MIMEBundle{"text/plain": []byte("{")}})
	case "ask", "password":
		answer, err := sink.Input(ctx, arg, command == "password")
		if err != nil {
			return err
		}
		sink.Result(text(answer), nil)
	case "wait":
		sink.Stream(wire.Stdout, "waiting")
		b.begun <- cell.Code
		<-ctx.Done()
		return fmt.Errorf("statement 3: %w", ctx.Err())
	case "pour":
		b.begun <- cell.Code
		b.pour(sink)
	case "hang":
		b.begun <- cell.Code
		<-b.resume
		sink.Stream(wire.Stdout, "too late")
	}
	return nil
}

// pour prints line by line until resume is closed, each line as a message.
func (b *echoBackend) pour(sink kernel.Sink) {
	for n := 0; ; n++ {
		select {
		case <-b.resume:
			return
		case <-time.After(100 * time.Microsecond):
		}
		line := fmt.Sprintln("line", n)
		sink.Stream(wire.Stdout, line)
		sink.Display(kernel.Display{Data: text("between")}) // pushes the line out
		b.mu.Lock()
		b.said.WriteString(line)
		b.mu.Unlock()
	}
}

// poured is all that pour printed.
func (b *echoBackend) poured() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.said.String()
}

func (b *echoBackend) IsComplete(code string) kernel.Completeness {
	switch {
	case code == "panic":
		panic("oops")
	case strings.HasSuffix(code, ":"):
		return kernel.Completeness{Status: wire.Incomplete, Indent: "  "}
	}
	return kernel.Completeness{Status: wire.Complete, Indent: "never sent"}
}

// Complete proposes the cursor itself.
func (b *echoBackend) Complete(_ context.Context, code string, cursor int) (kernel.Completion, error) {
	switch code {
	case "hang":
		b.begun <- code
		<-b.resume
	case "none":
		return kernel.Completion{Start: cursor, End: cursor}, nil
	case "fail":
		return kernel.Completion{}, errors.New("no completion")
	}
	return kernel.Completion{Matches: []string{fmt.Sprint("at", cursor)}, Start: 0, End: cursor}, nil
}

func (b *echoBackend) Inspect(_ context.Context, code string, cursor, detailLevel int) (kernel.MIMEBundle, error) {
	if code == "" {
		return nil, nil
	}
	return text(fmt.Sprintf("%s at %d, level %d", code, cursor, detailLevel)), nil
}

func (b *echoBackend) Close(ctx context.Context, restart bool) error {
	b.mu.Lock()
	call := closeCall{restart: restart, running: b.running}
	b.mu.Unlock()
	b.closed <- call
	if b.closing != nil {
		return b.closing(ctx)
	}
	return nil
}

// codes are the codes of the cells that ran.
func (b *echoBackend) codes() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var codes []string
	for _, c := range b.cells {
		codes = append(codes, c.Code)
	}
	return codes
}

func text(s string) kernel.MIMEBundle {
	quoted, _ := json.Marshal(s) // a string can be encoded
	return kernel.MIMEBundle{"text/plain": quoted}
}
