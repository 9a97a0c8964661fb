// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import "time"

// polling says when to look at a statement again: first after first, then
// after a share of the time waited so far, so that the dead time after a
// statement's end stays a fixed part of its duration.
type polling struct {
	first     time.Duration
	share     float64
	late      time.Duration // from then on
	lateShare float64
	max       time.Duration
}

// nearPolling is for servers without a quota on requests: about 270 polls for
// a statement of ten minutes.
var nearPolling = polling{
	first: 5 * time.Millisecond, share: 0.025,
	late: 5 * time.Second, lateShare: 0.05,
	max: 15 * time.Second,
}

func (p polling) pause(waited time.Duration) time.Duration {
	share := p.share
	if waited >= p.late {
		share = p.lateShare
	}
	return min(max(time.Duration(share*float64(waited)), p.first), p.max)
}
