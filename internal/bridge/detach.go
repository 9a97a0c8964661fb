// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "github.com/livy-kernel/livy-kernel/internal/sessions"

// detachment is what a kernel needs whose sessions live in its own process,
// and can live in a server apart from it. The zero value is that of a kernel
// whose server is elsewhere, or apart by now.
type detachment struct {
	detach func()
	store  *sessions.Store // where sessions are recorded that outlive the kernel; may be nil
}

// take has the sessions that start from now on outlive the kernel.
func (d *detachment) take(b *Bridge) {
	b.store = d.store
	b.mu.Lock()
	b.lapses = true
	b.mu.Unlock()
	d.detach()
	*d = detachment{}
}

// detach has the next session live in a server apart from this process, where
// it does not do so anyway. A session that runs in the process cannot move.
func (b *Bridge) detach() error {
	if b.apart.detach == nil {
		return nil
	}
	if b.live() != nil {
		return newError("ConfigError", "this session lives in the kernel's own process and ends with it; %%session stop ends it, and after %%session keep the next one outlives the kernel"+
			` (on_shutdown = "keep" or share in the profile's kernel table has each session do so)`, nil)
	}
	b.mu.Lock()
	closer := b.closer
	b.client, b.closer = nil, nil
	b.mu.Unlock()
	b.apart.take(b)
	if closer == nil {
		return nil
	}
	if err := closer.Close(); err != nil {
		b.log.Warn("end the server in this process", "err", err)
	}
	return nil
}
