// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// willing is a backend that answers everything with what it was asked.
type willing struct{ Backend }

func (willing) Info() Info { return Info{} }

func (willing) Execute(_ context.Context, cell Cell, out Sink) error {
	out.Stream(wire.Stdout, cell.Code)
	out.Display(Display{ID: cell.CellID, Data: MIMEBundle{"application/json": []byte(cell.Code)}})
	out.Result(MIMEBundle{"text/plain": []byte(cell.Code)}, nil)
	if cell.Silent {
		return nil
	}
	return &CellError{EName: cell.LanguageID, EValue: cell.Code}
}

func (willing) IsComplete(code string) Completeness {
	return Completeness{Status: wire.Incomplete, Indent: code}
}

func (willing) Evaluate(_ context.Context, _ Cell, expression string) (data, metadata MIMEBundle, err error) {
	return MIMEBundle{"text/plain": []byte(expression)}, MIMEBundle{"text/plain": []byte(expression)}, nil
}

func (willing) Complete(_ context.Context, code string, cursor int) (Completion, error) {
	if cursor < 0 || cursor > utf8.RuneCountInString(code) {
		panic("the cursor lies outside the code")
	}
	return Completion{Matches: []string{code}, Start: cursor, End: cursor}, nil
}

func (w willing) Inspect(ctx context.Context, code string, cursor, _ int) (MIMEBundle, error) {
	_, err := w.Complete(ctx, code, cursor)
	return MIMEBundle{"text/plain": []byte(code)}, err
}

// FuzzRequest serves a message of any type with any content, which a signature
// vouches for and nothing else does. Whatever is said in answer can be read.
func FuzzRequest(f *testing.F) {
	for _, content := range []string{`{}`, `[]`, `null`, `{"code":17}`, `{"code":"x\ud800","cursor_pos":-9,"detail_level":1e99}`,
		`{"code":"\"a\"","silent":true,"user_expressions":{"a":"b"}}`, `{"hist_access_type":"search","pattern":"[^]a*?[z-a]","n":-1,"output":true}`,
		`{"hist_access_type":"range","session":0,"start":-9223372036854775808,"stop":9223372036854775807}`, `{"comm_id":"c","data":{}}`} {
		for _, msgType := range []string{"execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_open", "x"} {
			f.Add(msgType, []byte(content), []byte(`{"cellId":"c","vscode":{"languageId":"sql"}}`))
		}
	}
	f.Fuzz(func(t *testing.T, msgType string, content, metadata []byte) {
		client := wire.NewSession(nil, "client")
		e := newTestExecutor(willing{}, func(frames [][]byte) error {
			if _, err := client.Parse(frames); err != nil {
				t.Errorf("cannot read what was published: %v", err)
			}
			return nil
		})
		e.log = slog.New(slog.NewTextHandler(io.Discard, nil))
		header, err := json.Marshal(wire.Header{MsgID: "m", MsgType: msgType})
		if err != nil {
			t.Fatal(err)
		}
		m, err := client.Parse([][]byte{[]byte("<IDS|MSG>"), {}, header, []byte("{}"), metadata, content})
		if err != nil || slices.Contains([]string{"interrupt_request", "shutdown_request"}, msgType) {
			return
		}
		r := &request{Message: m}
		for i, input := range []string{"a", "a*", "[z-a]", strings.Repeat("é", 9)} {
			e.history.add(i+1, input, input)
		}
		reply := wire.Content(nil)
		if m.Header.MsgType == "execute_request" {
			var content wire.ExecuteRequest
			if decode(r, &content) == nil {
				expressions, err := e.runCell(t.Context(), t.Context(), r, content)
				reply = wire.ExecuteReply{Status: wire.StatusOK, UserExpressions: expressions}
				if err != nil {
					reply = executeErrorReply(e.count, errorContent(err, e.info))
				}
			}
		} else {
			reply, err = e.handle(t.Context(), r)
			if err != nil {
				reply = e.errorReply(r, err)
			}
		}
		if reply == nil {
			return
		}
		answer, err := e.session.Message(reply, m)
		if err != nil {
			t.Fatalf("cannot encode the reply: %v", err)
		}
		if _, err := client.Parse(e.session.Frames(answer)); err != nil {
			t.Errorf("cannot read the reply: %v", err)
		}
	})
}
