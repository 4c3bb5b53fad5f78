#!/usr/bin/env bash
# What clippy does not see: file sizes, bare `allow`s, arrows between the crates, names of somebody's machine.
# Lengths of functions and numbers of parameters are clippy's (clippy.toml).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly ABOUT=400 MOST=500
wrong=0
complain() {
  printf 'shape: %s\n' "$*"
  wrong=1
}

sources() { find src-tauri tests -name '*.rs' -not -path '*/target/*' | sort; }
# Generated files are as long as what they are generated from.
pages() {
  find ui/src ui/tests \( -name '*.ts' -o -name '*.svelte' -o -name '*.css' \) \
    -not -name bindings.ts -not -name brands.ts | sort
}

while read -r lines file; do
  if [ "$lines" -gt "$MOST" ]; then
    complain "$file has $lines lines, at most $MOST: split it by meaning"
  elif [ "$lines" -gt "$ABOUT" ]; then
    printf 'shape: note: %s has %s lines, about %s are meant\n' "$file" "$lines" "$ABOUT"
  fi
done < <({ sources; pages; } | xargs wc -l | grep -v ' total$')

# `expect` with a reason says when it is no longer needed; `allow` never does.
if found=$(sources | xargs grep -nE '#!?\[(cfg_attr\([^]]*, *)?allow\('); then
  complain "use #[expect(…, reason = \"…\")] instead of allow:"$'\n'"$found"
fi

# forbids CRATE NAME…: the crate's Cargo.toml depends on none of the names.
forbids() {
  local manifest=src-tauri/crates/$1/Cargo.toml name
  shift
  for name in "$@"; do
    if awk '/^\[/ { on = /dependencies/ } on' "$manifest" | grep -qE "^$name([-_.a-z0-9]*)? *[.=]"; then
      complain "$manifest must not depend on $name (docs/ARCHITECTURE.md)"
    fi
  done
}
# knows CRATE [NAME…]: of our own crates its Cargo.toml depends on these at most. The arrows of docs/ARCHITECTURE.md.
knows() {
  local manifest=src-tauri/crates/$1/Cargo.toml name
  shift
  while read -r name; do
    if [[ " $* " != *" $name "* ]]; then complain "$manifest must not depend on vezne-$name (docs/ARCHITECTURE.md)"; fi
  done < <(awk '/^\[/ { on = /dependencies/ } on' "$manifest" | sed -nE 's/^vezne-([a-z0-9-]+).*/\1/p')
}
arrows=(
  core memory sandbox vault # nothing of ours
  'events core' 'export core' 'gateway core' 'receipt core' 'settings core' 'till core'
  'printing core fuzz' # fuzz: for its tests
  'journal core events'
  'home core export gateway journal printing receipt settings till vault'
  'ctl core export home journal memory printing receipt sandbox settings till vault fuzz'
)
for arrow in "${arrows[@]}"; do
  # shellcheck disable=SC2086 # words, split on purpose
  knows $arrow
done
for crate in src-tauri/crates/*/; do
  crate=$(basename "$crate")
  forbids "$crate" tauri wry webkit2gtk specta
  if [[ " ${arrows[*]%% *} " != *" $crate "* ]]; then complain "no arrow says what $crate may know"; fi
done
# And of others' crates: no runtime, network, database or chance where none belongs.
forbids core tokio reqwest sqlx hyper getrandom
forbids events tokio reqwest sqlx getrandom
forbids export tokio reqwest sqlx getrandom
forbids receipt tokio reqwest sqlx getrandom
forbids settings tokio reqwest sqlx getrandom
forbids memory tokio reqwest sqlx
forbids printing reqwest sqlx getrandom
forbids gateway sqlx
forbids journal reqwest
forbids till reqwest sqlx
forbids vault reqwest sqlx
forbids home reqwest sqlx

# One file of the window knows Tauri; the others know its interface, and can be shown without it.
if found=$(grep -rlE "@tauri-apps" ui/src | grep -vE '^ui/src/ipc/(tauri|bindings)\.ts$'); then
  complain "only ui/src/ipc/tauri.ts may import @tauri-apps:"$'\n'"$found"
fi
# Foreign words are shown as text. Styles stand in files, as the window's policy demands.
if found=$(grep -rnE '\{@html|innerHTML|insertAdjacentHTML|document\.write| style="' ui/src); then
  complain "no HTML from strings, no inline styles:"$'\n'"$found"
fi

# Nothing names the machine that it was written on.
if found=$(git grep -nE '/(work|root|home/[a-z]+)/[a-z]' -- . ':!scripts/shape.sh'); then
  complain "paths of one machine:"$'\n'"$found"
fi

exit "$wrong"
