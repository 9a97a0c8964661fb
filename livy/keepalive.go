// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"net/http"
)

const opKeepAlive = "keep session alive"

// KeepAlive counts as activity of the session to the server's idle clock,
// which reading the session or a statement is not. On Apache Livy that is POST
// /sessions/{id}/connect, on Fabric POST /sessions/{id}/reset-timeout.
func (c *Client) KeepAlive(ctx context.Context, id SessionID) error {
	p, err := sessionPath(id)
	if err != nil {
		return err
	}
	_, err = c.send(ctx, request{op: opKeepAlive, method: http.MethodPost, path: p + "/" + c.traits.keepAlive, body: struct{}{}, again: true}, new(attempt))
	return err
}
