# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target of the module for a while. Usage: fuzz.sh DURATION
set -eu
duration=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# fuzz runs one target. On a busy machine Go may take the end of the duration
# for a failure of the target: such a run has no failing input, and is repeated.
fuzz() {
	for try in 1 2 3; do
		echo "fuzz $1 $2"
		if go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "$duration" </dev/null >"$log" 2>&1; then
			cat "$log"
			return
		fi
		cat "$log"
		grep -q '^    context deadline exceeded$' "$log" && ! grep -q 'Failing input' "$log" || exit 1
	done
	exit 1
}

grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r dir; do
	grep -ho '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go | sed 's/^func //' | while read -r target; do
		fuzz "$dir" "$target"
	done
done
