//! What of a text from the gateway may be shown and kept.

use vezne_core::text::ForeignText;

/// A text from the gateway as it may be shown and kept. Beyond what [`ForeignText`] masks, signed tokens are masked: a gateway
/// that repeats our request repeats these, too.
pub(crate) fn shown(text: &str) -> ForeignText {
    let mut kept: Vec<char> = text.chars().take(4_096).collect();
    mask_signed_tokens(&mut kept);
    ForeignText::filter(&kept.into_iter().collect::<String>())
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
