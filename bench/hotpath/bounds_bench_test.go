// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package hotpath

import "testing"

// TestAllocations fails when a hot path allocates half as much again as it did
// when the number beside it was taken.
func TestAllocations(t *testing.T) {
	read, write := messages(t)
	for _, c := range []struct {
		name string
		was  float64
		run  func()
	}{
		{"a message is read", 47, read},
		{"a message is written", 20, write},
		{"a cell goes through the kernel", 508, kernelCell(t)},
		{"a cell goes through the bridge", 117, bridgeCell(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run() // what is made once is made
			if got := testing.AllocsPerRun(200, c.run); got > 1.5*c.was {
				t.Errorf("%.0f allocations, were %.0f", got, c.was)
			}
		})
	}
}
