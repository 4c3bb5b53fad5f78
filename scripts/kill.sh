#!/usr/bin/env bash
# `kill -9` at random and at chosen moments of real payments by veznectl and by the desk; after each restart journal and
# ledger must agree. `make torture` comes here.
#
#   scripts/kill.sh                     until tests/kill.tsv has 2000 kills for the sources as they are; then it has nothing to do
#   COUNT=5000 MINUTES=30 scripts/kill.sh     another number, and no longer than this (what was done stays in the table)
#   KIND=finrota-page SEED=17 scripts/kill.sh     one case again, as a violation prints it; the table is left alone
#   JOBS=2                              homes side by side
#   DESK=no                             without the kind that needs the desk's window (no Xvfb here)
#
# A change of the sources makes those kinds run again that it touches: see the groups below.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The content of everything that a group of kinds stands on, tests and words for people left out.
crates=src-tauri/crates
fingerprint() {
  find "$@" Cargo.lock -type f \( -name '*.rs' -o -name '*.sql' -o -name '*.toml' -o -name '*.ts' -o -name '*.svelte' -o -name Cargo.lock \) \
    ! -path '*/tests/*' ! -name '*_tests.rs' ! -path '*/node_modules/*' ! -path '*/dist/*' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12
}
shared=("$crates"/{core,till,journal,vault,settings,home,sandbox}/src "$crates/journal/migrations" "$crates"/gateway/src/*.rs
  "$crates/gateway/src/errors" tests/src/kill/{books,dice,drill,kind,moment,oracle,plan,rules,stand,trap,victim,wire}.rs)
finrota=$(fingerprint "${shared[@]}" "$crates"/{ctl/src,gateway/src/finrota})
yolcu360=$(fingerprint "${shared[@]}" "$crates"/{ctl/src,gateway/src/yolcu360})
desk=$(fingerprint "${shared[@]}" "$crates"/{ctl/src,gateway/src/finrota} src-tauri/src ui/src tests/src/kill/window.rs)

target=${CARGO_TARGET_DIR:-$PWD/target}/debug
cargo build --locked --quiet --package vezne-ctl --package vezne-tests --bins
programs=(veznectl vezne-customer vezne-kill)
if [[ ${DESK:-yes} != no ]]; then
  cargo build --locked --quiet --package vezne --bin vezne --features vezne/webdriver
  programs+=(vezne)
fi
# Copies, so that a build that goes on beside a long run changes nothing under it.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for program in "${programs[@]}"; do cp "$target/$program" "$folder/"; done

SOURCES="finrota=$finrota yolcu360=$yolcu360 desk=$desk" COMMIT=$(git rev-parse --short HEAD 2>/dev/null || echo -) \
  TABLE=${TABLE:-tests/kill.tsv} "$folder/vezne-kill"
