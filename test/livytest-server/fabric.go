// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// fabric describes a server in Fabric's dialect. tokens names a file, or is
// empty for taking every token.
func fabric(tokens string, queued int, fallback string) livytest.Fabric {
	f := livytest.Fabric{}
	if tokens != "" {
		f.Token = func(token string) error { return checkToken(tokens, token) }
	}
	for range queued {
		f.Phases = append(f.Phases, livytest.FabricPhase{State: "not_submitted", Fabric: "queued", Scheduler: "Queued"})
	}
	f.Phases = append(f.Phases, livytest.DefaultPhases()...)
	if fallback != "" {
		f.FallbackReasons = []string{fallback}
	}
	return f
}

var errUnknownToken = errors.New("the access token is not one that was issued")

// checkToken looks for token among the lines of a file.
func checkToken(name, token string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the tokens: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if subtle.ConstantTimeCompare([]byte(strings.TrimSpace(line)), []byte(token)) == 1 {
			return nil
		}
	}
	return errUnknownToken
}
