//! What the duplicate guard says.

use vezne_core::attempt::Subject;
use vezne_core::guard::{Block, Earlier};

use super::Names;
use crate::view::{BlockKind, BlockView, EarlierView};

impl BlockView {
    /// The guard's answer about `subject`, with names for ids.
    #[must_use]
    pub fn of(block: &Block, subject: &Subject, names: &Names) -> Self {
        let (kind, paid) = match block {
            Block::OpenOrUnknown(_) => (BlockKind::OpenOrUnknown, None),
            Block::Contradicted(_) => (BlockKind::Contradicted, None),
            Block::AlreadyPaid { paid, .. } => (BlockKind::AlreadyPaid, *paid),
            Block::SameCardUnknown(_) => (BlockKind::SameCardUnknown, None),
            Block::SetAsideSameCard(_) => (BlockKind::SetAsideSameCard, None),
            Block::Twin(_) => (BlockKind::Twin, None),
            Block::TooManyOpen { .. } => (BlockKind::TooManyOpen, None),
        };
        let of_reference = match subject {
            Subject::Reference { .. } => true,
            Subject::Order(_) => false,
        };
        Self {
            kind,
            earlier: block.earlier().map(|earlier| EarlierView::of(earlier, names)),
            paid: paid.map(Into::into),
            can_override: block.can_be_overridden() && block.earlier().is_some_and(|earlier| !earlier.override_used),
            can_declare_part: kind == BlockKind::AlreadyPaid && of_reference,
        }
    }
}

impl EarlierView {
    /// An earlier attempt, with names for ids.
    #[must_use]
    pub fn of(earlier: &Earlier, names: &Names) -> Self {
        Self {
            attempt: earlier.attempt.to_string(),
            payment: Some(earlier.payment.to_string()),
            opened: earlier.opened.to_string(),
            since: earlier.since.to_string(),
            outcome: earlier.outcome.map(Into::into),
            base: earlier.base.map(Into::into),
            total: earlier.total.map(Into::into),
            card: earlier.card.as_ref().map(Into::into),
            operator: earlier.operator.map(|operator| names.name(operator)),
            part: earlier.part.map(|part| part.to_string()),
            set_aside: earlier.set_aside,
        }
    }
}
