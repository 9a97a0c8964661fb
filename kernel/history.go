// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"regexp"
	"strings"
	"sync"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

const (
	// maxHistory bounds the memory of inputs and their results, in bytes.
	maxHistory = 16 << 20
	// historySession numbers this process; earlier ones are not remembered.
	historySession = 1
	// defaultTail is how much a tail request without n gets.
	defaultTail = 10
)

// history remembers the inputs of this process that were stored, with the
// plain text of their results.
type history struct {
	mu      sync.Mutex
	entries []wire.HistoryEntry
	bytes   int
}

func (h *history) add(line int, input, output string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, wire.HistoryEntry{Session: historySession, Line: line, Input: input, Output: output})
	h.bytes += len(input) + len(output)
	for h.bytes > maxHistory && len(h.entries) > 1 {
		h.bytes -= len(h.entries[0].Input) + len(h.entries[0].Output)
		h.entries[0] = wire.HistoryEntry{}
		h.entries = h.entries[1:]
	}
}

// find answers a history_request, oldest entry first.
func (h *history) find(r wire.HistoryRequest) wire.HistoryEntries {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found wire.HistoryEntries
	switch r.HistAccessType {
	case "range":
		found = h.between(r)
	case "search":
		found = h.search(r)
	default:
		found = last(h.entries, tailLength(r.N))
	}
	out := make(wire.HistoryEntries, len(found))
	for i, e := range found {
		if e.WithOutput = r.Output; !r.Output {
			e.Output = ""
		}
		out[i] = e
	}
	return out
}

func tailLength(n int) int {
	if n <= 0 {
		return defaultTail
	}
	return n
}

// between finds the lines from start to before stop. Negative lines count
// back from the next line to come; session 0 is the current one.
func (h *history) between(r wire.HistoryRequest) wire.HistoryEntries {
	if len(h.entries) == 0 || r.Session != 0 && r.Session != historySession {
		return nil
	}
	end := h.entries[len(h.entries)-1].Line + 1
	start, stop := r.Start, end
	if start < 0 {
		start += end
	}
	if r.Stop != nil && *r.Stop != 0 { // 0 is the end, as IPython has it
		if stop = *r.Stop; stop < 0 {
			stop += end
		}
	}
	var found wire.HistoryEntries
	for _, e := range h.entries {
		if e.Line >= start && e.Line < stop {
			found = append(found, e)
		}
	}
	return found
}

// search finds the inputs that match the glob, the last n of them.
func (h *history) search(r wire.HistoryRequest) wire.HistoryEntries {
	pattern := globPattern(r.Pattern)
	seen := make(map[string]bool)
	var newestFirst wire.HistoryEntries
	for i := len(h.entries) - 1; i >= 0; i-- {
		e := h.entries[i]
		if r.N > 0 && len(newestFirst) == r.N {
			break
		}
		if !pattern.MatchString(e.Input) || r.Unique && seen[e.Input] {
			continue
		}
		seen[e.Input] = true
		newestFirst = append(newestFirst, e)
	}
	for i, j := 0, len(newestFirst)-1; i < j; i, j = i+1, j-1 {
		newestFirst[i], newestFirst[j] = newestFirst[j], newestFirst[i]
	}
	return newestFirst
}

func last(entries []wire.HistoryEntry, n int) wire.HistoryEntries {
	return wire.HistoryEntries(entries[max(0, len(entries)-n):])
}

// globPattern translates a glob as IPython has it: * for any text, ? for one
// character, [abc] and [^a-c] for one of a set. It matches whole inputs.
func globPattern(glob string) *regexp.Regexp {
	if glob == "" {
		glob = "*"
	}
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == '*':
			b.WriteString(".*")
		case c == '?':
			b.WriteByte('.')
		case c == '[' && strings.IndexByte(glob[i+1:], ']') > 0:
			set := glob[i+1 : i+1+strings.IndexByte(glob[i+1:], ']')]
			i += len(set) + 1
			b.WriteString("[" + strings.NewReplacer(`\`, `\\`, "[", `\[`).Replace(set) + "]")
		default:
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		}
	}
	pattern, err := regexp.Compile(`(?s)\A(?:` + b.String() + `)\z`)
	if err != nil { // a set such as [z-a] is no set
		return regexp.MustCompile(`\A` + regexp.QuoteMeta(glob) + `\z`)
	}
	return pattern
}
