// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package hotpath

import "testing"

// TestAllocations fails when a hot path allocates half as much again as it did
// when the number beside it was taken.
func TestAllocations(t *testing.T) {
	read, write := messages(t)
	for _, c := range []struct {
		name string // of the benchmark, which tells the time too
		was  float64
		run  func()
	}{
		{"Message/read", 47, read},
		{"Message/write", 20, write},
		{"KernelCell", 508, kernelCell(t)},
		{"BridgeCell", 117, bridgeCell(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run() // what is made once is made
			got, most := testing.AllocsPerRun(200, c.run), 1.5*c.was
			t.Logf("%s: %.0f allocations, at most %.0f", c.name, got, most)
			if got > most {
				t.Errorf("%.0f allocations, were %.0f", got, c.was)
			}
		})
	}
}
