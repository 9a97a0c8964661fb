// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Printed puts together what a statement prints from lines of the session's
// log. The same line may be seen often. The log has room for some lines alone:
// when one is missing, what follows it is left to the statement's output.
type Printed struct {
	nonce, group string
	at           int // characters so far
	missing      bool
}

// NewPrinted returns a Printed for the statement of that job group, which Livy
// names by the statement's number.
func NewPrinted(nonce, group string) *Printed { return &Printed{nonce: nonce, group: group} }

// Add returns what is new in lines.
func (p *Printed) Add(lines []string) string {
	var text strings.Builder
	for _, line := range lines {
		var part struct {
			Group string  `json:"group"`
			At    int     `json:"at"`
			Text  *string `json:"text"`
		}
		rest, ours := strings.CutPrefix(line, p.nonce)
		if !ours || p.missing || json.Unmarshal([]byte(rest), &part) != nil || part.Text == nil || part.Group != p.group || part.At < p.at {
			continue
		}
		if p.missing = part.At > p.at; p.missing {
			break
		}
		text.WriteString(*part.Text)
		p.at += utf8.RuneCountInString(*part.Text)
	}
	return text.String()
}
