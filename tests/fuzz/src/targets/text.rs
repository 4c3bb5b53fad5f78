//! Texts: from outside, typed, references, orders, ids; the filter that keeps card numbers out of all of them.

use vezne_core::ids::{AccountId, AccountName, AttemptId, AttemptReference, Nonce};
use vezne_core::order::OrderId;
use vezne_core::reference::{Part, Reference};
use vezne_core::text::{ForeignText, TypedText, contains_card_number, fold, looks_like_track_data};
use vezne_core::time::Timestamp;

use crate::engine::Target;

/// The target.
pub(super) const TARGET: Target = Target { name: "text", run, words: &WORDS, longest: 8 * 1024 };

const WORDS: [&str; 30] = [
    "4155650100416111",
    "4155-6501-0041-6111",
    "%34%31%35%35",
    "%2D",
    "٤١٥٥٦٥٠١٠٠٤١٦١١١",
    "４１５５",
    "①②③④",
    "⁴¹⁵⁵",
    "𝟒𝟏𝟓𝟓",
    "\u{200b}",
    "\u{202e}",
    "\u{ad}",
    "\u{34f}",
    "\u{180e}",
    "\u{2066}",
    "\u{e0001}",
    "\u{fe0f}",
    " - ",
    "\u{2013}",
    "\u{b7}",
    ";4155650100416111=2612101?",
    "%B4155650100416111^A/B^2612101?",
    "order_123456789",
    "rental",
    "att_",
    "..",
    "/",
    "İ",
    "\n",
    "\u{85}",
];

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let kept = ForeignText::filter(&text);
    crate::check::texts_are_filtered(&kept);
    assert_eq!(ForeignText::filter(kept.as_str()), kept, "filtered twice is not filtered once");
    written_and_read(&kept);
    if let Ok(typed) = text.parse::<TypedText>() {
        assert!(typed.as_str().chars().count() <= 300 && !typed.as_str().trim().is_empty());
        assert!(!holds_card_number_as_a_word(typed.as_str()), "a card number was taken");
        assert!(!contains_card_number(typed.as_str()) && !looks_like_track_data(typed.as_str()));
        written_and_read(&typed);
    }
    if let Ok(reference) = text.parse::<Reference>() {
        assert!(reference.as_str().chars().count() <= 64);
        assert!(!holds_card_number_as_a_word(reference.as_str()), "a card number as a reference");
        assert_eq!(reference.key().as_str().parse(), Ok(reference.key()), "a key has another key");
        assert!(!reference.key().as_str().is_empty());
        assert!(!holds_card_number_as_a_word(reference.key().as_str()), "a card number as a key");
        written_and_read(&reference);
    }
    if let Ok(order) = text.parse::<OrderId>() {
        let id = order.as_str();
        assert!(id.len() <= 100 && id != "." && id != ".." && !id.contains(['/', '?', '#', '%', '\\', ' ']), "{id}");
        written_and_read(&order);
    }
    if let Ok(part) = text.parse::<Part>() {
        assert_eq!(part.to_string(), text, "one text for each part");
    }
    if let Ok(id) = text.parse::<AccountId>() {
        written_and_read(&id);
    }
    if let Ok(name) = text.parse::<AccountName>() {
        written_and_read(&name);
    }
    if let Ok(reference) = text.parse::<AttemptReference>() {
        assert!(reference.as_str().len() <= 32 && reference.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
    if let Ok(id) = text.parse::<AttemptId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Ok(nonce) = text.parse::<Nonce>() {
        assert_eq!(nonce.expose().parse(), Ok(nonce));
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        assert_eq!(moment.to_string().parse().ok(), Some(moment), "{text:?}");
    }
    assert_eq!(fold(&fold(&text)), fold(&text), "folding is not stable");
}

/// What is written down is read back, and is the same.
fn written_and_read<T>(value: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let written = serde_json::to_string(value);
    let read = written.ok().and_then(|text| serde_json::from_str::<T>(&text).ok());
    assert_eq!(read.as_ref(), Some(value), "written down, it is something else");
}

/// What typed text is refused for is narrower than what is masked: a word that is a card of a known brand.
pub(super) fn holds_card_number_as_a_word(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|word| {
        let branded = match word.len() {
            16 => {
                word.starts_with('4')
                    || (word.starts_with('5') && word.get(1..2).is_some_and(|two| "12345".contains(two)))
            }
            15 => word.starts_with("34") || word.starts_with("37"),
            _ => false,
        };
        branded && passes(word)
    })
}

fn passes(word: &str) -> bool {
    let digits: Vec<u32> = word.chars().filter_map(|c| c.to_digit(10)).collect();
    crate::check::passes_luhn(&digits)
}
