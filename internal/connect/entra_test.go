// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"slices"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
)

// What the configuration takes as a flow is what the sign-in knows.
func TestFlowsOfTheConfigurationAreThoseOfTheSignIn(t *testing.T) {
	var known []string
	for _, flow := range entra.Flows() {
		known = append(known, string(flow))
	}
	if configured := config.Flows(); !slices.Equal(slices.Sorted(slices.Values(configured)), slices.Sorted(slices.Values(known))) {
		t.Errorf("the configuration takes %q, the sign-in %q", configured, known)
	}
}
