# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
# Formatting, vet, linters and a tidy module. Usage: lint.sh CACHE GOLANGCI@VERSION
set -eu
cache=$1 golangci=$2
unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
	printf 'gofmt these files:\n%s\n' "$unformatted" >&2
	exit 1
fi
go vet ./...
tool=$cache/tools/${golangci##*@}/golangci-lint
if [ ! -x "$tool" ]; then
	GOBIN=$(dirname "$tool") CGO_ENABLED=0 go install "$golangci"
fi
"$tool" run ./...
go mod tidy -diff
echo "lint: ok"
