// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package auth holds the credentials that a Livy client sends: each type with
// an Authorize method is a livy.Authorizer. Where a password is kept is in
// [Passwords].
//
// Values that must not be seen are of type [Secret], which prints as REDACTED
// however it is printed.
package auth
