// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package kernelspec makes and installs the folders by which Jupyter clients
// know a kernel: kernel.json and its logos. A kernelspec stands for one profile
// of livy-kernel and one language.
//
// # Where they lie
//
// Clients look below several data folders, in each in kernels/NAME. [UserDir] is
// that of a user, [PrefixDir] that of a prefix such as a virtual environment,
// whose prefix [SysPrefix] finds. Which environment there is, is passed in: the
// package reads none.
//
// # What is promised
//
// [Install] writes a kernelspec whole or not at all, and [InstallAll] several;
// they replace and [Remove]
// removes only what this program has made ([ErrForeign]), and goes through no
// folder that somebody else could change ([ErrUnsafe]). [StableBinary] chooses a
// path for the program that lasts through its updates. Nothing secret is ever
// written: a kernelspec can be read by everybody on the machine.
package kernelspec
