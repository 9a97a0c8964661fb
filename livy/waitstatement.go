// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"fmt"
	"time"
)

// WaitStatement polls a submitted statement until it has ended and calls
// progress, which may be nil, with each answer. A statement that has ended
// already is returned as it is, without a request. The end of its session is
// a *SessionLostError. The end of ctx stops the waiting, not the statement:
// see Cancel.
func (c *Client) WaitStatement(ctx context.Context, id SessionID, s Statement, progress func(Statement)) (Statement, error) {
	started := time.Now()
	looked := started    // when the session was last known to live
	var missed time.Time // since when the server does not know the statement
	strange := false     // it was in a state that the API does not describe
	pace := pace{polling: c.traits.waiting}
	for held := false; !s.State.Terminal(); {
		waited := time.Since(started)
		if !held {
			if err := sleep(ctx, pace.next(waited)); err != nil {
				return s, fmt.Errorf("wait for statement: %w", err)
			}
		}
		var now Statement
		var err error
		asked := time.Now()
		now, held, err = c.await(ctx, id, s.ID, pace.hold(waited))
		if !held {
			pace.took(time.Since(asked))
		}
		switch {
		case err == nil:
			s, missed = now, time.Time{}
			if !s.State.known() && !strange {
				strange = true
				c.log.Info("a statement is in a state that is not known, and counts as running", "statement", s.ID, "state", clean(string(s.State)))
			}
			if progress != nil {
				progress(s)
			}
		case notFound(err):
			lost := c.sessionLost(ctx, id, err)
			if lost != err { //nolint:errorlint // the same error means that nothing was found out
				return s, lost
			}
			if missed.IsZero() {
				missed = time.Now()
			}
			if time.Since(missed) >= c.traits.settling {
				return s, err
			}
		default:
			return s, c.sessionLost(ctx, id, err)
		}
		if !c.traits.tellsEnd && !s.State.Terminal() && time.Since(looked) > endCheck {
			looked = time.Now()
			if lost := c.ended(ctx, id); lost != nil {
				return s, lost
			}
		}
	}
	return s, nil
}

// endCheck is how often a session is looked at whose statements may go on
// running for ever when it has ended.
const endCheck = 5 * time.Minute
