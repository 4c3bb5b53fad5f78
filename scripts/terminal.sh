#!/usr/bin/env bash
# `make terminal`: plays sales in the terminal, with `veznectl`, against the practice gateways. Everything lives
# in a folder of its own and is gone afterwards. A scripted customer stands at the practice bank; with a display and
# VEZNE_OWN_BROWSER=1 it is your own browser (the practice bank shows its code).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo build --locked --quiet --package vezne-ctl --package vezne-tests --bins
programs=${CARGO_TARGET_DIR:-$PWD/target}/debug

folder=$(mktemp -d)
sandbox=
clean() {
  if [ -n "$sandbox" ]; then
    kill "$sandbox" 2>/dev/null || true
    wait "$sandbox" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap clean EXIT
trap 'exit 130' INT TERM

# Only what the play needs: no keychain, no other home.
export VEZNE_HOME=$folder/home VEZNE_NO_KEYCHAIN=1 CUSTOMER_LOG=$folder/customer.log
ln -s "$programs/vezne-customer" "$folder/customer"
if [ "${VEZNE_OWN_BROWSER:-}" = 1 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo 'The bank opens in your own browser: type the code that it shows.'
else
  export BROWSER=$folder/customer
fi

# Practice cards, as --card-stdin reads them.
card() { printf '{"number":"%s","holder":"Deneme Müşteri","expiry_month":12,"expiry_year":2030,"cvc":"123"}\n' "$2" >"$folder/$1"; }
card good.json 4155650100416111
card no-money.json 4155654020020029
card cut-off.json 4155650000001252
echo 7391 >"$folder/pin.txt"

"$programs/veznectl" sandbox --port 0 --write-home "$VEZNE_HOME" >"$folder/sandbox.txt" 2>&1 &
sandbox=$!
for _ in $(seq 200); do
  grep -q ledger "$folder/sandbox.txt" && break
  kill -0 "$sandbox" 2>/dev/null || { cat "$folder/sandbox.txt" >&2; exit 1; }
  sleep 0.05
done
addresses=$(head -n 1 "$folder/sandbox.txt")
ledger=${addresses##*ledger }
# shellcheck source=/dev/null
source "$VEZNE_HOME/practice.env"
printf 'Practice gateways and bank: %s\n' "$addresses"

# play TITLE EXIT-CODE INPUT-OR-DASH ARGUMENT…: shows the command, runs it, and insists on its exit code.
play() {
  local title=$1 wanted=$2 input=$3 code=0 shown word
  shift 3
  shown=' veznectl'
  for word; do
    # Quoted where a shell would need it, so that anyone can type it.
    [[ $word == *[!A-Za-z0-9_./:-]* ]] && word=${word@Q}
    shown+=" $word"
  done
  [ "$input" = - ] || shown+=" < $input"
  printf '\n\033[1m%s\033[0m\n$%s\n' "$title" "$shown"
  [ "$input" = - ] && input=/dev/null || input=$folder/$input
  "$programs/veznectl" "$@" <"$input" >"$folder/last.txt" 2>&1 || code=$?
  cat "$folder/last.txt"
  if [ "$code" -ne "$wanted" ]; then
    printf 'terminal: it ended with %d instead of %d\n' "$code" "$wanted" >&2
    exit 1
  fi
}
# The payment that was just spoken of.
payment() { grep -oE 'pay_[0-9A-Za-z]+' "$folder/last.txt" | head -n 1; }

sale=(pay --account counter --currency TRY --card-stdin)
play '1. Which installments does this card get for 545.00 TRY at Finrota?' 0 - \
  options --account counter --amount 545.00 --currency TRY --bin 415565
play '2. A Finrota sale in 3 installments; the customer goes to the bank'\''s page and types the code' 0 good.json \
  "${sale[@]}" --reference RES-1001 --amount 545.00 --installments 3
first=$(payment)
if [ -n "${BROWSER:-}" ] && [ -s "$CUSTOMER_LOG" ]; then
  echo '  (what the customer did)'
  sed 's/^/    /' "$CUSTOMER_LOG"
fi
play '3. The same reference again: the duplicate guard refuses, nothing is sent' 40 good.json \
  "${sale[@]}" --reference RES-1001 --amount 545.00
play '4. A card without enough money: declined' 10 no-money.json \
  "${sale[@]}" --reference RES-1002 --amount 120.00
play '5. A rental order from the agency'\''s credit limit at Yolcu360' 0 - \
  pay --account agency --order order_1002 --from-limit
play '6. The connection is cut after the bank has charged: unknown, and nobody may charge again' 20 cut-off.json \
  "${sale[@]}" --reference RES-1003 --amount 80.00
cut=$(payment)
play '7. Trying it again all the same: refused' 40 good.json "${sale[@]}" --reference RES-1003 --amount 80.00
play '8. Asked, the gateway says what became of it' 0 - payment ask "$cut"
play '9. Giving money back needs a supervisor' 0 pin.txt operator add --name Ayla --role supervisor
play '10. The first sale is voided' 0 pin.txt payment void "$first" --as Ayla --reason 'customer changed the plan'
play '11. Everything that happened, from the journal' 0 - payment list
play '12. The journal says what was written, unchanged' 0 - journal verify

# The witness: what the practice gateways really charged and gave back.
read_ledger() {
  local address=${ledger#http://} host path
  host=${address%%/*}
  path=/${address#*/}
  exec 3<>"/dev/tcp/${host%:*}/${host#*:}"
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$path" "$host" >&3
  cat <&3
  exec 3>&-
}
books=$(read_ledger)
charges=$(printf '%s' "$books" | grep -o '"reversed_minor"' | wc -l)
returned=$(printf '%s' "$books" | grep -oE '"kind":"(void|refund|cancel)"' | wc -l)
approved=$("$programs/veznectl" payment list --outcome approved --json </dev/null | grep -oE '"attempt":"att_[0-9A-Za-z]+"' | sort -u | wc -l)
printf '\nThe practice gateways'\'' own ledger: %d charges, %d given back. The journal: %d approved.\n' "$charges" "$returned" "$approved"
if [ "$charges" -ne 3 ] || [ "$approved" -ne "$charges" ] || [ "$returned" -ne 1 ]; then
  echo 'terminal: the journal and the ledger do not agree' >&2
  exit 1
fi
echo 'They agree: every charge is known, nothing was charged twice.'
