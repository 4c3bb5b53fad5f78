#!/usr/bin/env bash
# Mutation testing of the rules of money: changes core, the events' rules and the journal's, one place at a time, and
# looks whether a test notices. A file is tested again when its code has changed; what was found adds up in
# tests/mutants/. Fails when a mutant survives that tests/mutants/survivors.md does not explain, and when a mutant is
# explained that survives no more.
#
#   mutants.sh            tests the files whose code is newer than their results
#   mutants.sh check      tests nothing: do results and explanations agree?
#
# In the environment:
#   FILES="a.rs b.rs"     of these files only (any part of a path)
#   ALL=1                 whether they have changed or not
#   SURVIVORS=1           those that survived last, again: after tests were written
#   FIRST=1               only the first and quick stage of tests; SURVIVORS=1 shows what it left to the others
#   OLDER=1               also the files whose tests have changed since
#   MINUTES=n             begins no file after n minutes; the next run goes on
#   SHARD=k/n             every n-th of the files that wait, from the k-th: for several machines, whose rows git merges
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VERSION=27.1.0
readonly RESULTS=tests/mutants/mutants.tsv MISSED=tests/mutants/missed.tsv EXPLAINED=tests/mutants/survivors.md
root=$PWD
target=${CARGO_TARGET_DIR:-$root/target}
work=$target/mutants
tool=$target/tools/bin/cargo-mutants
crates=src-tauri/crates
shopt -s inherit_errexit
export LC_ALL=C

say() { printf 'mutants: %s\n' "$*" >&2; }

