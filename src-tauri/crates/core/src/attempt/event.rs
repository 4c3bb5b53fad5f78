//! What can happen to an attempt, and what it can ask for.

use serde::{Deserialize, Serialize};

use crate::answers::{NotSentReason, PayAnswer, Probe};
use crate::attempt::state::{Alarm, CounterOutcome, VezneRefusal};
use crate::evidence::{Claim, SupervisorWord};
use crate::status::{Baseline, Reading};
use crate::text::ForeignText;
use crate::time::{Millis, Timestamp};

/// What preparation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preparation {
    /// Everything that must be waited for is there.
    Done {
        /// What stood at the gateway before.
        baseline: Option<Baseline>,
    },
    /// It could not be got: nothing is sent.
    NotSent(NotSentReason),
    /// What was got says that nothing may be sent.
    Refused(VezneRefusal),
}

/// How the bank's page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageEnd {
    /// A person closed it.
    ClosedByHand,
    /// The operator says that the customer gave up.
    GaveUp,
    /// It could not be loaded.
    LoadFailed,
    /// Its certificate is not to be trusted.
    TlsFailed,
    /// Its process died.
    ProcessGone,
    /// The desk stopped.
    DeskStopped,
    /// The outcome is known: we closed it.
    Settled,
    /// Its return has come, and nothing else is on it.
    Returned,
}

/// The fields of a return that are kept (`RULES.md` 2), filtered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnFields {
    /// `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ForeignText>,
    /// `success`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<ForeignText>,
    /// `orderID` or `orderId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<ForeignText>,
    /// `clientReferenceCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_reference: Option<ForeignText>,
    /// `mdStatus`; never counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub md_status: Option<ForeignText>,
    /// `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ForeignText>,
}

impl ReturnFields {
    /// Picks the known fields out of whatever came; the first of each name counts.
    #[must_use]
    pub fn pick<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs {
            let slot = match name {
                "status" => &mut fields.status,
                "success" => &mut fields.success,
                "orderID" | "orderId" => &mut fields.order,
                "clientReferenceCode" => &mut fields.client_reference,
                "mdStatus" => &mut fields.md_status,
                "error" => &mut fields.error,
                _ => continue,
            };
            if slot.is_none() {
                *slot = Some(ForeignText::filter(value));
            }
        }
        fields
    }
}

/// A return from the bank, bound to the attempt by its nonce: a hint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnHint {
    /// What it said.
    pub fields: ReturnFields,
    /// Whether it has become the window's own page; an image or a frame can't do that.
    pub own_page: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Preparation is over.
    Prepared(Preparation),
    /// The operator cancels.
    CancelRequested,
    /// The journal did not take the last entry, and nothing was sent.
    JournalFailed,
    /// The payment call is over.
    PayAnswered(PayAnswer),
    /// A new token is there.
    TokenRenewed,
    /// No new token can be had.
    TokenUnavailable,
    /// A return came.
    ReturnArrived(ReturnHint),
    /// The bank's page is gone.
    PageGone(PageEnd),
    /// The bank's page leaves its window for the system's browser, where it is opened once.
    PageMoved,
    /// The gateway was asked.
    StatusRead {
        /// What its answer says of this attempt.
        reading: Reading,
        /// When the question left.
        asked: Timestamp,
    },
    /// `installment-info` was asked as a second sign.
    Probed(Probe),
    /// The time that [`crate::attempt::next_due`] named has come.
    Due,
    /// A person asks to ask now.
    AskRequested,
    /// A supervisor sets it aside.
    SetAside(SupervisorWord),
    /// A supervisor settles it.
    Resolved {
        /// As what.
        outcome: CounterOutcome,
        /// Who and why.
        word: SupervisorWord,
    },
    /// A supervisor's counter-entry after a contradiction.
    CounterEntered {
        /// What counts from now on.
        outcome: CounterOutcome,
        /// Who and why.
        word: SupervisorWord,
    },
    /// A sibling's outcome makes this one alarming: both were approved.
    AlarmRaised(Alarm),
    /// The desk has started again and takes it up.
    Restarted,
    /// The same, and the journal lost what was written last: whether the request left is among what is lost.
    RestartedAfterLoss,
}

