//! Who may do what at the desk.

use serde::{Deserialize, Serialize};

/// The two roles of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes payments, asks about them, shows and prints.
    Cashier,
    /// Answers for what can cost or return money without the customer's bank having the last word.
    Supervisor,
}

/// Everything that an operator can ask for and that is not simply looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Taking a payment by card with 3-D Secure, or from the credit limit.
    TakePayment,
    /// Taking a card payment without 3-D Secure.
    TakeWithout3ds,
    /// Paying although the duplicate guard names an earlier attempt.
    OverrideGuard,
    /// Asking the gateway again.
    AskAgain,
    /// Turning an unknown attempt into set aside ("another card now").
    SetAside,
    /// Settling an unknown attempt or reversal by a person's word.
    Resolve,
    /// The counter-entry after a contradiction.
    CounterEntry,
    /// Voiding a payment.
    Void,
    /// Refunding a payment.
    Refund,
    /// Adding an operator once a supervisor exists.
    AddOperator,
    /// Writing down what went back by hand in the gateway's own portal.
    RecordReturn,
    /// Answering for an alarm that has been seen.
    Acknowledge,
    /// Closing the day over what a restored backup left out: from then on references of that time need nobody any more.
    CloseOverMissing,
}

impl Act {
    /// All acts, for tables and tests.
    pub const ALL: [Self; 13] = [
        Self::TakePayment,
        Self::TakeWithout3ds,
        Self::OverrideGuard,
        Self::AskAgain,
        Self::SetAside,
        Self::Resolve,
        Self::CounterEntry,
        Self::Void,
        Self::Refund,
        Self::AddOperator,
        Self::RecordReturn,
        Self::Acknowledge,
        Self::CloseOverMissing,
    ];

    /// The least role that may do it. A supervisor may do everything.
    #[must_use]
    pub const fn needs(self) -> Role {
        match self {
            Self::TakePayment | Self::AskAgain => Role::Cashier,
            Self::TakeWithout3ds
            | Self::OverrideGuard
            | Self::SetAside
            | Self::Resolve
            | Self::CounterEntry
            | Self::Void
            | Self::Refund
            | Self::AddOperator
            | Self::RecordReturn
            | Self::Acknowledge
            | Self::CloseOverMissing => Role::Supervisor,
        }
    }
}

impl Role {
    /// Whether this role may do `act`.
    #[must_use]
    pub const fn may(self, act: Act) -> bool {
        match (self, act.needs()) {
            (Self::Supervisor, Role::Cashier | Role::Supervisor) | (Self::Cashier, Role::Cashier) => true,
            (Self::Cashier, Role::Supervisor) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cashier_takes_and_asks_and_a_supervisor_may_do_everything() {
        let cashier: Vec<Act> = Act::ALL.into_iter().filter(|act| Role::Cashier.may(*act)).collect();
        assert_eq!(cashier, [Act::TakePayment, Act::AskAgain]);
        assert!(Act::ALL.into_iter().all(|act| Role::Supervisor.may(act)));
    }
}
