// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// maxTries and maxPause bound how a service that is busy is asked again.
const (
	maxTries = 3
	maxPause = 10 * time.Second
)

// busy reports whether an answer, or the lack of one, may pass by itself.
func busy(resp *http.Response, err error) bool {
	if err != nil {
		var unreachable *auth.UnreachableError
		return errors.As(err, &unreachable) && unreachable.Temporary()
	}
	return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError
}

func retryAfter(resp *http.Response, tries int) time.Duration {
	wait := time.Duration(tries) * time.Second
	if resp != nil {
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
			wait = time.Duration(min(seconds, int(maxPause/time.Second))) * time.Second
		}
	}
	return wait
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
