// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// askingOnce is an Authorizer that asks a person for the next request once it
// is needed.
type askingOnce struct {
	needed atomic.Bool
	signed chan struct{}
}

func (a *askingOnce) Authorize(ctx context.Context, _ *http.Request) error {
	if !a.needed.CompareAndSwap(true, false) {
		return nil
	}
	done := auth.PrompterFrom(ctx).Prompt(ctx, auth.Prompt{Message: "Sign in again.", URL: deviceLogin, UserCode: "ABCD-1234"})
	defer done()
	select {
	case <-a.signed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
