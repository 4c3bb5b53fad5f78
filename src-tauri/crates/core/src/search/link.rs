//! Links to a payment, which a colleague can paste.

use crate::ids::{AttemptId, PaymentId, ReversalId};

/// The scheme of such links.
const SCHEME: &str = "vezne:";
/// What stands before the id.
const PLACE: &str = "payment/";
/// The longest link that is read.
const MOST_BYTES: usize = 200;

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A payment.
    Payment(PaymentId),
    /// One of its attempts.
    Attempt(AttemptId),
    /// One of its reversals.
    Reversal(ReversalId),
}

impl std::fmt::Display for Named {
    /// The id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Payment(payment) => payment.fmt(f),
            Self::Attempt(attempt) => attempt.fmt(f),
            Self::Reversal(reversal) => reversal.fmt(f),
        }
    }
}

/// The link to a payment: `vezne://payment/pay_…`.
#[must_use]
pub fn link(payment: PaymentId) -> String {
    format!("{SCHEME}//{PLACE}{payment}")
}

/// What a link or an id names: `vezne://payment/pay_…`, `pay_…`, `att_…`, `rev_…`, in capitals or not, with white space, angle
/// brackets or a stroke around it. Nothing else, and nothing behind it: a link says where to look, and can do no more.
#[must_use]
pub fn named(text: &str) -> Option<Named> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    if text.len() > MOST_BYTES {
        return None;
    }
    let id = match text.get(..SCHEME.len()) {
        Some(scheme) if scheme.eq_ignore_ascii_case(SCHEME) => {
            let rest = text.get(SCHEME.len()..)?.trim_start_matches('/');
            let place = rest.get(..PLACE.len())?;
            rest.get(PLACE.len()..).filter(|_| place.eq_ignore_ascii_case(PLACE))?.trim_end_matches('/')
        }
        Some(_) | None => text,
    };
    // Each kind has a prefix of its own.
    let payment = id.parse().ok().map(Named::Payment);
    let attempt = || id.parse().ok().map(Named::Attempt);
    let reversal = || id.parse().ok().map(Named::Reversal);
    payment.or_else(attempt).or_else(reversal)
}
