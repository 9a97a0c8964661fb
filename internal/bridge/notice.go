// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// noticeText says what a request waits for.
func noticeText(n livy.Notice) string {
	text := map[livy.Reason]string{
		livy.ReasonThrottled:   "The server takes no more requests for now",
		livy.ReasonCapacity:    "There is no compute capacity free",
		livy.ReasonUnavailable: "The server is not available for now",
		livy.ReasonBudget:      "Your kernels have used up their share of requests for now",
		livy.ReasonLookUp:      "No answer came; looking up whether the request was taken",
	}[n.Reason]
	if !n.Until.IsZero() {
		text += fmt.Sprintf("; going on at %s", n.Until.Local().Format(time.TimeOnly))
	}
	if n.Message != "" {
		text += " (" + oneLine(n.Message) + ")"
	}
	return text + ". Nothing is sent twice."
}
