#!/bin/sh
# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
# Writes the completions of each shell into a folder. Usage: completions.sh DIR
set -eu
mkdir -p "$1"
go run ./cmd/livy-kernel completion bash >"$1/livy-kernel.bash"
go run ./cmd/livy-kernel completion zsh >"$1/_livy-kernel"
go run ./cmd/livy-kernel completion fish >"$1/livy-kernel.fish"
go run ./cmd/livy-kernel completion powershell >"$1/livy-kernel.ps1"
