// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package tokencache keeps what MSAL caches, tokens among it, for the kernels
// of one user, now and after a restart.
//
// The cache is a file that is encrypted with a key from the system's keyring,
// or on Linux from the kernel's user keyring, which lasts until the machine is
// restarted. Where there is neither, it is kept in memory. A file in clear is
// made only where [PlainFile] asks for one.
//
// MSAL loads the whole cache, changes it and stores it, and leaves it to the
// application that no other process does so meanwhile. [Cache.Begin] does: from
// the first load on, until its call has ended, nobody else gets at the cache.
package tokencache
