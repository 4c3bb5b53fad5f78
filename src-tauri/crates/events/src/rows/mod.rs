//! From what is folded to what is stored for looking up: the same for an append, for a rebuild, and for either journal.

mod attempt;
mod close;
mod operator;
mod paper;
mod payment;
mod reversal;
mod right;

pub use attempt::{AttemptRow, attempt, outcome_of};
pub use close::{CloseRow, close};
pub use operator::{OperatorRow, operator, role_word};
pub use paper::{PaperRow, paper};
pub use payment::{PaymentRow, payment};
pub use reversal::{ReversalRow, reversal};
pub use right::{RightRow, right};

use serde::Serialize;

use crate::event::Line;

/// Where the events of an attempt or reversal stand in their chain.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The desk.
    pub desk: &'a str,
    /// The number of the opening event.
    pub first_seq: i64,
    /// The number of the newest event.
    pub last_seq: i64,
}

impl<'a> Standing<'a> {
    /// Where these lines stand; `None` when there are none.
    #[must_use]
    pub fn of(desk: &'a str, lines: &[Line]) -> Option<Self> {
        Some(Self { desk, first_seq: lines.first()?.seq, last_seq: lines.last()?.seq })
    }
}

/// The name of a variant as it is serialised, whatever it carries.
pub(crate) fn word_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        Ok(_) | Err(_) => String::new(),
    }
}
