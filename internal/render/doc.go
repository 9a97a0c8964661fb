// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package render turns the output of a Livy statement into what a notebook
// shows: printed text, MIME bundles and error messages.
//
// What the user's own code displays is passed on as it is. What is built here
// (tables, notes, error texts) is escaped, since data flows into it.
package render
