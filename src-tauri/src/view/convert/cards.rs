//! Why card data that was handed over is not taken.

use vezne_home::CardJsonError;

use crate::view::{Code, Fault, Field};

impl From<CardJsonError> for Fault {
    /// The window's own form makes the object: a wrong field is what a person left out, a wrong object our own mistake.
    fn from(error: CardJsonError) -> Self {
        match error {
            CardJsonError::Card(error) => error.into(),
            CardJsonError::Missing(name) | CardJsonError::NotText(name) | CardJsonError::NotANumber(name) => {
                let (code, field) = of_field(name);
                Self::new(code).because(error).at(field)
            }
            CardJsonError::Empty
            | CardJsonError::NoObject { .. }
            | CardJsonError::UnknownField(_)
            | CardJsonError::Twice(_) => Self::new(Code::Internal).because(error),
        }
    }
}

fn of_field(name: &str) -> (Code, Field) {
    match name {
        "holder" => (Code::CardHolder, Field::Holder),
        "expiry_month" | "expiry_year" => (Code::CardExpiry, Field::Expiry),
        "cvc" => (Code::CardCvc, Field::Cvc),
        _ => (Code::CardNumber, Field::Number),
    }
}
