// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package livy is a client of the Livy REST API: interactive sessions and
// their statements.
//
// A [Client] is made for one endpoint and sends its credentials nowhere else.
// It accepts what the known servers differ in: ids as numbers or strings, any
// 2xx, states in any case, unknown fields and states.
//
// # What is sent again
//
// Reading is: a GET that gets no answer is tried again for half a minute.
// Running code is not. [Client.Submit] sends a statement a second time only
// when nothing of the first request was written; where the outcome is unknown
// it returns an [UncertainError], since code must not run twice.
//
// # Waiting
//
// [Client.WaitStatement] needs no poll when the answer to the submission
// already holds the result. Else it polls in proportion to the time waited.
//
// # Time-outs
//
// Every request has its own, whatever its context: 60 s to the header of the
// answer (180 s for a new session), 60 s of silence within its body.
package livy
