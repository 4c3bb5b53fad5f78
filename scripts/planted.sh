#!/usr/bin/env bash
# Plants defects in a copy of the tree, one after the other, and sees which tests catch each. A defect that nothing
# catches fails. `make planted` tries all in tests/planted; `scripts/planted.sh NAME…` some.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly TREE=target/planted/tree
# A folder of its own: cargo takes the copy for this tree, and what is built with a defect for the product.
export CARGO_TARGET_DIR="$PWD/target/planted/target"
# `git apply` must take the copy for a tree of its own, not for a folder of this one.
export GIT_CEILING_DIRECTORIES="$PWD/target/planted"

rm -rf "$TREE"
mkdir -p "$TREE"
# With their times, so that only what a defect changes is built again.
git ls-files -z --cached --others --exclude-standard \
  | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done \
  | tar --null --files-from - --create --file - | tar --extract --file - --directory "$TREE"
# What an earlier run planted was built after these files were written: they must look newer than that.
sed -n 's|^+++ b/||p' tests/planted/*.patch | sort -u | while IFS= read -r file; do touch "$TREE/$file"; done

patches=()
if [ $# -eq 0 ]; then
  patches=(tests/planted/*.patch)
else
  for name in "$@"; do patches+=("tests/planted/$name.patch"); done
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

tests_of() { sed -n 's/^Tests: //p' "$1"; }
# try COMMAND: runs it in the copy; its output goes into the log.
# The command is words, split on purpose.
# shellcheck disable=SC2086
try() { (cd "$TREE" && nice $1 --no-fail-fast) >"$log" 2>&1; }

# A test that fails anyway catches nothing.
while read -r command; do
  printf 'planted: nothing: %s\n' "$command"
  if ! try "$command"; then
    tail -40 "$log"
    printf 'planted: this fails without any defect\n'
    exit 1
  fi
done < <(for patch in "${patches[@]}"; do tests_of "$patch"; done | sort -u)

missed=0
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  git -C "$TREE" apply "$PWD/$patch"
  caught=0
  while read -r command; do
    if try "$command"; then
      printf 'planted: %s: not caught by: %s\n' "$name" "$command"
      continue
    fi
    failed=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$log" | sort -u)
    if [ -z "$failed" ]; then
      tail -40 "$log"
      printf 'planted: %s: no test ran: does the patch still fit?\n' "$name"
      exit 1
    fi
    caught=1
    printf 'planted: %s: caught by %s tests of: %s\n' "$name" "$(wc -l <<<"$failed")" "$command"
    head -5 <<<"$failed" | sed 's/^/    /'
  done < <(tests_of "$patch")
  git -C "$TREE" apply --reverse "$PWD/$patch"
  if [ "$caught" = 0 ]; then
    printf 'planted: %s: NOT CAUGHT\n' "$name"
    missed=1
  fi
done
exit "$missed"
