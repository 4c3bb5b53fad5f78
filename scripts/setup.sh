#!/usr/bin/env bash
# Looks for everything that building and testing need. Missing system packages are installed (Debian, Ubuntu), after
# saying so; a missing or old Rust is explained. Does nothing when everything is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly RUST_WANTED=1.90
readonly NODE_WANTED=20.19

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# at_least 1.90 1.95.0 → true
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

missing=()
# need COMMAND PACKAGE
# A program, not a word that the shell itself knows: tests start it.
need() { type -P "$1" >/dev/null || missing+=("$2"); }
# SQLite is compiled from C, and ring too.
need cc build-essential
need make make
# Tests look into a journal from outside, and end programs.
need sqlite3 sqlite3
need kill procps
need mkfifo coreutils

if [ "${#missing[@]}" -gt 0 ]; then
  if ! command -v apt-get >/dev/null 2>&1; then
    fail "missing: ${missing[*]} (by their Debian names). This script installs only on Debian and Ubuntu; please install them with your system's package manager."
  fi
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "missing: ${missing[*]}. Installing needs root: run 'apt-get install ${missing[*]}' as root."
    as_root=(sudo)
  fi
  say "installing with apt-get: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

# rustup puts its tools here; a shell that was open before does not know it yet.
if ! command -v cargo >/dev/null 2>&1 && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
  fail "Rust is installed in ${CARGO_HOME:-$HOME/.cargo}/bin, but that folder is not in PATH: run '. \"${CARGO_HOME:-$HOME/.cargo}/env\"' and try again."
fi
command -v cargo >/dev/null 2>&1 || fail "Rust is missing (at least $RUST_WANTED). Get it with rustup, see https://rustup.rs, then open a new shell."
rust_found=$(rustc --version | cut -d ' ' -f 2)
at_least "$RUST_WANTED" "$rust_found" || fail "Rust $rust_found is too old, at least $RUST_WANTED is needed: 'rustup update stable'."
for component in clippy rustfmt; do
  tool=cargo-${component/rustfmt/fmt}
  if ! command -v "$tool" >/dev/null 2>&1 || ! "$tool" --version >/dev/null 2>&1; then
    command -v rustup >/dev/null 2>&1 || fail "'$component' is missing: install your distribution's package for it, or Rust from https://rustup.rs."
    say "adding '$component' with rustup"
    rustup component add "$component" >&2
  fi
done

if ! command -v node >/dev/null 2>&1; then
  say "note: Node is not installed. Nothing needs it yet; the desk's window will (at least $NODE_WANTED)."
elif ! at_least "$NODE_WANTED" "$(node --version | tr -d v)"; then
  say "note: Node $(node --version | tr -d v) is older than $NODE_WANTED. Nothing needs it yet; the desk's window will."
fi
