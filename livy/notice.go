// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"time"
)

// Notice tells that a call waits, and why. The call goes on by itself.
type Notice struct {
	Op      string // such as "submit statement"
	Reason  Reason
	Until   time.Time // when it goes on
	Message string    // what the server said, on one line; may be empty
}

// Reason is why a call waits.
type Reason string

// Reasons of a Notice.
const (
	ReasonThrottled   Reason = "throttled"     // 429: the identity has made too many requests
	ReasonCapacity    Reason = "capacity"      // 430: no compute is free
	ReasonUnavailable Reason = "unavailable"   // 503
	ReasonBudget      Reason = "call budget"   // the identity's own kernels have used it up for now
	ReasonLookUp      Reason = "looking it up" // no answer came; the server's list is asked
)

// noticeKey is where a context holds its function.
type noticeKey struct{}

// WithNotice has the calls made under the returned context tell of each wait.
// tell is called by the goroutine of the call.
func WithNotice(ctx context.Context, tell func(Notice)) context.Context {
	return context.WithValue(ctx, noticeKey{}, tell)
}

func notify(ctx context.Context, n Notice) {
	if tell, ok := ctx.Value(noticeKey{}).(func(Notice)); ok {
		tell(n)
	}
}
