//! Amounts: as a person types them, as a script states them, as a gateway writes them.

use vezne_core::money::typed::{read_cli, read_typed};
use vezne_core::money::{Currency, Money};

use crate::check::plain_decimal;
use crate::engine::Target;

/// The target: the first byte chooses the currency, the rest is the amount.
pub(super) const TARGET: Target = Target { name: "amount", run, words: &WORDS, longest: 256 };

const WORDS: [&str; 20] = [
    "1.500",
    "1,500",
    "1.500,00",
    "1,500.00",
    "1 500,00",
    "1'500.00",
    "545.00",
    "54500.0000",
    "0.00",
    "999999999.99",
    "1e3",
    "-5",
    "+5",
    "\u{a0}",
    "٥٤٥",
    ".5",
    "5.",
    "0x10",
    "1_000",
    "79228162514264337593543950335",
];

fn run(data: &[u8]) {
    let (first, rest) = data.split_first().map_or((0, data), |(first, rest)| (*first, rest));
    let text = String::from_utf8_lossy(rest);
    let place = usize::from(first).checked_rem(Currency::EVERY.len()).unwrap_or(0);
    let Some(currency) = Currency::EVERY.get(place).copied() else { return };
    for read in [read_typed, read_cli] {
        match read(&text, currency) {
            Ok(money) => {
                assert!(money.is_positive() && money.currency() == currency, "{money}");
                let digits: String =
                    text.chars().filter_map(|c| c.to_digit(10).and_then(|digit| char::from_digit(digit, 10))).collect();
                let counted = money.minor().to_string();
                let typed = digits.trim_matches('0');
                assert!(counted.trim_matches('0') == typed, "{text:?} was read as {money}");
                assert_eq!(read_typed(&money.amount_text(), currency), Ok(money), "{money} is not read back");
                assert_eq!(read_cli(&money.amount_text(), currency), Ok(money), "{money} is not read back");
            }
            Err(error) => assert!(error.to_string().len() < 300, "{error}"),
        }
    }
    if let Ok(money) = Money::from_decimal_text(&text, currency) {
        // A power of ten is a way of writing that this crate does not read.
        let same = text.contains(['e', 'E']) || plain_decimal(&text) == plain_decimal(&money.amount_text());
        assert!(same, "{text:?} was read as {}", money.amount_text());
        assert_eq!(Money::from_decimal_text(&money.gateway_decimal_text(), currency), Ok(money));
        let written = serde_json::to_string(&money);
        assert_eq!(written.ok().and_then(|text| serde_json::from_str::<Money>(&text).ok()), Some(money));
    }
}
