// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	_ "embed" // for the code that looks at names
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/complete"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/livy"
)

// introspection looks at the names of a Python session. How it keeps from
// touching anything is described there.
//
//go:embed introspect.py
var introspection string

// pythonRequest is what introspection is asked.
type pythonRequest struct {
	Op      string          `json:"op"` // "complete" or "inspect"
	Of      complete.Expr   `json:"of,omitempty"`
	Strings []complete.Expr `json:"strings,omitempty"`
	Module  string          `json:"module,omitempty"`
	Detail  int             `json:"detail"`
}

// pythonAnswer is what it answers.
type pythonAnswer struct {
	Names   []string `json:"names"`
	Columns []string `json:"columns"` // that are attributes too

	Type      string `json:"type"`
	Signature string `json:"signature"`
	Value     string `json:"value"`
	Doc       string `json:"doc"`
	Source    string `json:"source"`

	Fields [][2]string `json:"fields"` // name and type of each column
}

// statement returns the code that asks. It is one expression, and leaves no
// name behind: the code has names of its own, whatever the user has put in the
// place of Python's.
func (r pythonRequest) statement(mark string) (livy.StatementRequest, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return livy.StatementRequest{}, fmt.Errorf("encode the question: %w", err)
	}
	code := fmt.Sprintf(`__import__("builtins").exec(%s, {"names": __import__("builtins").globals(), "request": __import__("json").loads(%s), "mark": %s})`,
		strconv.QuoteToASCII(introspection), strconv.QuoteToASCII(string(text)), strconv.QuoteToASCII(mark))
	return livy.StatementRequest{Code: code, Kind: livy.KindPySpark}, nil
}

// askPython asks the Python of the session.
func (b *Bridge) askPython(ctx context.Context, r pythonRequest) (pythonAnswer, bool) {
	var answer pythonAnswer
	q, err := r.statement(b.mark)
	if err != nil {
		b.log.Warn("introspection", "err", err)
		return answer, false
	}
	out, ok := b.ask(ctx, q)
	if !ok {
		return answer, false
	}
	if err := json.Unmarshal(out.Data["application/json"], &answer); err != nil {
		b.log.Debug("introspection", "err", err)
		return answer, false
	}
	return answer, true
}

// unframe takes the answer of introspection, as application/json, out of what
// was printed meanwhile.
func unframe(out livy.Output, mark string) (answer livy.Output, printed string) {
	var shown string
	if err := json.Unmarshal(out.Data["text/plain"], &shown); err != nil {
		return livy.Output{}, ""
	}
	before, rest, _ := strings.Cut(shown, mark)
	text, after, _ := strings.Cut(rest, mark)
	return livy.Output{Data: map[string]json.RawMessage{"application/json": json.RawMessage(text)}}, before + strings.TrimPrefix(after, "\n")
}

// sqlRows asks the session's SQL, and returns the first n cells of each row as
// text.
func (b *Bridge) sqlRows(ctx context.Context, query string, n int) [][]string {
	out, ok := b.ask(ctx, livy.StatementRequest{Code: query, Kind: livy.KindSQL})
	if !ok {
		return nil
	}
	var table struct {
		Data [][]json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(out.Data["application/json"], &table); err != nil {
		return nil
	}
	var rows [][]string
	for _, cells := range table.Data {
		row := make([]string, n)
		for i := range min(n, len(cells)) {
			_ = json.Unmarshal(cells[i], &row[i]) // what is no text is left out
			row[i] = render.Plain(row[i])
		}
		rows = append(rows, row)
	}
	return rows
}
