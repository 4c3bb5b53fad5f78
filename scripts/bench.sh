#!/usr/bin/env bash
# The own overhead of a card payment, measured in one run against the same calls made bare; a page of the list, for each kind
# of search, on a million payments (PAYMENTS=, QUESTIONS=); and the export of a million in each format.
# ONLY=overhead, ONLY=search or ONLY=export runs one of the three.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${ONLY:-overhead}" = overhead ]; then cargo bench --package vezne-tests --bench overhead --locked; fi
if [ "${ONLY:-search}" = search ]; then cargo bench --package vezne-journal --bench search --locked; fi
if [ "${ONLY:-export}" = export ]; then cargo bench --package vezne-tests --bench export --locked; fi
