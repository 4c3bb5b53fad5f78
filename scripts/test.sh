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
step 'the window: installed, built, type-checked'
scripts/ui.sh
npm --prefix ui run --silent check
npm --prefix ui exec -- tsc --noEmit --project ui/tests
step 'licences of all dependencies'
scripts/licences.sh
step 'clippy, warnings are errors'
cargo clippy --workspace --all-targets --locked -- -D warnings
step 'programs (the whole-product tests start them)'
# The desk as it is packaged, which no driver may steer; a test starts it to see that.
cargo build --package vezne --bin vezne --locked
programs=${CARGO_TARGET_DIR:-$PWD/target}/debug
cp "$programs/vezne" "$programs/vezne-as-packaged"
# And the one that tests may steer. From here on everything is built with this feature, so that nothing is built twice.
cargo build --workspace --bins --locked --features vezne/webdriver
step 'documentation, warnings are errors'
RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked --quiet
log=$(mktemp)
trap 'rm -f "$log"' EXIT
ended=0
step 'tests of the window, by themselves and in a browser'
for name in ${CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
  if CHROMIUM=$(type -P "$name"); then break; fi
done
export CHROMIUM
NO_COLOR=1 npm --prefix ui run --silent test 2>&1 | tee -a "$log" || ended=$?
NO_COLOR=1 npm --prefix ui run --silent browser 2>&1 | tee -a "$log" || ended=$?
step 'tests'
# Whole-product tests mostly wait, for a practice bank or a deadline, so more of them run at once than there are cores.
RUST_TEST_THREADS="${RUST_TEST_THREADS:-4}" cargo test --workspace --locked --no-fail-fast --features vezne/webdriver \
  2>&1 | tee -a "$log" || ended=$?

# The closing line: what the test runners counted (cargo, vitest, playwright), added up over all their runs.
awk -v seconds="$((SECONDS - began))" -v ended="$ended" '
  /^test result:/ { passed += $4; failed += $6; ignored += $8 }
  /^ +Tests +[0-9]/ { for (i = 2; i < NF; i++) { if ($(i + 1) == "passed") passed += $i; if ($(i + 1) == "failed") failed += $i } }
  /^ +[0-9]+ passed( |$)/ { passed += $1 }
  /^ +[0-9]+ failed( |$)/ { failed += $1 }
  END {
    bad = ended || failed || !passed
    printf "\ntest result: %s. %d passed; %d failed; %d ignored; all checks in %d s\n",
      (bad ? "FAILED" : "ok"), passed, failed, ignored, seconds
    exit (bad ? 1 : 0)
  }' "$log"
