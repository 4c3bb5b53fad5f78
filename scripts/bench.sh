#!/usr/bin/env bash
# Three measures, of which ONLY=overhead, ONLY=search or ONLY=export runs one:
#   overhead   the own overhead of a card payment, in one run against the same calls made bare (SALES=300)
#   search     a page of the list, for each kind of search, on a million payments (PAYMENTS=1000000, QUESTIONS=200 of each
#              kind; KEEP=FILE keeps the journal)
#   export     the first day close of a journal of a million payments, and their export in each format (PAYMENTS=1000000;
#              WRITTEN=2000 of them are written through the journal and the others copied; with all of them written, the
#              check of the whole journal is measured too)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${ONLY:-overhead}" = overhead ]; then cargo bench --package vezne-tests --bench overhead --locked; fi
if [ "${ONLY:-search}" = search ]; then cargo bench --package vezne-journal --bench search --locked; fi
if [ "${ONLY:-export}" = export ]; then cargo bench --package vezne-tests --bench export --locked; fi
