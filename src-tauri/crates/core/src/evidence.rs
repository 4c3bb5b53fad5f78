//! What an outcome rests on. Evidence is ranked, kept and shown (`RULES.md` 3).

use serde::{Deserialize, Serialize};

use crate::ids::OperatorId;
use crate::status::Seen;
use crate::text::TypedText;

/// A supervisor's word: who, why, and what they saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisorWord {
    /// The supervisor.
    pub operator: OperatorId,
    /// Why.
    pub reason: TypedText,
    /// What they saw: the portal's reference, a bank slip.
    pub saw: Option<TypedText>,
}

/// What a return from the bank claims, once it is explicit (`RULES.md` 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The bank's page reports success.
    Success,
    /// The bank's page reports failure.
    Failure,
}

/// The evidence behind an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The gateway, asked about the outcome.
    GatewayStatus(Seen),
    /// The gateway's answer to the payment itself.
    PayAnswer,
    /// An explicit return together with a second sign from `installment-info`.
    ReturnAndProbe(Claim),
    /// An explicit return alone, by the owner's setting.
    ReturnAlone(Claim),
    /// A supervisor settled it.
    Supervisor(SupervisorWord),
    /// A supervisor's counter-entry after a contradiction.
    CounterEntry(SupervisorWord),
}

/// How much a piece of evidence weighs; greater is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A return.
    Return,
    /// A supervisor.
    Supervisor,
    /// The gateway's word.
    Gateway,
}

impl Evidence {
    /// Its rank.
    #[must_use]
    pub const fn rank(&self) -> Rank {
        match self {
            Self::GatewayStatus(_) | Self::PayAnswer => Rank::Gateway,
            Self::Supervisor(_) | Self::CounterEntry(_) => Rank::Supervisor,
            Self::ReturnAndProbe(_) | Self::ReturnAlone(_) => Rank::Return,
        }
    }

    /// The word used in JSON, exports and logs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::GatewayStatus(_) => "gateway_status",
            Self::PayAnswer => "pay_answer",
            Self::ReturnAndProbe(_) => "return_and_probe",
            Self::ReturnAlone(_) => "return_alone",
            Self::Supervisor(_) => "supervisor",
            Self::CounterEntry(_) => "counter_entry",
        }
    }
}

/// Whether the gateway's status query bears an outcome out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// It does, or nothing further can be asked for.
    Confirmed,
    /// The outcome stands on weaker evidence, and the receipt says so.
    Unconfirmed,
}
