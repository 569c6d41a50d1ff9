#!/usr/bin/env bash
# Fuzzes what reads strangers' bytes, with AFL++ on assemblies that SharpFuzz instrumented. tests/run --fuzz calls it.
# Usage: tests/Fuzz/run.sh [target] [seconds], without a target the two that every change must pass, at the same time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

targets=(envelope event)
[[ ${1:-} =~ ^[a-z] ]] && { targets=("$1"); shift; }
seconds=${1:-600}
data=$PWD
while [ "$data" != / ] && [ ! -d "$data/shared/data" ]; do data=$(dirname "$data"); done
data=$data/shared/data
out=$PWD/artifacts/fuzz

die() { printf 'tests/run --fuzz: %s\n' "$1" >&2; exit 1; }
command -v afl-fuzz >/dev/null || die "afl-fuzz is missing: apt-get install afl++"
[ -d "$data/badinput" ] || die "the seeds come from the folder 'shared' beside this repository, and it is not there"
[[ $seconds =~ ^[0-9]+$ ]] || die "'$seconds' is no number of seconds"

# The folder is made anew, since sharpfuzz refuses what it instrumented before.
rm -rf "$out/bin" "$out/seeds"
dotnet tool restore >/dev/null
dotnet publish tests/Fuzz -c Release -v q -o "$out/bin" || die "the build failed"
dotnet "$out/bin/ErrorHub.Fuzz.dll" seeds "$data" tests/Fixtures "$out/seeds"
# Of the targets' own assembly only what it has of the host.
for assembly in ErrorHub.Protocol ErrorHub.Core ZstdSharp "ErrorHub.Fuzz ErrorHub.Web"; do
  read -r name prefix <<<"$assembly"
  dotnet sharpfuzz "$out/bin/$name.dll" ${prefix:+"$prefix"} || die "$name could not be instrumented"
done

# No tiering: code that is compiled again while it runs makes the same input look new. The other variables are AFL++'s for a
# machine that is shared and has no terminal; it takes a second for what hangs.
export DOTNET_TieredCompilation=0 DOTNET_gcServer=0 DOTNET_gcConcurrent=0
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_HANG_TMOUT=2000

fuzz() {
  local found=$out/found/$1
  rm -rf "$found"
  mkdir -p "$found"
  # Inputs of up to 32 KB: larger ones are slow, and the unit tests have those that test the limits.
  afl-fuzz -i "$out/seeds/$1" -o "$found" -x tests/Fuzz/sentry.dict -G 32768 -t 2000 -m none -V "$seconds" \
    -- dotnet "$out/bin/ErrorHub.Fuzz.dll" "$1" >"$found/log" 2>&1 || { tail -n 20 "$found/log" >&2; return 1; }
}

statistic() { awk -F' *: *' -v name="$2" '$1 == name { print $2 }' "$out/found/$1/default/fuzzer_stats"; }

trap 'kill $(jobs -pr) 2>/dev/null || true' EXIT
started=()
for target in "${targets[@]}"; do
  [ -d "$out/seeds/$target" ] || die "there is no target '$target'; there are $(ls "$out/seeds" | xargs)"
  fuzz "$target" & started+=($!)
done

code=0
for i in "${!targets[@]}"; do
  target=${targets[$i]}
  wait "${started[$i]}" || { echo "$target: afl-fuzz failed"; code=1; continue; }
  printf '%s: %s s, %s executions, %s a second, %s paths from %s seeds, %s crashes, %s hangs\n' "$target" \
    "$(statistic "$target" run_time)" "$(statistic "$target" execs_done)" "$(statistic "$target" execs_per_sec)" \
    "$(statistic "$target" corpus_count)" "$(ls "$out/seeds/$target" | wc -l)" \
    "$(statistic "$target" saved_crashes)" "$(statistic "$target" saved_hangs)"
  for input in "$out/found/$target/default"/{crashes,hangs}/id*; do
    [ -f "$input" ] && { echo "  $input" >&2; code=1; }
  done
done

[ "$code" = 0 ] || echo "To see a finding: dotnet run --project tests/Fuzz -c Release -- TARGET < FILE" >&2
exit "$code"