# What is changed: all of core and of the events' rules, and what the journal's code decides. Its ways to the disk
# (files, locks, backups, space, migrations) belong to the tests of faults and power cuts.
examined() {
  {
    ls "$crates"/events/src/*.rs 2>/dev/null || true
    git ls-files -- "$crates/core/src" "$crates/events/src" "$crates/journal/src/tables"
    printf "$crates/journal/src/%s.rs\n" reads project writer rebuild open head list chain events projections verify
  } | grep '\.rs$' | grep -vE '/tests/|/tests\.rs$|_tests\.rs$|/table(/.*)?\.rs$|/table/' | sort -u |
    while read -r file; do if [ -e "$file" ]; then echo "$file"; fi; done
}

# What means most for money comes first.
in_order() {
  awk '
    /core\/src\/attempt/ { print 1, $0; next }
    /core\/src\/reversal/ { print 2, $0; next }
    /core\/src\/(status|guard|asking|answers|without)/ { print 3, $0; next }
    /core\/src\/money/ { print 4, $0; next }
    /events\/src/ { print 5, $0; next }
    /core\/src\/(text|card|reference|options)/ { print 6, $0; next }
    /core\/src/ { print 7, $0; next }
    { print 8, $0 }' | sort -s -k 1,1n | cut -d ' ' -f 2
}

package() { sed -E 's|^src-tauri/crates/([^/]+)/.*|vezne-\1|' <<<"$1"; }

# A file's code, without the tests that stand at its end; and these tests.
code() {
  awk '/^#\[cfg\(test\)\]$/ { held = $0; next }
    held != "" { if (/^(pub\(crate\) )?mod [a-z_]+ \{$/) exit; say(held); held = "" }
    { say($0) }
    function say(line) { if (line == "") blank = blank "\n"; else { printf "%s%s\n", blank, line; blank = "" } }' "$1"
}
inner_tests() { awk '/^#\[cfg\(test\)\]$/ { held = 1; next } held { held = 0; if (/^(pub\(crate\) )?mod [a-z_]+ \{$/) on = 1 } on' "$1"; }
short_hash() { sha256sum | cut -c 1-16; }

# Where hashes are made from: the sources at hand, or the copy of them that was tested.
from=$root
code_hash() { code "$from/$1" | short_hash; }

# The other tests that may notice a change of a package.
outer_tests() {
  local name folders=("$crates/core" "$crates/till/tests")
  case $1 in
    vezne-events | vezne-journal) folders=("$crates/events" "$crates/journal") ;;
  esac
  for name in "${folders[@]}"; do
    name=$from/$name
    if [ -d "$name" ]; then find "$name" -name '*.rs' | grep -E '/tests/|/tests\.rs$|_tests\.rs$|/table(/.*)?\.rs$' || true; fi
  done | sort
}
forget_outer() {
  rm -rf "$work/outer"
  mkdir -p "$work/outer"
}
tests_hash() {
  local of kept
  of=$(package "$1")
  # Asked for every file, and the same for all of a package.
  kept=$work/outer/$of.${from//\//_}
  if [ ! -e "$kept" ]; then outer_tests "$of" | xargs cat | short_hash >"$kept"; fi
  { inner_tests "$from/$1"; cat "$kept"; } | short_hash
}

# column FILE NUMBER: of the file's row; empty when there is none.
column() { if [ -e "$RESULTS" ]; then awk -F '\t' -v file="$1" -v n="$2" '$1 == file { print $n }' "$RESULTS"; fi; }

# The stages, each as: what is built and run. A mutant that one notices is not shown to the next.
stages() {
  case $1 in
    vezne-core) echo unit whole till ;;
    vezne-events) echo unit quick long ;;
    vezne-journal) echo quick long whole ;;
  esac
}
# The journal's tests that take longer than all its others together, without those that damage every page.
readonly LONG=(tests::work a_search_finds_what_a_walk the_closes_of_random_days)

# Sets whose tests a stage has, which of them, and how many seconds of a processor they may take. What loops forever is
# ended by that, and so noticed, however busy the machine is; what waits forever is ended after an hour.
set_stage() { # PACKAGE STAGE
  tester=$1 builds=(--lib) runs=() most=60
  case $2 in
    # Without the one that takes longer than all others together; the whole has it.
    unit) most=15 runs=(--skip most_long_booking_numbers_are_taken) ;;
    quick)
      tester=vezne-journal
      # Without the one that waits, too.
      runs=("${LONG[@]/#/--skip=}" --skip=ten_thousand_random_batches --skip=tests::pages --skip=somebody_else_keeps_waiting)
      ;;
    long) tester=vezne-journal most=180 runs=("${LONG[@]}") ;;
    whole) builds=() most=900 ;;
    till) tester=vezne-till builds=() most=180 ;;
  esac
}

# A copy, so that the sources can be worked on meanwhile. All of it is built anew: nobody knows where the last run ended.
copy_sources() {
  rm -rf "$work/tree"
  mkdir -p "$work/tree"
  git ls-files -z --cached --others --exclude-standard -- Cargo.toml Cargo.lock clippy.toml tauri.conf.json .cargo src-tauri tests |
    xargs -0 sh -c 'for f do [ -e "$f" ] && printf "%s\0" "$f"; done' sh | xargs -0 cp -p --parents -t "$work/tree"
  find "$work/tree/$crates" -name '*.rs' -exec touch {} +
}

in_tree() (
  cd "$work/tree"
  # Few cases, and always the same: a mutant is noticed for certain or not at all.
  export CARGO_TARGET_DIR=$work/build PROPTEST_CASES=64 PROPTEST_RNG_SEED=1 SEQUENCES="${SEQUENCES:-4000}" RUST_BACKTRACE=0
  if [ -n "${cpu:-}" ]; then
    host=$(rustc -vV | sed -n 's/^host: //p')
    export "CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$host")_RUNNER=prlimit --cpu=$cpu --core=0"
  fi
  nice -n 10 "$@"
)

declare -A sound=()
# Once for each stage: what notices everything notices nothing. In half of the time that a mutant has, so that a busy
# machine is not taken for a notice.
must_pass() {
  local tester builds runs most
  [ -n "${sound[$1 $2]:-}" ] && return
  set_stage "$1" "$2"
  if ! cpu=$((most / 2)) in_tree cargo test --profile mutants --quiet --package "$tester" "${builds[@]}" -- "${runs[@]}" >"$work/unchanged.log" 2>&1; then
    say "the tests fail without any change ($1, $2): see $work/unchanged.log"
    exit 1
  fi
  sound[$1 $2]=1
}

# stage FILE STAGE [NAME…]: shows the file's mutants, or those named, to one stage's tests. Leaves outcomes.json.
stage() {
  local file=$1 name=$2 of out filters=() tester builds runs most ended=0
  of=$(package "$file")
  out=$work/out/$file/$name
  shift 2
  must_pass "$of" "$name"
  rm -rf "$out"
  mkdir -p "$out"
  local mutant
  for mutant; do filters+=(-F "^$(sed 's/[][\.*^$(){}?+|/]/\\&/g' <<<"$mutant")\$"); done
  set_stage "$of" "$name"
  cpu=$most in_tree "$tool" mutants --in-place --profile mutants --package "$of" --file "$file" "${filters[@]}" --baseline skip \
    --timeout 3600 --build-timeout 3600 --cap-lints true --no-shuffle --output "$out" --colors never --level error \
    --test-package "$tester" "${builds[@]/#/-C=}" -- -- "${runs[@]}" >"$out/said.log" 2>&1 || ended=$?
  case $ended in
    0 | 2 | 3) ;;
    *)
      say "cargo-mutants ended with $ended: see $out/said.log"
      exit 1
      ;;
  esac
  # The tool shows deleted fields whichever names it is given.
  if [ "$#" -gt 0 ]; then
    jq --args '.outcomes |= map(select(.scenario | type == "object" and (.Mutant.name | IN($ARGS.positional[]))))' "$@" \
      <"$out/mutants.out/outcomes.json" >"$out/named.json"
    mv "$out/named.json" "$out/mutants.out/outcomes.json"
  fi
}

# The mutants of a stage with one of these outcomes, by their names with their places.
with_outcome() { # FILE STAGE OUTCOME…
  local file=$1 name=$2
  shift 2
  jq -r --args '.outcomes[] | select(.scenario != "Baseline") | select([.summary] | inside($ARGS.positional)) | .scenario.Mutant.name' \
    "$@" <"$work/out/$file/$name/mutants.out/outcomes.json"
}

# What a mutant is called in the lists: without its place, which moves; with its number among those of the same name.
called() { # FILE, names with places on stdin → names for the lists
  jq -R -r -s --slurpfile all "$work/out/$1/all.json" '
    ([$all[0][] | .name] | sort_by(capture(":(?<l>[0-9]+):(?<c>[0-9]+): ") | [(.l | tonumber), (.c | tonumber)])) as $names
    | def plain: sub("^[^ ]+:[0-9]+:[0-9]+: "; "");
    split("\n")[] | select(. != "") | . as $name
    | [$names[] | select(plain == ($name | plain))] as $same
    | ($name | plain) + (if ($same | length) > 1 then " #\(($same | index($name)) + 1)" else "" end)'
}

# Puts the file's rows in a table in the place of its old ones.
put() { # TABLE FILE, rows on stdin
  local rows
  rows=$(mktemp)
  {
    # Two runs with target folders of their own may write at once.
    flock 8
    { awk -F '\t' -v file="$2" '$1 != file' "$1"; cat; } | sort >"$rows"
    cat "$rows" >"$1"
  } 8<"$1"
  rm "$rows"
}

test_file() {
  local file=$1 of name again=("${@:2}") began=$SECONDS missed=() total caught timeouts unviable late first
  of=$(package "$file")
  mkdir -p "$work/out/$file"
  (cd "$work/tree" && "$tool" mutants --list --json --package "$of" --file "$file") >"$work/out/$file/all.json"
  total=$(jq length "$work/out/$file/all.json")
  caught=0 timeouts=0 unviable=0
  if [ "${#again[@]}" -gt 0 ]; then
    # The others were noticed, and tests have only been added.
    caught=$(($(column "$file" 5))) timeouts=$(($(column "$file" 6))) unviable=$(($(column "$file" 7)))
    late=$(($(column "$file" 9)))
    mapfile -t missed < <(
      while read -r mutant; do
        if grep -qxF -- "$(called "$file" <<<"$mutant")" <(printf '%s\n' "${again[@]}"); then echo "$mutant"; fi
      done < <(jq -r '.[].name' "$work/out/$file/all.json")
    )
  else
    late=0
  fi
  first=$(stages "$of" | cut -d ' ' -f 1)
  for name in $(if [ -n "${FIRST:-}" ]; then echo "$first"; else stages "$of"; fi); do
    [ "$total" -eq 0 ] && break
    if [ "$name" != "$first" ] || [ "${#again[@]}" -gt 0 ]; then [ "${#missed[@]}" -eq 0 ] && break; fi
    stage "$file" "$name" "${missed[@]}"
    caught=$((caught + $(with_outcome "$file" "$name" CaughtMutant | wc -l)))
    timeouts=$((timeouts + $(with_outcome "$file" "$name" Timeout | wc -l)))
    if [ "$name" = "$first" ]; then unviable=$((unviable + $(with_outcome "$file" "$name" Unviable | wc -l))); fi
    mapfile -t missed < <(with_outcome "$file" "$name" MissedMutant)
  done
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$file" "$(from=$work/tree code_hash "$file")" "$(from=$work/tree tests_hash "$file")" "$total" \
    "$caught" "$timeouts" "$unviable" "${#missed[@]}" "$((late + SECONDS - began))" "$(git rev-parse --short=10 HEAD)" \
    "$(date -u +%Y-%m-%d)" | put "$RESULTS" "$file"
  { [ "${#missed[@]}" -eq 0 ] || printf '%s\n' "${missed[@]}" | called "$file" | sed "s|^|$file\t|"; } | put "$MISSED" "$file"
  say "$(printf '%s: %d mutants: %d noticed, %d by a time-out, %d do not compile, %d survive; %d s' "$file" "$total" \
    "$caught" "$timeouts" "$unviable" "${#missed[@]}" "$((SECONDS - began))")"
}

# The files that wait for a run.
waiting() {
  local file
  in_order <"$work/examined" | if [ -n "${FILES:-}" ]; then grep -F "${FILES// /$'\n'}" || true; else cat; fi |
    while read -r file; do
      if [ -n "${SURVIVORS:-}" ] && [ "$(column "$file" 2)" = "$(code_hash "$file")" ]; then
        if [ "$(column "$file" 8)" != 0 ]; then echo "$file"; fi
      elif [ -n "${ALL:-}" ] || [ "$(column "$file" 2)" != "$(code_hash "$file")" ]; then
        echo "$file"
      elif [ -n "${OLDER:-}" ] && [ "$(column "$file" 3)" != "$(tests_hash "$file")" ]; then
        echo "$file"
      fi
    done
}

# Results and explanations: says what does not agree, and fails then.
check() {
  local file wrong=0 kind line older=()
  forget_outer
  while read -r file; do
    if [ -z "$(column "$file" 2)" ]; then
      say "note: not tested yet: $file"
    elif [ "$(column "$file" 2)" != "$(code_hash "$file")" ]; then
      say "note: changed since it was tested: $file"
    elif [ "$(column "$file" 3)" != "$(tests_hash "$file")" ]; then
      older+=("${file#"$crates/"}")
    fi
  done <"$work/examined"
  if [ "${#older[@]}" -gt 0 ]; then say "note: tested with older tests (OLDER=1 tests again): ${older[*]}"; fi
  while IFS= read -r file; do
    if ! grep -qxF -- "$file" "$work/examined"; then
      say "$file is gone: its rows are taken out"
      put "$RESULTS" "$file" </dev/null
      put "$MISSED" "$file" </dev/null
    fi
  done < <(cut -f 1 "$RESULTS")
  while IFS= read -r line; do
    kind=${line%%|*} line=${line#*|}
    wrong=1
    say "$kind: ${line/$'\t'/: }"
  done < <(
    # "## file", then "- `mutant`: why"
    awk -F '`' '/^## / { file = $2; next } /^- `/ { if ($3 ~ /^: *[^ ]/) print file "\t" $2 }' "$EXPLAINED" | sort >"$work/explained"
    comm -23 "$MISSED" "$work/explained" | sed 's/^/survives without an explanation|/'
    comm -13 "$MISSED" "$work/explained" | sed 's/^/is explained and survives no more|/'
  )
  awk -F '\t' '{ n += $4; c += $5; t += $6; u += $7; m += $8; s += $9 }
    END { printf "mutants: %d in %d files: %d noticed, %d by a time-out, %d do not compile, %d survive; %.1f h of testing\n", n, NR, c, t, u, m, s / 3600 }' "$RESULTS"
  return "$wrong"
}

mkdir -p "$work" tests/mutants
touch "$RESULTS" "$MISSED" "$EXPLAINED"
examined >"$work/examined"
forget_outer
if [ "${1:-}" = check ]; then
  check
  exit
fi
command -v jq >/dev/null || { say "jq is missing: setup.sh mutants installs it"; exit 1; }
exec 9>"$work/lock"
flock -n 9 || { say "another run is under way"; exit 1; }
if [ "$("$tool" mutants --version 2>/dev/null)" != "cargo-mutants $VERSION" ]; then
  cargo install --locked cargo-mutants --version "$VERSION" --root "$target/tools"
fi
mapfile -t files < <(waiting | if [ -n "${SHARD:-}" ]; then awk -v k="${SHARD%/*}" -v n="${SHARD#*/}" 'NR % n == k % n'; else cat; fi)
say "${#files[@]} files wait"
if [ "${#files[@]}" -gt 0 ]; then copy_sources; fi
for file in "${files[@]}"; do
  if [ -n "${MINUTES:-}" ] && [ "$SECONDS" -ge "$((MINUTES * 60))" ]; then
    say "the time is over; the next run goes on"
    break
  fi
  # Another run, with a target folder of its own, may have been there meanwhile.
  if [ -z "${ALL:-}${OLDER:-}${SURVIVORS:-}" ] && [ "$(column "$file" 2)" = "$(from=$work/tree code_hash "$file")" ]; then continue; fi
  again=()
  if [ -n "${SURVIVORS:-}" ] && [ "$(column "$file" 2)" = "$(code_hash "$file")" ]; then
    mapfile -t again < <(awk -F '\t' -v file="$file" '$1 == file { print $2 }' "$MISSED")
  fi
  test_file "$file" "${again[@]}"
done
check
