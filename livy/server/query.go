// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// number parses a parameter as Apache Livy's servlet does: a 32-bit decimal.
func number(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("For input string: %q", text) //nolint:staticcheck // Java's words, as the real server sends them.
	}
	return n, nil
}

// paging reads the query parameters from and size, which may be missing.
func paging(query url.Values, from, size int64) (int64, int64, error) {
	var err error
	if query.Has("from") {
		if from, err = number(query.Get("from")); err != nil {
			return 0, 0, err
		}
	}
	if query.Has("size") {
		if size, err = number(query.Get("size")); err != nil {
			return 0, 0, err
		}
	}
	return from, size, nil
}

// statementID reads the statement's id in the path.
func statementID(r *http.Request) (int64, error) { return number(r.PathValue("statement")) }
