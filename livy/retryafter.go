// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// hint is when a server asks to be asked again.
type hint struct {
	given bool
	after time.Duration // more than 0, at most maxHint
}

// maxHint bounds what a server can make a client wait at a time.
const maxHint = 5 * time.Minute

// untilText matches the end of Fabric's message of a throttled request: "…
// until: 11/23/2026 8:29:01 PM (UTC)".
var untilText = lazyregexp.New(`(?i)\buntil:?\s+([0-9][0-9TZ:/. +-]*(?:[AP]M)?)`)

// untilLayouts are the ways in which the time in it is written. Those without
// a zone are UTC.
var untilLayouts = []string{
	"1/2/2006 3:04:05 PM", "1/2/2006 15:04:05", time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999",
	"2006-01-02 15:04:05Z07:00",
}

// readHint reads the header Retry-After, seconds or a date, else what message
// says. now is the time of the answer; where the server tells its own, a
// date is compared with that.
func readHint(header http.Header, message string, now time.Time) hint {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return hintOf(time.Duration(seconds) * time.Second)
	}
	if date, err := http.ParseTime(value); err == nil {
		return hintOf(date.Sub(now))
	}
	parts := untilText.Get().FindStringSubmatch(message)
	if parts == nil {
		return hint{}
	}
	text := strings.ToUpper(strings.TrimRight(parts[1], " .-+"))
	for _, layout := range untilLayouts {
		if date, err := time.Parse(layout, text); err == nil {
			return hintOf(date.Sub(now))
		}
	}
	return hint{}
}

// hintOf clamps d. A time that is over, or 0, says nothing.
func hintOf(d time.Duration) hint {
	if d <= 0 {
		return hint{}
	}
	return hint{given: true, after: min(d, maxHint)}
}
