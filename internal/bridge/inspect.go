// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"

	"github.com/livy-kernel/livy-kernel/internal/complete"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Inspect describes the magic or the name at the cursor, as the session knows
// it or, while that is busy, as the text of the notebook does. On detailLevel 1
// it tells more.
func (b *Bridge) Inspect(ctx context.Context, code string, cursor, detailLevel int) (kernel.MIMEBundle, error) {
	cursor = clamp(cursor, code)
	if found := inspectMagic(code, cursor); found != nil {
		return found, nil
	}
	ctx, done := context.WithTimeout(ctx, inspectTime)
	defer done()
	kind, code := b.languageOf(code)
	var said description
	switch kind {
	case livy.KindPySpark:
		said = b.inspectPython(ctx, code, cursor, detailLevel)
	case livy.KindSpark:
		said = b.inspectScala(ctx, code, cursor)
	case livy.KindSQL:
		said = b.inspectSQL(ctx, code, cursor, detailLevel)
	}
	return said.bundle(), nil
}

func (b *Bridge) inspectPython(ctx context.Context, code string, cursor, detail int) description {
	of := complete.Subject(code, cursor)
	if of == nil {
		return description{}
	}
	local := description{language: "python", code: b.cells.DescribePython(code, of)}
	answer, ok := b.askPython(ctx, pythonRequest{Op: "inspect", Of: of, Detail: detail})
	if !ok || answer.Type == "" {
		return local
	}
	said := description{language: "python", code: answer.Signature, doc: answer.Doc, source: answer.Source, fields: answer.Fields}
	said.add("Type", answer.Type)
	said.add("Value", answer.Value)
	return said
}

// inspectSQL describes the table or the function at the cursor.
func (b *Bridge) inspectSQL(ctx context.Context, code string, cursor, detail int) description {
	path, function := complete.SubjectSQL(code, cursor)
	if path == nil {
		return description{}
	}
	extended := ""
	if detail > 0 {
		extended = "EXTENDED "
	}
	said := description{language: "sql"}
	if function {
		for _, row := range b.sqlRows(ctx, "DESCRIBE FUNCTION "+extended+complete.QuoteSQL(path), 1) {
			said.doc += row[0] + "\n"
		}
		return said
	}
	for _, row := range b.describe(ctx, path, extended) {
		said.fields = append(said.fields, [2]string{row[0], row[1]})
	}
	return said
}
