// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import "strings"

// JoinChains puts a Scala call that begins with a dot on a line of its own
// behind what it is called on, and leaves all else as it is. Livy feeds the
// REPL line by line, and takes a line for whole unless it has to go on: there
// it would be an error. Within brackets it does have to.
func JoinChains(code string) string {
	var out strings.Builder
	var open brackets
	end := 0 // in out, behind the last code
	for i := 0; i < len(code); {
		next := scalaSkip(code, i)
		if next > i { // white space and comments
			if len(open) == 0 && end > 0 && strings.Contains(code[i:next], "\n") && chained(code[next:]) {
				kept := out.String()[:end]
				out.Reset()
				out.WriteString(kept + " ")
			} else {
				out.WriteString(code[i:next])
			}
			i = next
			continue
		}
		next = scalaToken(code, i)
		if next == i+1 {
			open.add(code[i])
		}
		out.WriteString(code[i:next])
		i, end = next, out.Len()
	}
	return out.String()
}

// chained reports whether rest begins with a call on what comes before it.
func chained(rest string) bool {
	return len(rest) > 1 && rest[0] == '.' && isWord(rest[1]) && (rest[1] < '0' || rest[1] > '9')
}

// scalaSkip returns the index behind the white space and the comments at
// code[at].
func scalaSkip(code string, at int) int {
	for at < len(code) {
		rest := code[at:]
		switch {
		case strings.HasPrefix(rest, "//"):
			at = lineEnd(code, at)
		case strings.HasPrefix(rest, "/*"):
			at, _ = scalaComment(code, at)
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			at++
		default:
			return at
		}
	}
	return at
}

// scalaToken returns the index behind the string, character or sign at
// code[at].
func scalaToken(code string, at int) int {
	rest := code[at:]
	switch {
	case strings.HasPrefix(rest, `"""`):
		end, _ := quoted(code, at, `"""`, false)
		return end
	case rest[0] == '"':
		end, _ := quoted(code, at, `"`, true)
		return max(end, at+1)
	case rest[0] == '\'':
		return at + scalaChar(rest)
	}
	return at + 1
}
