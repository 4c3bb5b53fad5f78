//! What a question came to, in words: nobody may take one that was not answered for the gateway's word.

use vezne_core::answers::{CannotBeAsked, CouldNotAsk};
use vezne_core::{reversal, status};

/// Why the gateway said nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// It was asked, and did not answer.
    Could(CouldNotAsk),
    /// It can't be asked.
    Cannot(CannotBeAsked),
    /// Nobody waited any longer for its answer.
    NotYet,
}

impl Unanswered {
    /// As a script gets it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Could(CouldNotAsk::Offline) => "offline",
            Self::Could(CouldNotAsk::TimedOut) => "timed_out",
            Self::Could(CouldNotAsk::Unreadable) => "unreadable",
            Self::Could(CouldNotAsk::ServerError) => "server_error",
            Self::Could(CouldNotAsk::TooMany) => "too_many",
            Self::Could(CouldNotAsk::SignIn) => "sign_in",
            Self::Could(CouldNotAsk::NotAllowed) | Self::Cannot(CannotBeAsked::NotAllowed) => "not_allowed",
            Self::Cannot(CannotBeAsked::Off) => "off",
            Self::Cannot(CannotBeAsked::Unauthorised) => "unauthorised",
            Self::Cannot(CannotBeAsked::OtherEndpoint) => "other_endpoint",
            Self::NotYet => "not_yet",
        }
    }

    /// Why, for a person.
    pub(crate) const fn why(self) -> &'static str {
        match self {
            Self::Could(CouldNotAsk::Offline) => "no connection",
            Self::Could(CouldNotAsk::TimedOut) => "no answer in time",
            Self::Could(CouldNotAsk::Unreadable) => "the connection broke, or its answer can't be read",
            Self::Could(CouldNotAsk::ServerError) => "it failed",
            Self::Could(CouldNotAsk::TooMany) => "it asks to wait before the next request",
            Self::Could(CouldNotAsk::SignIn) => "the sign-in failed",
            Self::Could(CouldNotAsk::NotAllowed) | Self::Cannot(CannotBeAsked::NotAllowed) => {
                "it does not let this account ask"
            }
            Self::Cannot(CannotBeAsked::Off) => "it is switched off (`status_query`)",
            Self::Cannot(CannotBeAsked::Unauthorised) => "it does not accept the account's login",
            Self::Cannot(CannotBeAsked::OtherEndpoint) => {
                "the account is not in config.toml any more, or has another address or login there"
            }
            Self::NotYet => "no answer yet",
        }
    }

    /// As a sentence.
    pub(crate) fn sentence(self) -> String {
        format!("The gateway could not be asked: {}.", self.why())
    }
}

/// Why a question about a payment was not answered; `None` when it was.
pub(crate) const fn of_payment(reading: &status::Reading) -> Option<Unanswered> {
    match reading {
        status::Reading::CouldNotAsk(why) => Some(Unanswered::Could(*why)),
        status::Reading::CannotBeAsked(why) => Some(Unanswered::Cannot(*why)),
        status::Reading::Paid(_)
        | status::Reading::PaidPartlyReturned(_)
        | status::Reading::NotPaid(_)
        | status::Reading::Pending(_)
        | status::Reading::NoTrace
        | status::Reading::Mismatch { .. }
        | status::Reading::Attention(_)
        | status::Reading::PaidByUnknownCard(_)
        | status::Reading::OwnReversal(_) => None,
    }
}

/// Why a question about a reversal was not answered; `None` when it was.
pub(crate) const fn of_reversal(reading: &reversal::Reading) -> Option<Unanswered> {
    match reading {
        reversal::Reading::CouldNotAsk(why) => Some(Unanswered::Could(*why)),
        reversal::Reading::CannotBeAsked(why) => Some(Unanswered::Cannot(*why)),
        reversal::Reading::Done(_)
        | reversal::Reading::NotYet(_)
        | reversal::Reading::OtherAmount { .. }
        | reversal::Reading::NoAmount => None,
    }
}

/// A question about a payment, as a step of its history.
pub(crate) fn payment_step(reading: &status::Reading) -> String {
    let said = match reading {
        status::Reading::Paid(_) => "paid",
        status::Reading::PaidPartlyReturned(_) => "paid, and returned in part or whole",
        status::Reading::NotPaid(_) => "not paid",
        status::Reading::Pending(_) => "not final yet",
        status::Reading::NoTrace => "it knows of nothing",
        status::Reading::CouldNotAsk(why) => return not_asked(Unanswered::Could(*why)),
        status::Reading::CannotBeAsked(why) => return not_asked(Unanswered::Cannot(*why)),
        status::Reading::Mismatch { .. } => "paid, but not as expected",
        status::Reading::Attention(_) => "a state that a person must judge",
        status::Reading::PaidByUnknownCard(_) => "paid, by which card is not known",
        status::Reading::OwnReversal(_) => "as our own reversal left it",
    };
    format!("asked: {said}")
}

/// A question about a reversal, as a step of its history.
pub(crate) fn reversal_step(reading: &reversal::Reading) -> String {
    let said = match reading {
        reversal::Reading::Done(_) => "returned",
        reversal::Reading::NotYet(_) => "nothing has changed yet",
        reversal::Reading::OtherAmount { .. } => "another amount is left",
        reversal::Reading::NoAmount => "no amount to compare",
        reversal::Reading::CouldNotAsk(why) => return not_asked(Unanswered::Could(*why)),
        reversal::Reading::CannotBeAsked(why) => return not_asked(Unanswered::Cannot(*why)),
    };
    format!("asked: {said}")
}

fn not_asked(unanswered: Unanswered) -> String {
    format!("could not be asked: {}", unanswered.why())
}
