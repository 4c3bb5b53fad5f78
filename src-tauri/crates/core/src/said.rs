//! What an answer says where an amount belongs.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// An amount in an answer. One that is there and can't be read is not the same as none: it can't be what was expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SaidAmount {
    /// The answer carries none.
    #[default]
    NotSaid,
    /// This much.
    Said(Money),
    /// Something that is no amount of its currency.
    Unreadable(NoAmount),
}

/// The word that stands in the journal for an amount that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoAmount {
    /// It could not be read.
    Unreadable,
}

impl SaidAmount {
    /// An amount that can't be read.
    pub const UNREADABLE: Self = Self::Unreadable(NoAmount::Unreadable);

    /// The amount, where one was said.
    #[must_use]
    pub const fn money(self) -> Option<Money> {
        match self {
            Self::Said(money) => Some(money),
            Self::NotSaid | Self::Unreadable(_) => None,
        }
    }
}

impl From<Option<Money>> for SaidAmount {
    fn from(money: Option<Money>) -> Self {
        money.map_or(Self::NotSaid, Self::Said)
    }
}

impl From<Money> for SaidAmount {
    fn from(money: Money) -> Self {
        Self::Said(money)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn only_an_amount_that_was_said_is_one() {
        let lira = Money::from_minor(500, Currency::TRY);
        assert_eq!(SaidAmount::from(lira), SaidAmount::Said(lira));
        assert_eq!(SaidAmount::from(Some(lira)).money(), Some(lira));
        assert_eq!(SaidAmount::from(None), SaidAmount::NotSaid);
        assert_eq!((SaidAmount::NotSaid.money(), SaidAmount::UNREADABLE.money()), (None, None));
    }
}
