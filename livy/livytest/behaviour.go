// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"context"
	"encoding/json"
	"maps"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// Behaviour is what a statement does. It returns the output, or an error,
// which means that the driver died. A cancelled ctx means that the statement
// was cancelled or that the session ends.
type Behaviour func(ctx context.Context, call Call) (server.Output, error)

// Call is one run of a statement.
type Call struct {
	server.Statement
	Session  int
	Progress func(float64)
	Printed  func(text string)
	Log      func(line string)
	died     <-chan struct{}
}

// Text makes a statement succeed with text as its value.
func Text(text string) Behaviour {
	return func(context.Context, Call) (server.Output, error) { return TextOutput(text), nil }
}

// Data makes a statement succeed with data, JSON by MIME type.
func Data(data map[string]json.RawMessage) Behaviour {
	data = maps.Clone(data)
	return func(context.Context, Call) (server.Output, error) {
		return server.Output{Status: "ok", Data: data}, nil
	}
}

// Error makes a statement fail.
func Error(ename, evalue string, traceback ...string) Behaviour {
	return func(context.Context, Call) (server.Output, error) {
		return ErrorOutput(ename, evalue, traceback...), nil
	}
}

// Die makes the driver die in mid-statement.
func Die() Behaviour {
	return func(context.Context, Call) (server.Output, error) { return server.Output{}, errDied }
}

// Until makes a statement run until the channel is closed or sends, then go
// on with then. A cancel ends it with a KeyboardInterrupt.
func Until(release <-chan struct{}, then Behaviour) Behaviour {
	return func(ctx context.Context, call Call) (server.Output, error) {
		select {
		case <-release:
			return then(ctx, call)
		case <-call.died:
			return server.Output{}, errDied
		case <-ctx.Done():
			return ErrorOutput("KeyboardInterrupt", ""), nil
		}
	}
}

// Stubborn is Until for code that no cancel stops.
func Stubborn(release <-chan struct{}, then Behaviour) Behaviour {
	return func(ctx context.Context, call Call) (server.Output, error) {
		select {
		case <-release:
			return then(ctx, call)
		case <-call.died:
			return server.Output{}, errDied
		}
	}
}

// Progress reports each value that steps sends as the statement's progress
// and goes on with then when steps is closed.
func Progress(steps <-chan float64, then Behaviour) Behaviour {
	return func(ctx context.Context, call Call) (server.Output, error) {
		for {
			select {
			case p, ok := <-steps:
				if !ok {
					return then(ctx, call)
				}
				call.Progress(p)
			case <-call.died:
				return server.Output{}, errDied
			case <-ctx.Done():
				return ErrorOutput("KeyboardInterrupt", ""), nil
			}
		}
	}
}

// Prints prints each text that texts sends, while the statement runs, and
// succeeds with all of them when texts is closed.
func Prints(texts <-chan string) Behaviour {
	return func(ctx context.Context, call Call) (server.Output, error) {
		var all strings.Builder
		for {
			select {
			case text, ok := <-texts:
				if !ok {
					return TextOutput(strings.TrimSuffix(all.String(), "\n")), nil
				}
				all.WriteString(text)
				call.Printed(text)
			case <-call.died:
				return server.Output{}, errDied
			case <-ctx.Done():
				return ErrorOutput("KeyboardInterrupt", ""), nil
			}
		}
	}
}

// Log writes lines to the session's log and goes on with then.
func Log(then Behaviour, lines ...string) Behaviour {
	return func(ctx context.Context, call Call) (server.Output, error) {
		for _, line := range lines {
			call.Log(line)
		}
		return then(ctx, call)
	}
}

// InOrder does the behaviours one after the other, one a run; the last one
// stays.
func InOrder(first Behaviour, more ...Behaviour) Behaviour {
	turns := make(chan Behaviour, len(more)+1)
	for _, b := range append([]Behaviour{first}, more...) {
		turns <- b
	}
	return func(ctx context.Context, call Call) (server.Output, error) {
		b := <-turns
		if len(turns) == 0 {
			turns <- b
		}
		return b(ctx, call)
	}
}

// TextOutput is the output of a statement with a value of plain text.
func TextOutput(text string) server.Output {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // A string always marshals.
	}
	return server.Output{Status: "ok", Data: map[string]json.RawMessage{"text/plain": b}}
}

// ErrorOutput is the output of a statement that failed.
func ErrorOutput(ename, evalue string, traceback ...string) server.Output {
	return server.Output{Status: "error", EName: ename, EValue: evalue, Traceback: traceback}
}
