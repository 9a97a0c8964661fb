// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"net/http"
)

// Basic sends a user name and a password with every request (RFC 7617).
type Basic struct {
	Username string
	Password Secret
}

// Authorize sets the Authorization header.
func (b Basic) Authorize(_ context.Context, req *http.Request) error {
	req.SetBasicAuth(b.Username, b.Password.Reveal())
	return nil
}

// Bearer sends a ready token with every request (RFC 6750).
type Bearer struct{ Token Secret }

// Authorize sets the Authorization header.
func (b Bearer) Authorize(_ context.Context, req *http.Request) error {
	req.Header.Set("Authorization", "Bearer "+b.Token.Reveal())
	return nil
}
