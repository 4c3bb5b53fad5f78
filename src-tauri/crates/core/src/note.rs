//! Notes by staff.

use serde::{Deserialize, Serialize};

use crate::ids::{OperatorId, PaymentId};
use crate::text::TypedText;

/// What staff want to be read with a payment: "customer came back with the bank's message", "see the mail of the branch". It
/// stands in the chain like everything else, so it can be added to and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The payment.
    pub payment: PaymentId,
    /// Who sat at the desk; none where nobody was chosen.
    pub operator: Option<OperatorId>,
    /// The note, without card data (`RULES.md` 8).
    pub text: TypedText,
}
