//! What of a text from the gateway may be shown and kept.

use vezne_core::text::ForeignText;

/// A text from the gateway as it may be shown and kept. Beyond what [`ForeignText`] masks, digits beside the name of the
/// security code are masked and so are signed tokens: a gateway that repeats our request repeats these, too.
pub(crate) fn shown(text: &str) -> ForeignText {
    let mut kept: Vec<char> = text.chars().take(4_096).collect();
    mask_security_code(&mut kept);
    mask_signed_tokens(&mut kept);
    ForeignText::filter(&kept.into_iter().collect::<String>())
}

fn mask_security_code(text: &mut [char]) {
    const NAMES: [&str; 6] = ["cvv", "cvc", "cv2", "cvn", "securitycode", "security code"];
    const REACH: usize = 24;
    let small: Vec<char> = text.iter().map(char::to_ascii_lowercase).collect();
    for name in NAMES {
        let name: Vec<char> = name.chars().collect();
        for (at, window) in small.windows(name.len()).enumerate() {
            if window == name.as_slice() {
                let from = at.saturating_add(name.len());
                let to = from.saturating_add(REACH).min(text.len());
                mask_digit_runs(text.get_mut(from..to).unwrap_or_default());
            }
        }
    }
}

/// Masks runs of three or four digits: the length of a security code.
fn mask_digit_runs(text: &mut [char]) {
    for run in text.chunk_by_mut(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        if matches!(run.len(), 3 | 4) && run.first().is_some_and(char::is_ascii_digit) {
            run.fill('*');
        }
    }
}

/// Masks what begins like a signed token (`eyJ…`), the usual form of an access token.
fn mask_signed_tokens(text: &mut [char]) {
    const SHORTEST: usize = 20;
    let part_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=');
    for word in text.chunk_by_mut(|a, b| part_of_token(*a) == part_of_token(*b)) {
        if word.len() >= SHORTEST && word.starts_with(&['e', 'y', 'J']) {
            word.fill('*');
        }
    }
}
