// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"time"
)

// parentInterval is how often the parent process is looked for.
const parentInterval = time.Second

// watchParent calls stop once gone reports true.
func watchParent(ctx context.Context, gone func() bool, stop func()) {
	ticker := time.NewTicker(parentInterval)
	defer ticker.Stop()
	for !gone() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
	stop()
}
