// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package livy is a client of the Livy REST API: interactive sessions and
// their statements.
//
// A [Client] is made for one endpoint and sends its credentials nowhere else.
// It accepts what the known servers differ in: ids as numbers or strings, any
// 2xx, states in any case, unknown fields and states.
//
// # Dialects
//
// A [Dialect] is what is left: what a body may hold, how a session is kept
// alive, how often to ask. [DialectOf] finds it by the host of the endpoint.
//
// # What is sent again
//
// Reading is: a GET that gets no answer is tried again for half a minute.
// Running code is not. [Client.Submit] sends a statement a second time only
// when nothing of the first request was written, or when the server says that
// it has refused it: after a sign-in (401), or when its time has come (429 and
// 430). Where the outcome is unknown it returns an [UncertainError], since code
// must not run twice. A [Submitter] looks up what became of it first.
//
// # Waiting
//
// [Client.WaitStatement] needs no poll when the answer to the submission
// already holds the result. Else it polls in proportion to the time waited.
// A server that counts requests does so by identity: a [Budget] shares them
// between programs, see package budget. What a call waits for can be heard with
// [WithNotice].
//
// # Time-outs
//
// Every request has its own, whatever its context: 60 s to the header of the
// answer (180 s for a new session), 60 s of silence within its body. None runs
// while the [Authorizer] asks a person.
package livy
