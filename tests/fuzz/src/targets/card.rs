//! A card as it is handed over: the JSON of `hand_card` and of standard input, and each of its fields as typed.

use vezne_core::card::{Bin, Brand, CardHolder, CardNumber, Cvc, Expiry, LastFour};
use vezne_home::CardJson;

use crate::check::holds_card_number;
use crate::engine::Target;

/// The target.
pub(super) const TARGET: Target = Target { name: "card", run, words: &WORDS, longest: 8 * 1024 };

const WORDS: [&str; 24] = [
    "\"number\":\"4155650100416111\"",
    "\"number\":\"4155 6501 0041 6111\"",
    "\"number\":4155650100416111",
    "\"holder\":\"AYŞE YILMAZ\"",
    "\"expiry_month\":12",
    "\"expiry_month\":13",
    "\"expiry_month\":\"12\"",
    "\"expiry_year\":2026",
    "\"expiry_year\":26",
    "\"cvc\":\"000\"",
    "\"cvc\":\"0000\"",
    "\"cvc\":\"00\"",
    "\"supervisor_pin\":\"7391\"",
    "\"supervisor_pin\":7391",
    "\\u0034",
    "\\u015e",
    "\\ud83d\\ude00",
    "٤١٥٥",
    "374427000000003",
    ",\"number\":\"1\"",
    "{\"number\":",
    "\u{feff}",
    "%B4155650100416111^A/B^2612101?",
    ";4155650100416111=2612101?",
];

const TODAY: (u16, u8) = (2026, 11);

fn run(data: &[u8]) {
    for also in [&[][..], &["supervisor_pin"][..]] {
        let read = CardJson::read(data, also);
        let card = read.as_ref().map_err(Clone::clone).and_then(|fields| fields.card(TODAY));
        match &card {
            Ok(card) => {
                let number = card.number.expose();
                assert!(
                    (12..=19).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()),
                    "no number"
                );
                assert!(!card.expiry.is_past(TODAY), "an expired card");
                assert!(matches!(card.cvc.expose().len(), 3 | 4));
                let printed = format!("{card:?}");
                assert!(!printed.contains(number), "a card in debug output");
                // A short name may stand in any word by chance.
                let holder = card.holder.expose();
                assert!(holder.len() < 12 || !printed.contains(holder), "a name in debug output");
            }
            Err(error) => {
                let words = format!("{error} {error:?}");
                assert!(!holds_card_number(&words), "an error repeats a card number");
                assert!(words.len() < 500, "{words}");
                let digits = words.chars().filter(char::is_ascii_digit).count();
                assert!(digits <= 24, "an error repeats digits: {words}");
            }
        }
        if let Ok(fields) = &read {
            assert_eq!(format!("{fields:?}"), "CardJson(…)");
            let _pin = fields.text("supervisor_pin");
        }
    }
    fields(&String::from_utf8_lossy(data));
}

/// Each field as it is typed: what is taken is written the same way again.
fn fields(text: &str) {
    if let Ok(number) = CardNumber::parse(text) {
        let again = CardNumber::parse(number.expose());
        assert_eq!(again.ok().as_ref().map(CardNumber::expose), Some(number.expose()));
        assert!(
            number.expose().starts_with(number.bin6().as_str())
                && number.expose().ends_with(number.last_four().as_str())
        );
        assert_eq!(number.bin8().is_some(), number.expose().len() >= 16, "eight digits of a short number");
        let summary = format!("{:?} {}", number.summary(), number.masked().as_str());
        assert!(!summary.contains(number.expose()) && !holds_card_number(number.masked().as_str()));
    }
    for brand in [Brand::of_prefix("4"), Brand::of_prefix("37"), Brand::of_prefix("9792"), Brand::Other] {
        if let Ok(cvc) = Cvc::parse(text, brand) {
            assert!(brand.allows_cvc_digits(cvc.expose().len()) && !format!("{cvc:?}").contains(cvc.expose()));
        }
    }
    if let Ok(holder) = CardHolder::parse(text) {
        assert_eq!(CardHolder::parse(holder.expose()).ok().as_ref().map(CardHolder::expose), Some(holder.expose()));
        assert!(!holds_card_number(holder.expose()), "a card number as a name");
    }
    if let Ok(bin) = Bin::parse(text) {
        assert!(matches!(bin.as_str().len(), 6 | 8) && bin.brand() == Brand::of_prefix(bin.as_str()));
    }
    let _four = LastFour::parse(text);
    let mut parts = text.split('/');
    let (month, year) =
        (parts.next().and_then(|text| text.parse().ok()), parts.next().and_then(|text| text.parse().ok()));
    if let (Some(month), Some(year)) = (month, year)
        && let Ok(expiry) = Expiry::parse(month, year)
    {
        assert!((1..=12).contains(&expiry.month()));
        let _checked = (expiry.check(TODAY), expiry.is_too_far(TODAY));
    }
}
