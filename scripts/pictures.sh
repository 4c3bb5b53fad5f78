#!/usr/bin/env bash
# One picture of each state of each screen in both languages, both themes and three sizes, into out/ui/, for looking at.
#   scripts/pictures.sh [STATE…]     only the states whose names begin so: scripts/pictures.sh outcome bank
set -euo pipefail
cd "$(dirname "$0")/../ui"
[ -d node_modules ] || npm ci --silent
states=$(IFS=,; echo "$*")
STATES=$states npm run --silent pictures
echo "The pictures are in out/ui/."
