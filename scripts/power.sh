#!/usr/bin/env bash
# The power is cut at moments of real programs' lives, and every state that this may leave is opened: until STATES distinct
# ones (10,000) stand in tests/power/power.tsv for the sources as they are now. What stands there is not done again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --locked --package vezne-ctl --package vezne-tests --package vezne-power --bins
# One at a time: two would count the same states twice.
exec 9>"${CARGO_TARGET_DIR:-target}/power.lock"
flock -n 9 || { echo 'power: another run is under way' >&2; exit 1; }
exec "${CARGO_TARGET_DIR:-target}/debug/vezne-power" "${STATES:-10000}"
