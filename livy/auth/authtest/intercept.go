// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"net/http"
	"slices"
	"sync"
)

// interceptor answers one request in place of the authority.
type interceptor struct {
	mu     sync.Mutex
	used   bool
	handle func(http.ResponseWriter, *http.Request) bool
}

// answers gives i a look at a request, one at a time.
func (i *interceptor) answers(w http.ResponseWriter, r *http.Request) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.used {
		return false
	}
	i.used = i.handle(w, r)
	return i.used
}

// Intercept has handle look at each request first. When it returns true it has
// answered the request, and looks at no other one.
func (a *Authority) Intercept(handle func(http.ResponseWriter, *http.Request) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.intercept = append(slices.Clone(a.intercept), &interceptor{handle: handle})
}
