// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "strings"

// complete shows what of a statement's whole text was not shown while it ran.
func (p *player) complete(whole string) {
	p.add(beyond(whole, p.told))
}

// beyond returns the text without the pieces that were shown of it, which are
// in it in this order. Livy has stripped the white space off its end.
func beyond(whole string, shown []string) string {
	begin := strings.Join(shown, "")
	if rest, ok := strings.CutPrefix(whole, begin); ok {
		return rest
	}
	if strings.TrimRight(begin, " \t\r\n") == strings.TrimRight(whole, " \t\r\n") {
		return ""
	}
	var rest strings.Builder
	for _, piece := range shown {
		at := strings.Index(whole, piece)
		if at < 0 {
			piece = strings.TrimRight(piece, " \t\r\n")
			if at = len(whole) - len(piece); !strings.HasSuffix(whole, piece) {
				continue
			}
		}
		rest.WriteString(whole[:at])
		whole = whole[at+len(piece):]
	}
	rest.WriteString(whole)
	return rest.String()
}
