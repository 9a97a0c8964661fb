// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package display brings rich output through the one channel that every Livy
// has: the text that a statement prints.
//
// A helper, sent to the session's interpreter once, gives the user display and
// its kin. It prints each output as a frame: the nonce of the session, which
// the user's text cannot hold by chance, a line of JSON and a newline. [Parse]
// takes such a text apart again. The helper needs nothing but Python 3.7, and
// does nothing for a library before it is imported.
package display
