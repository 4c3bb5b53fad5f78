//! Why something was not done.

use serde::Serialize;
use specta::Type;

use super::Code;

/// A field, to put the focus on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The card number.
    Number,
    /// The holder's name.
    Holder,
    /// Month and year.
    Expiry,
    /// The security code.
    Cvc,
    /// The reference.
    Reference,
    /// The order id.
    Order,
    /// The amount.
    Amount,
    /// The currency.
    Currency,
    /// The part of a reference.
    Part,
    /// A supervisor's name.
    SupervisorName,
    /// A PIN.
    Pin,
    /// A reason.
    Reason,
    /// What was seen.
    Saw,
    /// A name.
    Name,
    /// A base address.
    BaseUrl,
    /// A login.
    Login,
    /// A return address.
    ReturnUrl,
    /// A passphrase.
    Passphrase,
    /// A note.
    Note,
    /// The header of receipts.
    Header,
    /// The printer's address.
    Address,
    /// The receipts' folder.
    Folder,
}

/// Why something was not done: a code for the table of words, and words that carry data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Fault {
    /// The code.
    pub code: Code,
    /// The gateway's, the system's or our own words, where they say more than the code.
    pub text: Option<String>,
    /// The field to put the focus on.
    pub field: Option<Field>,
}
