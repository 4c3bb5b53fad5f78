//! Reasons for a decline, by code and by words.

use vezne_core::answers::DeclineReason;
use vezne_core::text::fold;

/// The meaning of Yolcu360's payment error codes (document: Payment Error Codes). 2008 is no decline.
pub(crate) const fn decline_of_code(code: i64) -> Option<DeclineReason> {
    match code {
        2001 => Some(DeclineReason::CardDeclined),
        2002 => Some(DeclineReason::InsufficientFunds),
        2003 => Some(DeclineReason::ExpiredCard),
        2004 => Some(DeclineReason::InvalidCardNumber),
        2005 => Some(DeclineReason::InvalidCvc),
        2006 => Some(DeclineReason::ThreeDsFailed),
        2007 => Some(DeclineReason::LimitExceeded),
        _ => None,
    }
}

/// The code by which a gateway says that it did not hear from the bank in time.
pub(crate) const BANK_TIMEOUT: i64 = 2008;

/// Phrases that can mean nothing else, folded; Turkish and English, as Finrota's banks write them.
const WORDS: [(DeclineReason, &[&str]); 6] = [
    (
        DeclineReason::InsufficientFunds,
        &[
            "insufficient funds",
            "insufficient balance",
            "insufficient limit",
            "not sufficient funds",
            "yetersiz bakiye",
            "yetersiz limit",
            "bakiye yetersiz",
            "limit yetersiz",
            "limiti yetersiz",
            "bakiyesi yetersiz",
        ],
    ),
    (
        DeclineReason::ExpiredCard,
        &[
            "expired card",
            "card expired",
            "card has expired",
            "suresi dolmus kart",
            "kartin suresi dolmus",
            "kartin vadesi dolmus",
            "vadesi dolmus kart",
            "vadesi gecmis kart",
        ],
    ),
    (
        DeclineReason::InvalidCvc,
        &[
            "invalid cvv",
            "invalid cvc",
            "incorrect cvv",
            "incorrect cvc",
            "wrong cvv",
            "wrong cvc",
            "cvv hatali",
            "cvc hatali",
            "hatali cvv",
            "hatali cvc",
            "gecersiz cvv",
            "gecersiz cvc",
            "cvv2 hatali",
        ],
    ),
    (
        DeclineReason::InvalidCardNumber,
        &[
            "invalid card number",
            "gecersiz kart numarasi",
            "hatali kart numarasi",
            "kart numarasi hatali",
            "kart numarasi gecersiz",
        ],
    ),
    (
        DeclineReason::ThreeDsFailed,
        &[
            "3d secure failed",
            "3ds failed",
            "3d dogrulama basarisiz",
            "3d secure dogrulama basarisiz",
            "3-d secure failed",
            "authentication failed",
        ],
    ),
    (DeclineReason::CardDeclined, &["do not honor", "do not honour", "card declined", "islem onaylanmadi"]),
];

/// A reason told by words alone, where they can mean nothing else.
pub(crate) fn decline_of_words(text: &str) -> Option<DeclineReason> {
    let folded = fold(text);
    let mut found = WORDS
        .iter()
        .filter(|(_, phrases)| phrases.iter().any(|phrase| folded.contains(phrase)))
        .map(|(reason, _)| *reason);
    // Words for two reasons tell neither.
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_a_reason_only_when_they_are_clear() {
        assert_eq!(decline_of_words("Kart limiti yetersiz."), Some(DeclineReason::InsufficientFunds));
        assert_eq!(decline_of_words("YETERSİZ BAKİYE"), Some(DeclineReason::InsufficientFunds));
        assert_eq!(decline_of_words("Expired card"), Some(DeclineReason::ExpiredCard));
        assert_eq!(decline_of_words("expired card or invalid cvv"), None);
        assert_eq!(decline_of_words("işlem başarısız"), None);
    }
}
