#!/bin/sh
# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
# Compiles and vets everything, tests too, for each platform of a release, and
# links the program.
set -eu
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do
	export GOOS=${target%/*} GOARCH=${target#*/} CGO_ENABLED=0
	go vet ./...
	go build -trimpath -o "$out/" ./cmd/livy-kernel ./examples/echo-kernel
	echo "cross: $target ok"
done
