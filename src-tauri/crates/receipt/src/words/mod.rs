//! The words of papers, in both languages: the same as the screens use.

mod en;
mod tr;

use vezne_core::answers::DeclineReason;
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;

use crate::Language;
use crate::receipt::{Basis, CopyMark, Doubt, Next, NotBack, RefusedBy, Secure};

/// The words of a language.
pub(crate) const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &en::WORDS,
        Language::Turkish => &tr::WORDS,
    }
}

/// Everything a receipt can say in one language.
pub(crate) struct Words {
    pub(crate) months: [&'static str; 12],
    pub(crate) titles: Titles,
    pub(crate) labels: Labels,
    /// What became of the customer's money, where nothing was charged.
    pub(crate) not_charged: &'static str,
    pub(crate) nothing_charged: &'static str,
    pub(crate) single_payment: &'static str,
    pub(crate) credit_limit: &'static str,
    pub(crate) installments: fn(u8) -> String,
    pub(crate) part: fn(Part) -> String,
    pub(crate) copy: fn(CopyMark) -> String,
    pub(crate) page: fn(usize, usize) -> String,
    pub(crate) training: &'static str,
    pub(crate) training_small: &'static str,
    pub(crate) not_fiscal: &'static str,
    pub(crate) declined: fn(DeclineReason) -> &'static str,
    pub(crate) refused: fn(RefusedBy) -> &'static str,
    pub(crate) not_sent: &'static str,
    pub(crate) basis: fn(Basis) -> &'static str,
    pub(crate) doubt: fn(Doubt) -> Option<&'static str>,
    /// What nobody knows yet, and that this paper claims neither.
    pub(crate) unknown: &'static str,
    pub(crate) return_unknown: &'static str,
    pub(crate) next: fn(Next) -> &'static str,
    pub(crate) keep: &'static str,
    pub(crate) returned: fn(Kind) -> &'static str,
    /// Where the order is cancelled and nothing is known of the money.
    pub(crate) only_cancelled: &'static str,
    pub(crate) nothing_back: &'static str,
    pub(crate) not_back: fn(&NotBack) -> &'static str,
    pub(crate) secure: fn(Secure) -> &'static str,
}

/// What a paper says in one line.
pub(crate) struct Titles {
    pub(crate) approved: &'static str,
    pub(crate) declined: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) not_sent: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) voided: &'static str,
    pub(crate) refunded: &'static str,
    pub(crate) not_voided: &'static str,
    pub(crate) not_refunded: &'static str,
    pub(crate) void_unknown: &'static str,
    pub(crate) refund_unknown: &'static str,
}

/// What stands before a value.
pub(crate) struct Labels {
    pub(crate) time: &'static str,
    pub(crate) settled: &'static str,
    pub(crate) desk: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) account: &'static str,
    pub(crate) gateway: &'static str,
    pub(crate) order: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) part: &'static str,
    pub(crate) means: &'static str,
    pub(crate) card: &'static str,
    pub(crate) secure: &'static str,
    pub(crate) holder: &'static str,
    pub(crate) owed: &'static str,
    pub(crate) commission: &'static str,
    pub(crate) total: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) gateway_payment: &'static str,
    pub(crate) gateway_reference: &'static str,
    pub(crate) authorisation: &'static str,
    pub(crate) attempt: &'static str,
    pub(crate) payment: &'static str,
    pub(crate) returned: fn(Kind) -> &'static str,
    pub(crate) reversal: fn(Kind) -> &'static str,
    pub(crate) basis: &'static str,
    pub(crate) bank_says: &'static str,
    pub(crate) gateway_says: &'static str,
    pub(crate) bank_code: &'static str,
}
