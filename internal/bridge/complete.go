// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/internal/bridge/syntax"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// completionTimeout bounds a completion on Spark. Clients give up after about
// as long, and the user has typed on.
const completionTimeout = 1500 * time.Millisecond

// Complete proposes magics on the first line, what Livy's Scala interpreter
// knows, and the words of the language. Livy completes no other language.
func (b *Bridge) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	runes := []rune(code)
	cursor = max(0, min(cursor, len(runes)))
	if start := magicStart(runes[:cursor]); start >= 0 {
		return kernel.Completion{Matches: magicsLike(string(runes[start:cursor])), Start: start, End: cursor}, nil
	}
	start := cursor
	for start > 0 && isIdentifier(runes[start-1]) {
		start--
	}
	out := kernel.Completion{Start: start, End: cursor}
	kind, body := b.languageOf(code)
	if kind == livy.KindSpark {
		// The body lacks the magic's line, all of it before the cursor.
		at := cursor - (len(runes) - utf8.RuneCountInString(body))
		if matches := b.completeScala(ctx, body, at); len(matches) > 0 {
			out.Matches = matches
			return out, nil
		}
	}
	if member := start > 0 && runes[start-1] == '.'; !member && start < cursor {
		out.Matches = syntax.Words(kind, string(runes[start:cursor]))
	}
	return out, nil
}

// completeScala asks the session, if it has nothing else to do: completion
// waits behind a running statement.
func (b *Bridge) completeScala(ctx context.Context, code string, cursor int) []string {
	b.mu.Lock()
	s, running := b.current, b.running > 0
	b.mu.Unlock()
	if s == nil || !s.started() || s.err != nil || running || cursor <= 0 {
		return nil
	}
	ctx, done := context.WithTimeout(ctx, completionTimeout)
	defer done()
	matches, err := s.client.Complete(ctx, s.address, livy.CompletionRequest{Code: code, Kind: livy.KindSpark, Cursor: cursor})
	if err != nil {
		b.log.Debug("completion", "err", err)
		return nil
	}
	for i := range matches {
		matches[i] = render.Plain(matches[i])
	}
	return matches
}

// Inspect describes the magic at the cursor; nothing else is known here.
func (b *Bridge) Inspect(_ context.Context, code string, cursor, _ int) (kernel.MIMEBundle, error) {
	runes := []rune(code)
	end := max(0, min(cursor, len(runes)))
	for end < len(runes) && (isIdentifier(runes[end]) || runes[end] == '%') {
		end++
	}
	start := magicStart(runes[:end])
	if start < 0 {
		return nil, nil
	}
	name := strings.TrimLeft(string(runes[start:end]), "%")
	i := slices.IndexFunc(magicDocs, func(d magicDoc) bool { return d.name == name })
	if i < 0 {
		return nil, nil
	}
	return render.Text(magicDocs[i].usage + "\n\n" + magicDocs[i].text), nil
}

// IsComplete tells whether code can be run as it stands, by the rules of its
// language.
func (b *Bridge) IsComplete(code string) kernel.Completeness {
	m, body, ok := splitMagic(code)
	if ok && m.kindOf() == "" && !m.ofInterpreter() {
		if m.name == "configure" {
			return syntax.JSON(m.args + body)
		}
		return kernel.Completeness{Status: "complete"}
	}
	if ok && m.args == "" && strings.TrimSpace(body) == "" && !m.ofInterpreter() {
		return kernel.Completeness{Status: "incomplete"}
	}
	kind, body := b.languageOf(code)
	return syntax.Check(kind, body)
}

// languageOf returns the language of code and the code without its magic.
func (b *Bridge) languageOf(code string) (livy.Kind, string) {
	if m, body, ok := splitMagic(code); ok && m.kindOf() != "" {
		return m.kindOf(), m.args + body
	}
	return b.kind, code
}

// magicStart returns where the magic begins whose name text ends with, or -1.
func magicStart(text []rune) int {
	start := len(text)
	for start > 0 && isIdentifier(text[start-1]) {
		start--
	}
	word := start
	for start > 0 && text[start-1] == '%' {
		start--
	}
	if start == word || word-start > 2 || strings.TrimSpace(string(text[:start])) != "" {
		return -1
	}
	return start
}

// magicsLike returns the magics that begin with prefix, its signs included.
func magicsLike(prefix string) []string {
	var matches []string
	for _, d := range magicDocs {
		usage, _, _ := strings.Cut(d.usage, " ")
		if strings.HasPrefix(usage, prefix) {
			matches = append(matches, usage)
		}
	}
	return matches
}

func isIdentifier(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
