// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"errors"
)

// errLinger is why a peer is closed that does not take the last messages.
var errLinger = errors.New("zmtp: the peer did not take the last messages in time")

// close stops accepting, lets what is queued reach the peers, and returns when
// all goroutines of the endpoint have ended. It waits for the peers until ctx
// ends, and lingerTime at most. A second call waits for the first.
func (e *endpoint) close(ctx context.Context) error {
	if !e.beginClose() {
		<-e.done
		return nil
	}
	err := e.listener.Close() // removes an ipc file too
	go func() {
		e.running.Wait()
		close(e.done)
	}()
	linger, cancel := context.WithTimeout(ctx, lingerTime)
	defer cancel()
	select {
	case <-e.done:
	case <-linger.Done():
		e.failPeers()
		<-e.done
	}
	return err
}

// beginClose ends the handshakes and lets no further message in. It reports
// whether this call was the first.
func (e *endpoint) beginClose() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.closed = true
	close(e.closing)
	for conn, p := range e.conns {
		if p == nil {
			_ = conn.Close()
		} else {
			p.queue.end()
		}
	}
	return true
}

func (e *endpoint) failPeers() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.conns {
		if p != nil {
			p.fail(errLinger)
		}
	}
}
