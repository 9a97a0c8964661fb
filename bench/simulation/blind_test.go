// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package simulation

import (
	"context"
	"errors"
	"net/http"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// blind is a kernel.Sink that nobody looks at.
type blind struct{}

var _ kernel.Sink = blind{}

func (blind) Stream(string, string)                       {}
func (blind) Display(kernel.Display)                      {}
func (blind) UpdateDisplay(kernel.Display)                {}
func (blind) Result(kernel.MIMEBundle, kernel.MIMEBundle) {}
func (blind) ClearOutput(bool)                            {}
func (blind) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody is asked")
}

// token signs in to every server.
type token struct{}

// Authorize implements livy.Authorizer.
func (token) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "Bearer x")
	return nil
}
