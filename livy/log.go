// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// LogTail as the from of Log asks for the last lines.
const LogTail = -1

// Log returns up to size lines of the session's log from line from. Servers
// keep the last 200 lines or so. Where the dialect has no log, the lines are
// what the session object says, and from is without effect.
func (c *Client) Log(ctx context.Context, id SessionID, from, size int) ([]string, error) {
	p, err := sessionPath(id)
	if err != nil {
		return nil, err
	}
	if !c.traits.log {
		s, err := c.Session(ctx, id)
		lines := s.lines()
		return lines[max(0, len(lines)-max(size, 0)):], err
	}
	var log struct {
		Log []string `json:"log"`
	}
	query := url.Values{"from": {strconv.Itoa(from)}, "size": {strconv.Itoa(size)}}
	err = c.get(ctx, "get log", p+"/log?"+query.Encode(), &log)
	return log.Log, err
}

// lines returns what the session object says in lines.
func (s Session) lines() []string {
	return append(append([]string(nil), s.Log...), s.Reasons()...)
}

// lastLines returns the end of a session's log as far as it can be had.
func (c *Client) lastLines(ctx context.Context, s Session) []string {
	if c.traits.log {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if lines, err := c.Log(ctx, s.ID, LogTail, 10); err == nil && len(lines) > 0 {
			return lines
		}
	}
	return s.lines()
}
