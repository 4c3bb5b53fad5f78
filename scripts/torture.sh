#!/usr/bin/env bash
# Runs schedules by the thousand against the real core and till in a simulated world: all pairs of faults, and schedules
# drawn by seeds. Every run goes on where the table ends; only what a change touches is run again.
#   MINUTES=60 make torture          how long (10)
#   JOBS=2 KIND=pairs make torture   how many processes (one a core), which kind (pairs and seeds)
#   SEED=4711 make torture           one drawn schedule, told step by step
#   SCHEDULE='…' make torture        one schedule, as a failure printed it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

COMMIT=$(git rev-parse --short HEAD 2>/dev/null || echo '?')
git diff --quiet HEAD -- src-tauri tests/simulation ':!tests/simulation/torture.tsv' 2>/dev/null || COMMIT+=+
export COMMIT
cargo build --quiet --profile torture -p vezne-simulation --bin vezne-torture
# A copy: building something else meanwhile must not pull the program away from its own processes.
program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
cp "${CARGO_TARGET_DIR:-target}/torture/vezne-torture" "$program/"
nice "$program/vezne-torture" tests/simulation/torture.tsv
