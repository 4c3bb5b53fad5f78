#!/usr/bin/env bash
# The own overhead of a card payment, measured in one run against the same calls made bare; and a page of the list, for each
# kind of search, on a million payments (PAYMENTS=, QUESTIONS=). ONLY=overhead or ONLY=search runs one of the two.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${ONLY:-overhead}" = overhead ]; then cargo bench --package vezne-tests --bench overhead --locked; fi
if [ "${ONLY:-search}" = search ]; then cargo bench --package vezne-journal --bench search --locked; fi
