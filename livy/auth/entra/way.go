// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
)

// way notes how far a request came.
type way struct {
	mu sync.Mutex
	at string
}

// The phases of an auth.UnreachableError, in words that livy uses too.
const (
	phaseDNS     = "DNS"
	phaseTCP     = "TCP"
	phaseProxy   = "proxy"
	phaseTLS     = "TLS"
	phaseTimeout = "time-out"
	phaseHTTP    = "HTTP"
)

func (w *way) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:     func(httptrace.DNSStartInfo) { w.enter(phaseDNS) },
		ConnectStart: func(string, string) { w.enter(phaseTCP) },
		ConnectDone: func(_, _ string, err error) {
			if err == nil {
				w.enter(phaseProxy) // until TLS starts, only a proxy is spoken with
			}
		},
		TLSHandshakeStart: func() { w.enter(phaseTLS) },
		GotConn:           func(httptrace.GotConnInfo) { w.enter(phaseHTTP) },
	}
}

func (w *way) enter(phase string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = phase
}

func (w *way) phase(err error) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var operation *net.OpError
	if errors.As(err, &operation) {
		switch operation.Op {
		case "proxyconnect":
			return phaseProxy
		case "remote error": // a TLS alert, which may come late
			return phaseTLS
		}
	}
	if (w.at == phaseHTTP || w.at == "") && errors.Is(err, context.DeadlineExceeded) {
		return phaseTimeout
	}
	return or(w.at, phaseHTTP)
}
