#!/usr/bin/env bash
# The own overhead of a card payment, measured in one run against the same calls made bare.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec cargo bench --package vezne-tests --bench overhead --locked
