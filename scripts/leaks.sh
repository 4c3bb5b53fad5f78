#!/usr/bin/env bash
# Plays a sale of every kind in the real desk with real keys, and prints what is left of each card: in the memory of every
# process a few seconds after it, on the disk, in arguments and environments. Cards are also repeated by a gateway, a bank and a
# return, and typed where none belongs. About seven minutes, two of them the time in which a declined card may be used again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh test
scripts/ui.sh
programs=${CARGO_TARGET_DIR:-$PWD/target}/debug
cargo build --locked --workspace --bins --features vezne/webdriver
exec "$programs/vezne-leaks"
