// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestRehearse goes through a session and a statement, and leaves no goroutine.
func TestRehearse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := livy.Rehearse(t.Context()); err != nil {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := livy.Rehearse(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
	})
}
