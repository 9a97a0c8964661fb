// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package entra signs in to Microsoft Entra and gives the Livy client its
// tokens. The protocols are those of MSAL for Go.
//
// A [Source] is a livy.Authorizer. It keeps one access token, renews it before
// it ends, and asks a person only where nothing else is left, by the
// auth.Prompter of the request's context. A token is only ever sent to the
// origin that the Source was made for.
//
// This package reads no environment. MSAL itself does for a managed identity:
// how that is reached is what the machine says.
package entra
