# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
# Profiles the hot paths, one after the other. Usage: profile.sh DIR
set -eu
dir=$1
mkdir -p "$dir"
go test -c -o "$dir/hotpath.test" ./bench/hotpath
run() { # a benchmark and its flags; the profile of allocations would show up in that of the processor
	name=$1
	shift
	"$dir/hotpath.test" -test.run '^$' -test.bench "^Benchmark$name\$" -test.benchtime 2s "$@"
}
for path in Message KernelCell BridgeCell; do
	run $path -test.cpuprofile "$dir/$path.cpu"
	run $path -test.memprofilerate 512 -test.memprofile "$dir/$path.mem" >/dev/null
	for kind in cpu mem; do
		echo "== $path, $kind"
		go tool pprof -top -nodecount 12 "$dir/hotpath.test" "$dir/$path.$kind" 2>/dev/null | tail -n +4
	done
done
echo "The profiles are in $dir: go tool pprof -http : $dir/hotpath.test $dir/KernelCell.cpu"
