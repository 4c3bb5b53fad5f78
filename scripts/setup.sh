#!/usr/bin/env bash
# Looks for everything that building, running and testing need. Missing system packages are installed (Debian, Ubuntu),
# after saying so; a missing or old Rust or Node is explained. Does nothing when everything is there.
#
#   setup.sh build   what compiling needs
#   setup.sh run     and what `make run` needs (without a display: a virtual one, and a driver for the window)
#   setup.sh test    and what the tests need (a display that is not there, drivers, a browser)
#   setup.sh mutants and what `make mutants` needs
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

goal=${1:-build}
missing=()
# need COMMAND PACKAGE
# A program, not a word that the shell itself knows: tests start it.
need() { type -P "$1" >/dev/null || missing+=("$2"); }
# A library with its headers, by its pkg-config name.
need_library() { pkg-config --exists "$1" 2>/dev/null || missing+=("$2"); }

# SQLite is compiled from C, and ring too; the window is the system's WebKit.
need cc build-essential
need make make
need pkg-config pkg-config
need_library webkit2gtk-4.1 libwebkit2gtk-4.1-dev

# The real window without a real display, driven as a person would.
need_window() {
  need Xvfb xvfb
  need openbox openbox
  need dbus-daemon dbus
  need WebKitWebDriver webkit2gtk-driver
  need import imagemagick
  need xdotool xdotool
  need xprop x11-utils
}

has_browser() {
  local name
  for name in ${CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
    type -P "$name" >/dev/null && return
  done
  return 1
}

case $goal in
  build) ;;
  run)
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then need_window; fi
    ;;
  test)
    need_window
    # Tests look into a journal from outside, and end programs.
    need sqlite3 sqlite3
    # And read the PDFs of receipts.
    need pdftotext poppler-utils
    # Days on which clocks change are lived through by programs that are told another time.
    need faketime faketime
    # Every write and sync of a program is recorded, to cut the power between them (tests/power).
    need strace strace
    need kill procps
    need mkfifo coreutils
    # And put a desk's home on a disk of its own, in a namespace of its own.
    need unshare util-linux
    need nsenter util-linux
    need setpriv util-linux
    need mount mount
    if ! has_browser; then
      # On Ubuntu the name stands for a snap.
      if grep -qi '^ID=ubuntu' /etc/os-release 2>/dev/null; then missing+=(chromium-browser); else missing+=(chromium); fi
    fi
    ;;
  mutants) need jq jq ;;
  *) fail "unknown goal '$goal': build, run, test or mutants" ;;
esac

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

command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
  fail "Node with npm is missing (at least $NODE_WANTED): the window's pages are built with it. Get it from https://nodejs.org."
node_found=$(node --version | tr -d v)
at_least "$NODE_WANTED" "$node_found" || fail "Node $node_found is too old, at least $NODE_WANTED is needed: https://nodejs.org."
