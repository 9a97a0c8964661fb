# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
# Licence headers, formatting, vet, linters and a tidy module.
# Usage: lint.sh CACHE GOLANGCI@VERSION
set -eu
cache=$1 golangci=$2
unlicensed=$(git ls-files -z --cached --others --exclude-standard -- \
	'*.go' '*.py' '*.sh' '*.scala' '*.mjs' '*.yaml' '*.yml' '*.ini' '*.conf' '*Dockerfile' Makefile .ci/run |
	xargs -0 grep -L '^[#/]* SPDX-License-Identifier: Apache-2\.0$' || true)
if [ -n "$unlicensed" ]; then
	printf 'without the two SPDX lines:\n%s\n' "$unlicensed" >&2
	exit 1
fi
unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
	printf 'gofmt these files:\n%s\n' "$unformatted" >&2
	exit 1
fi
proxied=test/toxiproxy # a module of its own
go vet ./...
(cd $proxied && go vet ./...)
tool=$cache/tools/${golangci##*@}/golangci-lint
if [ ! -x "$tool" ]; then
	GOBIN=$(dirname "$tool") CGO_ENABLED=0 go install "$golangci"
fi
"$tool" run ./...
(cd $proxied && "$tool" run ./...)
go mod tidy -diff
(cd $proxied && go mod tidy -diff)
echo "lint: ok"
