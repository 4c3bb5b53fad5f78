//! What a person typed or chose, read by the rules of `vezne-core`.

use vezne_core::attempt::Subject;
use vezne_core::ids::OperatorId;
use vezne_core::money::typed::read_cli;
use vezne_core::money::{Currency, Money, TypedAmountError};
use vezne_core::reference::{Part, PartNumber};
use vezne_till::Authority;

use crate::view::{AmountRefusal, Code, Fault, Field, MoneyView, PartInput, SubjectInput, SupervisorInput};

impl MoneyView {
    /// The amount, as the window got it from here and gives it back.
    ///
    /// # Errors
    /// [`Fault`] when it is no amount of its currency that a person may state.
    pub fn read(&self) -> Result<Money, Fault> {
        let currency: Currency = self.currency.parse()?;
        read_cli(&self.amount, currency)
            .map_err(|error| Fault::new(amount_code(error)).because(error).at(Field::Amount))
    }
}

/// The amounts of a question or a sale, where there are any.
pub(crate) fn money(view: Option<&MoneyView>) -> Result<Option<Money>, Fault> {
    view.map(MoneyView::read).transpose()
}

const fn amount_code(error: TypedAmountError) -> Code {
    match error {
        TypedAmountError::Empty => Code::AmountEmpty,
        TypedAmountError::OddCharacter { .. } => Code::AmountOddCharacter,
        TypedAmountError::Ambiguous { .. } | TypedAmountError::TooFineOrThousands { .. } => Code::AmountAmbiguous,
        TypedAmountError::Malformed { .. } => Code::AmountMalformed,
        TypedAmountError::NotPositive => Code::AmountNotPositive,
        TypedAmountError::TooLarge { .. } => Code::AmountTooLarge,
    }
}

impl From<TypedAmountError> for AmountRefusal {
    fn from(error: TypedAmountError) -> Self {
        let readings = match error {
            TypedAmountError::Ambiguous { thousands, decimals } => vec![thousands.into(), decimals.into()],
            TypedAmountError::TooFineOrThousands { thousands } => vec![thousands.into()],
            TypedAmountError::Empty
            | TypedAmountError::OddCharacter { .. }
            | TypedAmountError::Malformed { .. }
            | TypedAmountError::NotPositive
            | TypedAmountError::TooLarge { .. } => Vec::new(),
        };
        Self { code: amount_code(error), readings }
    }
}

impl From<Fault> for AmountRefusal {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code, readings: Vec::new() }
    }
}

impl From<PartInput> for Option<Part> {
    /// `None` for a number that no part has.
    fn from(part: PartInput) -> Self {
        match part {
            PartInput::Rental => Some(Part::Rental),
            PartInput::Deposit => Some(Part::Deposit),
            PartInput::Extra => Some(Part::Extra),
            PartInput::Number { number } => PartNumber::new(number).map(Part::Number),
        }
    }
}

impl SubjectInput {
    /// What is paid for.
    ///
    /// # Errors
    /// [`Fault`] with the field that is wrong.
    pub fn read(&self) -> Result<Subject, Fault> {
        match self {
            Self::Order { order } => Ok(Subject::Order(order.parse()?)),
            Self::Reference { reference, part } => {
                let reference = reference.parse()?;
                let part = match part {
                    None => None,
                    Some(input) => {
                        let part: Option<Part> = input.clone().into();
                        Some(part.ok_or(vezne_core::reference::PartError)?)
                    }
                };
                Ok(Subject::Reference { reference, part })
            }
        }
    }
}

/// A supervisor's right, as it was typed.
pub(crate) fn authority(supervisor: SupervisorInput) -> Result<Authority, Fault> {
    let SupervisorInput { name, pin, reason } = supervisor;
    if name.trim().is_empty() {
        return Err(Fault::new(Code::TextMissing).at(Field::SupervisorName));
    }
    if pin.is_empty() {
        return Err(Fault::new(Code::PinMissing).at(Field::Pin));
    }
    let reason = reason.parse().map_err(|error| Fault::of_text(error, Field::Reason))?;
    Ok(Authority { name, pin: pin.wiped(), reason })
}

/// Who sits at the desk.
pub(crate) fn operator(id: Option<&str>) -> Result<Option<OperatorId>, Fault> {
    Ok(id.map(str::parse).transpose()?)
}
