#!/usr/bin/env bash
# Builds the window's pages into ui/dist, from where the desk takes them in when it is compiled. Quick when nothing changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../ui"

# What was installed last, and what was built last, by the sums of what they were made from.
sum() { cat "$@" | sha256sum | cut -d ' ' -f 1; }
lock=$(sum package.json package-lock.json)
if [ "$(cat node_modules/.lock-sum 2>/dev/null || true)" != "$lock" ]; then
  npm ci --no-audit --no-fund --loglevel=error
  echo "$lock" >node_modules/.lock-sum
fi
mapfile -t inputs < <(find . \( -name .built-sum -o -name node_modules -o -name dist -o -name dist-fake -o -name tests -o -name test-results \) -prune -o -type f -print | LC_ALL=C sort)
pages=$(sum "${inputs[@]}")
if [ "$(cat .built-sum 2>/dev/null || true)" != "$pages" ] || [ ! -f dist/index.html ]; then
  npm run --silent build
  echo "$pages" >.built-sum
fi