/// What the till is to do, in order, after the entries are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send the payment request. Emitted at most once for each `Sending` written.
    SendPayment,
    /// Fetch a new token.
    RenewToken,
    /// Show the bank's page.
    OpenBankPage,
    /// Close the bank's page.
    CloseBankPage,
    /// Ask the gateway what became of it.
    AskStatus,
    /// Ask `installment-info` as a second sign.
    Probe,
    /// Raise an alarm.
    Raise(Alarm),
    /// Wipe the CVC: the pay answer is here. The rest of the card waits for the bank's word.
    ForgetCvc,
    /// Wipe the card.
    ForgetCard,
    /// Keep number, expiry and holder for "same card again", at most 120 seconds; wipe the CVC.
    KeepCard,
}

/// Why an event can't be taken in this state. Nothing changes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The event makes no sense here.
    #[error("\u{201c}{event}\u{201d} can't happen to an attempt that is {state}")]
    NotNow {
        /// The state's word.
        state: &'static str,
        /// The event's word.
        event: &'static str,
    },
    /// A payment that may have left can't be cancelled.
    #[error("the request may have left: it can't be cancelled any more, only asked about")]
    TooLateToCancel,
    /// The bank's page may still be open.
    #[error("the bank's page may still be open before the customer")]
    PageStillOpen,
    /// Setting aside needs more answered questions.
    #[error("the gateway must have answered {needed} questions since the page was gone; it answered {answered}")]
    NotAskedEnough {
        /// How many it answered.
        answered: usize,
        /// How many are needed.
        needed: usize,
    },
    /// Setting aside needs more time.
    #[error("wait until {until}")]
    TooSoon {
        /// Until when.
        until: Timestamp,
        /// How long that is.
        wait: Millis,
    },
    /// The gateway said that it was paid.
    #[error("the gateway says that it is paid")]
    SaidPaid,
    /// What was seen (the portal's reference, a bank slip) is needed, and not said.
    #[error("what was seen in the gateway's portal must be named")]
    PortalReferenceMissing,
    /// There is no contradiction to answer.
    #[error("nothing contradicts this outcome")]
    NothingContradicts,
}

impl Event {
    /// The event's word for tables, logs and refusals.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Prepared(_) => "prepared",
            Self::CancelRequested => "cancel requested",
            Self::JournalFailed => "journal failed",
            Self::PayAnswered(_) => "pay answered",
            Self::TokenRenewed => "token renewed",
            Self::TokenUnavailable => "token unavailable",
            Self::ReturnArrived(_) => "return arrived",
            Self::PageGone(_) => "page gone",
            Self::PageMoved => "page moved",
            Self::StatusRead { .. } => "status read",
            Self::Probed(_) => "probed",
            Self::Due => "due",
            Self::AskRequested => "ask requested",
            Self::SetAside(_) => "set aside",
            Self::Resolved { .. } => "resolved",
            Self::CounterEntered { .. } => "counter-entered",
            Self::AlarmRaised(_) => "alarm raised",
            Self::Restarted => "restarted",
            Self::RestartedAfterLoss => "restarted, after loss",
        }
    }
}

impl ReturnHint {
    /// What it claims, if it is explicit for this subject and reference (`RULES.md` 2).
    #[must_use]
    pub fn claim(&self, subject: &super::Subject, reference: &str) -> Option<Claim> {
        if !self.own_page {
            return None;
        }
        // What came in went through the filter, which masks a long number that could be a card's: so does what it must be.
        let is = |field: &Option<ForeignText>, text: &str| field.as_ref() == Some(&ForeignText::filter(text));
        match subject {
            super::Subject::Order(order) if is(&self.fields.order, order.as_str()) => {
                claim_of(is(&self.fields.status, "success"), is(&self.fields.status, "failed"))
            }
            super::Subject::Reference { .. } if is(&self.fields.client_reference, reference) => {
                claim_of(is(&self.fields.success, "true"), is(&self.fields.success, "false"))
            }
            super::Subject::Order(_) | super::Subject::Reference { .. } => None,
        }
    }
}

const fn claim_of(success: bool, failure: bool) -> Option<Claim> {
    match (success, failure) {
        (true, false) => Some(Claim::Success),
        (false, true) => Some(Claim::Failure),
        (true, true) | (false, false) => None,
    }
}
