#!/usr/bin/env bash
# Every check and test, quick ones first. `make test` and .ci/run come here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '\n== %s\n' "$*"; }
began=$SECONDS

step 'formatting'
cargo fmt --all --check
step 'shape of the code'
scripts/shape.sh
step 'licences of all dependencies'
scripts/licences.sh
step 'clippy, warnings are errors'
cargo clippy --workspace --all-targets --locked -- -D warnings
step 'programs (the whole-product tests start them)'
cargo build --workspace --bins --locked
step 'documentation, warnings are errors'
RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked --quiet
step 'tests'
# Whole-product tests mostly wait, for a practice bank or a deadline, so more of them run at once than there are cores.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
ended=0
RUST_TEST_THREADS="${RUST_TEST_THREADS:-4}" cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$log" || ended=$?

# The closing line: what the test runner counted, added up over all its runs.
awk -v seconds="$((SECONDS - began))" -v ended="$ended" '
  /^test result:/ { passed += $4; failed += $6; ignored += $8 }
  END {
    bad = ended || failed || !passed
    printf "\ntest result: %s. %d passed; %d failed; %d ignored; all checks in %d s\n",
      (bad ? "FAILED" : "ok"), passed, failed, ignored, seconds
    exit (bad ? 1 : 0)
  }' "$log"
