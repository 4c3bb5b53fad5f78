#!/usr/bin/env bash
# Every dependency, on every platform, may be used under one of these licences. Reads what cargo has fetched already;
# asks no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# cargo tree prints `name v1.2.3 (…)|licence` a line, with ` (*)` behind one that it came from (tests that need each other); an
# expression is read as SPDX writes it (`/` is an old `OR`).
list() {
  cargo tree --workspace --locked --offline --target all --edges normal,build,dev \
    --prefix none --no-dedupe --format '{p}|{l}' | sed 's/ (\*)$//'
}
if ! packages=$(list); then
  echo 'licences: fetching the packages of other platforms first' >&2
  cargo fetch --locked
  packages=$(list)
fi
# What the window is built from and tested with: the lock file names each licence.
window=$(node -e '
  const { packages } = require("./ui/package-lock.json");
  for (const [place, { version, license }] of Object.entries(packages))
    if (place) console.log(`${place.replace(/.*node_modules\//, "")} v${version}|${license ?? ""}`);
')
packages+=$'\n'$window

printf '%s\n' "$packages" | sort -u | awk -F '|' '
  BEGIN {
    split("MIT MIT-0 Apache-2.0 BSD-1-Clause BSD-2-Clause BSD-3-Clause ISC MPL-2.0 Zlib 0BSD Unicode-3.0 " \
          "Unicode-DFS-2016 CDLA-Permissive-2.0 OFL-1.1 Unlicense CC0-1.0 BSL-1.0", names, " ")
    for (i in names) good[names[i]] = 1
  }
  # expression := term { OR term };  term := factor { AND factor };  factor := ( expression ) | name [ WITH exception ]
  function expression(  ok, other) {
    ok = term()
    while (word[at] == "OR") { at++; other = term(); ok = ok || other }
    return ok
  }
  function term(  ok, other) {
    ok = factor()
    while (word[at] == "AND") { at++; other = factor(); ok = ok && other }
    return ok
  }
  function factor(  ok) {
    if (word[at] == "(") { at++; ok = expression(); at++; return ok }
    ok = word[at] in good
    at++
    if (word[at] == "WITH") at += 2
    return ok
  }
  NF {
    text = $2
    gsub(/\//, " OR ", text); gsub(/\(/, "( ", text); gsub(/\)/, " )", text)
    delete word
    words = split(text, word, " ")
    at = 1
    ok = expression()
    if (!words || !ok || at <= words) { printf "licences: %s: \"%s\" is not among the allowed ones\n", $1, $2; bad = 1 }
    count++
  }
  END {
    if (!count) { print "licences: nothing was read"; exit 1 }
    if (!bad) printf "licences: %d packages, all allowed\n", count
    exit bad
  }'
