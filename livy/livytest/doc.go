// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package livytest is a Livy server for the tests of clients: the protocol is
// that of package server, what the statements do is scripted, and every route
// can be made to fail in the ways that networks and gateways have.
//
//	engine := livytest.NewEngine()
//	engine.On("1+1", livytest.Text("2"))
//	srv := livytest.NewServer(engine)
//	defer srv.Close()
//	srv.Inject("POST /sessions/*/statements", livytest.ResetAfterAcceptance())
//	// Point a client at srv.URL, then look at srv.Requests and engine.Runs.
//
// # What statements do
//
// An [Engine] runs no code. [Engine.On] says for a statement's exact code which
// [Behaviour] it has: a value, an error, the death of its driver, or to run
// until the test lets it go, so that no test has to wait for time to pass.
// [Echo] answers any code, for servers that stand alone.
//
// # Faults
//
// [Server.Inject] makes the next requests that match a pattern meet a [Fault].
// The faults differ in whether the server has taken the request, which a client
// cannot see and has to be right about: [ResetBefore] and
// [ResetAfterAcceptance] look the same to it.
//
// # What happened
//
// [Server.Requests] is the journal of all requests, answered or not. That a
// client has run nothing twice shows in [Server.Submissions] beside
// [Engine.Runs].
//
// # Varieties
//
// A server speaks as Apache Livy does; [WithFabric] makes it speak as Microsoft
// Fabric does. [WithTLS], [WithBasicAuth], [WithQuota] and [WithLatency] put
// before it what stands before real ones. One that is [InMemory] works in a
// bubble of testing/synctest.
package livytest
