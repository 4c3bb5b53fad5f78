#!/usr/bin/env bash
# What `make torture` does, each part going on where its committed table ends, so that runs add up; only what a change
# touches is run again.
#   schedules   the real core and till in a simulated world: all pairs of faults, and schedules drawn by seeds, for MINUTES
#   kills       `kill -9` of the real programs, until 2,000 stand in the table (COUNT=; scripts/kill.sh)
#   cuts        power cuts, until 10,000 states do (STATES=; scripts/power.sh)
#
#   MINUTES=60 make torture          how long the schedules (10), and how long the kills at most
#   ONLY=schedules make torture      one part
#   JOBS=2 KIND=pairs make torture   how many processes (one a core), which schedules (pairs, seeds, pairs-finrota, …; all)
#   SEED=4711 make torture           one drawn schedule, told step by step
#   SCHEDULE='…' make torture        one schedule, as a failure printed it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly TABLE=tests/simulation/torture.tsv
if [[ -z ${ONLY:-} && -n ${SEED:-}${SCHEDULE:-}${KIND:-} ]]; then ONLY=schedules; fi
wants() { [[ ${ONLY:-$1} == "$1" ]]; }

schedules() {
  local program
  COMMIT=$(git rev-parse --short HEAD 2>/dev/null || echo '?')
  git diff --quiet HEAD -- src-tauri tests/simulation ":!$TABLE" 2>/dev/null || COMMIT+=+
  export COMMIT
  cargo build --locked --quiet --profile torture -p vezne-simulation --bin vezne-torture
  # A copy: building something else meanwhile must not pull the program away from its own processes.
  program=$(mktemp -d)
  # shellcheck disable=SC2064 # the name is known now
  trap "rm -rf '$program'" EXIT
  cp "${CARGO_TARGET_DIR:-target}/torture/vezne-torture" "$program/"
  # The real journal that stands beside one in a hundred needs no real disk: what a disk loses is the other parts' matter.
  if [[ -d /dev/shm && -w /dev/shm ]]; then export TMPDIR=/dev/shm; fi
  nice -n 19 "$program/vezne-torture" "$TABLE"
}

if wants schedules; then (schedules); fi
if wants kills; then MINUTES=${MINUTES:-10} scripts/kill.sh; fi
if wants cuts; then scripts/power.sh; fi
