// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package authtest is a stand-in for Microsoft Entra's sign-in service, for
// tests of what signs in: it speaks TLS on a loopback address, or no network at
// all, and checks what the real one checks. Redirects, PKCE, scopes, secrets,
// signatures and the life of codes and tokens are all looked at, and a refusal
// looks as Entra's do.
//
// A [Person] stands in for whoever is asked to sign in.
package authtest
