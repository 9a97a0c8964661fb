// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// localPatience is for how long a server on this machine may be out of reach;
// there is no network that could be away.
const localPatience = 30 * time.Second

// lostAfter reports whether the session is lost when the server has been out of
// reach for so long. Where a heartbeat has ended it by then it is; elsewhere
// the server tells when it is back.
func (b *Bridge) lostAfter(s *session, away time.Duration) bool {
	if b.profile.Local() {
		return away > localPatience
	}
	return s.heartbeat > 0 && away > s.heartbeat
}

// serverEnded reports whether err says that the process of the server on this
// machine has ended: nothing listens where it did.
func (b *Bridge) serverEnded(err error) bool {
	var transport *livy.TransportError
	return b.profile.Local() && errors.As(err, &transport) && transport.Phase == livy.PhaseTCP
}

// troublePause is the pause after a series of failures, of which each has taken
// its time already.
const troublePause = time.Second

// follow waits for the statement's end. It outlives a gap in the network, the
// machine's sleep and a server that recovers: the code goes on there.
func (b *Bridge) follow(ctx context.Context, s *session, x *execution) (livy.Statement, error) {
	stmt := x.stmt
	for {
		waiting, renew := context.WithCancel(ctx)
		x.mu.Lock()
		x.renew = renew
		x.mu.Unlock()
		now, err := s.client.WaitStatement(waiting, s.address, stmt, x.observe)
		renewed := waiting.Err() != nil
		renew()
		switch {
		case err == nil:
			return now, nil
		case ctx.Err() != nil:
			return now, err
		case renewed:
			continue
		case !passing(err) && !s.recovers(ctx):
			return now, err
		}
		if away := x.failed(err); b.lostAfter(s, away) {
			return now, &livy.SessionLostError{State: "out of reach for " + livy.SessionState(away.Round(time.Second).String())}
		}
		if !sleep(ctx, troublePause) {
			return now, err
		}
	}
}

// failed notes that the server is out of reach, and returns for how long.
func (x *execution) failed(err error) time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.trouble == nil {
		x.since = time.Now()
	}
	x.trouble = err
	return time.Since(x.since)
}

// lookAgain has the statement asked for at once, over new connections: those
// of before a sleep are dead.
func (x *execution) lookAgain(s *session) {
	s.client.CloseIdleConnections()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.renew != nil {
		x.renew()
	}
}

// passing reports whether a failure to ask for a statement may pass.
func passing(err error) bool {
	var transport *livy.TransportError
	var silent *auth.UnreachableError
	var api *livy.APIError
	if errors.As(err, &api) {
		switch api.StatusCode {
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests:
			return true
		}
		return false
	}
	return errors.As(err, &transport) || errors.As(err, &silent) && silent.Temporary()
}

// recovers reports whether the server is finding its sessions again after a
// restart.
func (s *session) recovers(ctx context.Context) bool {
	now, err := s.client.Session(ctx, s.address)
	return err == nil && (now.State == livy.SessionRecovering || now.State == livy.SessionStarting)
}
