// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
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

// askingOnce has the bench's client sign in that way.
func (bn *bench) askingOnce(t *testing.T) *askingOnce {
	t.Helper()
	asked := &askingOnce{signed: make(chan struct{})}
	client, err := livy.New(bn.server.URL, livy.WithAuthorizer(asked))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	bn.use(Options{Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return client, nil, nil }})
	return asked
}
