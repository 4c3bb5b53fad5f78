#!/usr/bin/env bash
# `make run`: builds an optimised desk and opens it in training mode. Without a display it starts a virtual one, plays a
# whole 3-D Secure sale in the real window, and leaves a picture of each screen in out/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/ui.sh
programs=${CARGO_TARGET_DIR:-$PWD/target}/release

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  cargo build --locked --release --package vezne
  exec "$programs/vezne" --training "$@"
fi

echo 'run: no display here, so a sale is played on a virtual one'
# The player steers the window as WebDriver does, which a packaged desk does not allow.
# `vezne-customer` stands beside it as the browser of every desk that the tests' library sets up.
cargo build --locked --release --package vezne --package vezne-tests --bin vezne --bin vezne-play --bin vezne-customer \
  --features vezne/webdriver
mkdir -p out
# Those of an earlier run: a picture that stayed would tell of a screen that is no more.
rm -f out/[0-9][0-9]-*.png
exec "$programs/vezne-play" out
