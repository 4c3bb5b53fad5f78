//! Ids as they may be kept.

use vezne_core::text::ForeignText;

use crate::config::{Login, keyed_digest};

/// How the digest of an id begins.
const DIGEST: &str = "masked-";

/// An id of the gateway's as it may be kept. Ids are compared, so one that the filter would mask (long numbers pass
/// Luhn by chance) becomes a digest instead of stars that all look alike.
pub(crate) fn id_text(login: &Login, id: &str) -> ForeignText {
    let kept = ForeignText::filter(id);
    if kept.as_str() == id.trim() {
        return kept;
    }
    ForeignText::filter(&format!("{DIGEST}{}", spelled(&keyed_digest(login, id))))
}

/// Whether that was kept in place of an id, which it can't be used as.
pub(crate) fn is_digest(kept: &ForeignText) -> bool {
    kept.as_str().starts_with(DIGEST)
}

/// Digits as letters, so that a digest can never look like a card number.
fn spelled(digest: &str) -> String {
    digest
        .chars()
        .map(|c| c.to_digit(10).and_then(|digit| char::from_u32(u32::from('g').saturating_add(digit))).unwrap_or(c))
        .collect()
}
