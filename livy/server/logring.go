// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"strings"
	"sync"
)

// Sizes of Apache Livy's log answers.
const (
	logLines        = 200 // livy.cache-log.size: lines kept of a driver's log
	logDefaultSize  = 100 // lines of GET /log without size
	logInView       = 10  // lines in a session object
	logLineMaxBytes = 64 << 10
)

// logRing keeps the last lines of a driver's log. Shown, they stand below the
// two headings that Apache Livy has for standard output and standard error;
// an engine has one log, which counts as standard error.
type logRing struct {
	mu    sync.Mutex
	lines []string // At most logLines; the oldest first.
}

// add appends line, which may be cut.
func (l *logRing) add(line string) {
	line = strings.TrimRight(line, "\r\n")
	if len(line) > logLineMaxBytes {
		line = strings.ToValidUTF8(line[:logLineMaxBytes], "") + "…"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) == logLines {
		l.lines = append(l.lines[:0], l.lines[1:]...)
	}
	l.lines = append(l.lines, line)
}

// page returns size lines from position from, the position that they really
// begin at and how many lines there are. A negative from means the last size
// lines, a negative size all of them.
func (l *logRing) page(from, size int64) (page []string, start, total int64) {
	l.mu.Lock()
	all := append([]string{"stdout: ", "\nstderr: "}, l.lines...)
	l.mu.Unlock()
	total = int64(len(all))
	if size < 0 {
		size = total
	}
	if from < 0 {
		from = max(0, total-size)
	}
	return slice(all, from, size), from, total
}

// slice returns size elements of list from position from, as far as there are
// any; a negative from begins before the first one. It never returns nil, so
// that JSON shows a list.
func slice[T any](list []T, from, size int64) []T {
	n := int64(len(list))
	until := min(max(from+size, 0), n)
	from = min(max(from, 0), until)
	return append([]T{}, list[from:until]...)
}
