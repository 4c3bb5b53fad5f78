#!/usr/bin/env bash
# Fuzzes everything that reads bytes from outside, on all cores, guided by the compiler's own counters. Adds a line a target
# to tests/fuzz/fuzz.tsv and puts the fewest inputs that reach everything into tests/fuzz/corpus.
#   MINUTES=30   how long, together      TARGET=config   only this one      SEED=7   where chance begins
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

minutes=${MINUTES:-10} seed=${SEED:-$RANDOM$RANDOM}
work=${CARGO_TARGET_DIR:-$PWD/target}/fuzz-work
table=tests/fuzz/fuzz.tsv
cores=$(nproc)

# The counters of this workspace's own code, kept in a file that can be read while the program runs (engine/coverage.rs).
wrapper=$PWD/scripts/fuzz-rustc.sh
# What is built is not to be counted.
LLVM_PROFILE_FILE=/dev/null RUSTC_WORKSPACE_WRAPPER=$wrapper cargo build --profile fuzz --locked --package vezne-fuzz --bin fuzz
fuzz=${CARGO_TARGET_DIR:-$PWD/target}/fuzz/fuzz
mkdir -p "$work/counters"
export LLVM_PROFILE_FILE=$work/counters/%p%c.profraw

mapfile -t targets < <("$fuzz" names)
if [[ -n ${TARGET:-} ]]; then targets=("$TARGET"); fi
each=$((minutes * 60 * cores / ${#targets[@]}))
((each > 0)) || each=1
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
git diff --quiet HEAD -- src-tauri 2>/dev/null || commit+=+

one() {
  local target=$1
  nice -n 15 "$fuzz" run "$target" --seconds "$each" --seed "$seed" --work "$work" >"$work/$target.out" 2>&1 || true
  nice -n 15 "$fuzz" fewest "$target" --work "$work" >>"$work/$target.out" 2>&1 || true
  rm -f "$work"/counters/*"$BASHPID"*.profraw
}
printf 'fuzz: %d targets, %d s each, %d at once, seed %s\n' "${#targets[@]}" "$each" "$cores" "$seed"
running=0
for target in "${targets[@]}"; do
  one "$target" &
  running=$((running + 1))
  if ((running >= cores)); then
    wait -n
    running=$((running - 1))
  fi
done
wait
rm -f "$work"/counters/*.profraw

[[ -f $table ]] || printf 'target\texecutions\tseconds\tcommit\tcorpus\tnew inputs\tfailures\tcounters reached\n' >"$table"
bad=0
for target in "${targets[@]}"; do
  line=$(grep -P '^fuzzed\t' "$work/$target.out" || true)
  if [[ -z $line ]]; then
    echo "fuzz: $target ended without a word (a hanging input is in $work/failures/$target)"
    tail -n 3 "$work/$target.out"
    bad=1
    continue
  fi
  awk -F '\t' -v OFS='\t' -v commit="$commit" '{ print $2, $3, $4, commit, $5, $6, $7, $8 }' <<<"$line" | tee -a "$table"
  if [[ $(cut -f 7 <<<"$line") != 0 ]]; then
    bad=1
    grep -vP '^fuzzed\t' "$work/$target.out" || true
    echo "fuzz: the inputs are in $work/failures/$target; put them into tests/fuzz/corpus/$target under a name with a hyphen"
  fi
done
exit "$bad"
