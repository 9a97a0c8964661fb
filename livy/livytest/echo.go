// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// Echo is a behaviour for servers that stand alone, to pass to
// [Engine.Otherwise]. It runs no code: it answers by the first line of it,
// whatever the kind.
//
//	sleep SECONDS         ends after that time, or by a cancel as a KeyboardInterrupt
//	stubborn SECONDS      ends after that time, whatever a cancel asks of it
//	print N               prints N bytes in lines of 100
//	raise ENAME [EVALUE]  fails
//	log TEXT              writes a line to the session's log
//	die                   makes the driver die
//
// Anything else is available at once: for kind sql a table of one row with the
// number of bytes, else the text "you sent N bytes".
func Echo(ctx context.Context, call Call) (server.Output, error) {
	line, _, _ := strings.Cut(strings.TrimSpace(call.Code), "\n")
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "sleep", "stubborn":
		if word == "stubborn" {
			ctx = context.WithoutCancel(ctx)
		}
		if seconds, err := strconv.ParseFloat(rest, 64); err == nil {
			return echoSleep(ctx, call, time.Duration(seconds*float64(time.Second)))
		}
	case "print":
		if n, err := strconv.Atoi(rest); err == nil && n >= 0 && n <= maxPrint {
			return printed(n / 100), nil
		}
	case "raise":
		ename, evalue, _ := strings.Cut(rest, " ")
		return ErrorOutput(ename, evalue, ename+": "+evalue+"\n"), nil
	case "log":
		call.Log(rest)
	case "die":
		return server.Output{}, errDied
	}
	if call.Kind == livy.KindSQL {
		table := fmt.Sprintf(`{"schema":{"type":"struct","fields":[{"name":"bytes","type":"integer","nullable":false,"metadata":{}}]},"data":[[%d]]}`, len(call.Code))
		return server.Output{Status: "ok", Data: map[string]json.RawMessage{"application/json": json.RawMessage(table)}}, nil
	}
	return TextOutput(fmt.Sprintf("you sent %d bytes", len(call.Code))), nil
}

// printed is the output of lines of 100 bytes. It is written as JSON by hand:
// encoding it took longer than a client takes to read it.
func printed(lines int) server.Output {
	text := `"` + strings.Repeat(strings.Repeat("x", 99)+`\n`, lines) + `"`
	return server.Output{Status: "ok", Data: map[string]json.RawMessage{"text/plain": json.RawMessage(text)}}
}

// maxPrint bounds what a statement of Echo prints.
const maxPrint = 100 << 20

// echoSleep sleeps in ten steps of progress.
func echoSleep(ctx context.Context, call Call, d time.Duration) (server.Output, error) {
	const steps = 10
	tick := time.NewTicker(max(d/steps, 1))
	defer tick.Stop()
	for i := range steps {
		call.Progress(float64(i) / steps)
		select {
		case <-tick.C:
		case <-call.died:
			return server.Output{}, errDied
		case <-ctx.Done():
			return ErrorOutput("KeyboardInterrupt", "", "KeyboardInterrupt\n"), nil
		}
	}
	return TextOutput("slept"), nil
}
