//! Why card data that was handed over is not taken.

use vezne_core::card::{CardJsonError, CardField};

use crate::view::{Code, Fault};

impl From<CardJsonError> for Fault {
    /// The window's own form made the object, so one that can't be read is our own fault; what a person typed is a
    /// [`vezne_core::card::CardError`].
    fn from(error: CardJsonError) -> Self {
        match error {
            CardJsonError::Card(error) => error.into(),
            CardJsonError::Empty
            | CardJsonError::NoObject { .. }
            | CardJsonError::UnknownField(_)
            | CardJsonError::Twice(_)
            | CardJsonError::Missing(_)
            | CardJsonError::NotText(_)
            | CardJsonError::NotANumber(_) => {
                Self::new(Code::CardNumber).because(error).at(CardField::Number.into())
            }
        }
    }
}
