// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// description is what an inspection has found.
type description struct {
	language string
	code     string // a signature, or the line that defines the name
	facts    [][2]string
	fields   [][2]string // name and type of each column
	doc      string
	source   string
}

// add adds a fact, if there is one.
func (d *description) add(name, value string) {
	if value != "" {
		d.facts = append(d.facts, [2]string{name, value})
	}
}

// bundle returns the description as plain text and as markdown, or nil if it
// says nothing.
func (d description) bundle() kernel.MIMEBundle {
	if d.code == "" && d.facts == nil && d.fields == nil && d.doc == "" {
		return nil
	}
	var text, markdown strings.Builder
	block := func(language, code string) {
		text.WriteString(code + "\n\n")
		markdown.WriteString(fenced(language, code))
	}
	if d.code != "" {
		block(d.language, d.code)
	}
	for _, fact := range d.facts {
		text.WriteString(fact[0] + ": " + fact[1] + "\n")
		markdown.WriteString("**" + fact[0] + ":** " + inline(fact[1]) + "\n\n")
	}
	if d.fields != nil {
		width := 0
		for _, field := range d.fields {
			width = max(width, len([]rune(field[0])))
		}
		text.WriteString("\n")
		markdown.WriteString("| column | type |\n|---|---|\n")
		for _, field := range d.fields {
			text.WriteString(field[0] + strings.Repeat(" ", width-len([]rune(field[0]))+2) + field[1] + "\n")
			markdown.WriteString("| " + inline(field[0]) + " | " + inline(field[1]) + " |\n")
		}
		markdown.WriteString("\n")
	}
	text.WriteString("\n")
	if d.doc != "" {
		block("text", d.doc)
	}
	if d.source != "" {
		block(d.language, d.source)
	}
	bundle := render.Text(render.Plain(strings.TrimSpace(text.String())))
	encoded, err := json.Marshal(render.Plain(strings.TrimSpace(markdown.String())))
	if err == nil {
		bundle["text/markdown"] = encoded
	}
	return bundle
}

// fenced returns a code block of markdown that code cannot leave.
func fenced(language, code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + language + "\n" + code + "\n" + fence + "\n\n"
}

// inline returns code within a line of markdown, in a table too.
func inline(code string) string {
	code = strings.NewReplacer("`", "'", "|", `\|`, "\n", " ").Replace(code)
	if code == "" {
		return ""
	}
	return "`" + code + "`"
}
