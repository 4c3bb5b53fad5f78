//! What it means when nothing came that could be read: for a question, for a call that moves money, for a sign-in.

use std::sync::atomic::{AtomicU32, Ordering};

use secrecy::SecretString;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason, StatusAnswer};
use vezne_core::ports::ReadFault;
use vezne_core::time::Timestamp;

use super::answered::Silence;
use super::reply::{Reply, Status};

/// Why a question has no answer that says anything about the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Not for now.
    ForNow(CouldNotAsk),
    /// Not at this account.
    AtAll(CannotBeAsked),
}

impl NoAnswer {
    /// What an answer without content means by itself.
    pub(crate) const fn of(status: Status) -> Self {
        match status {
            Status::Unauthorised => Self::AtAll(CannotBeAsked::Unauthorised),
            Status::Forbidden => Self::ForNow(CouldNotAsk::NotAllowed),
            Status::TooMany => Self::ForNow(CouldNotAsk::TooMany),
            Status::Ok => Self::ForNow(CouldNotAsk::Unreadable),
            Status::BadRequest | Status::PaymentRequired | Status::NotFound | Status::Server(_) | Status::Other(_) => {
                Self::ForNow(CouldNotAsk::ServerError)
            }
        }
    }
}

impl From<NoAnswer> for ReadFault {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::ForNow(why) => Self::CouldNotAsk(why),
            NoAnswer::AtAll(why) => Self::CannotBeAsked(why),
        }
    }
}

impl From<NoAnswer> for StatusAnswer {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::ForNow(why) => Self::CouldNotAsk(why),
            NoAnswer::AtAll(why) => Self::CannotBeAsked(why),
        }
    }
}

impl From<SignInFault> for NoAnswer {
    fn from(fault: SignInFault) -> Self {
        Self::ForNow(fault.could_not_ask())
    }
}

impl From<Silence> for NoAnswer {
    fn from(silence: Silence) -> Self {
        Self::ForNow(match silence {
            Silence::NotSent => CouldNotAsk::Offline,
            Silence::TimedOut => CouldNotAsk::TimedOut,
            Silence::Lost => CouldNotAsk::Unreadable,
        })
    }
}

/// Why a money call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoneySilence {
    /// Certainly nothing was sent.
    NotSent(NotSentReason),
    /// The deadline passed.
    TimedOut,
    /// The connection broke.
    Lost,
}

impl From<Silence> for MoneySilence {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::NotSent => Self::NotSent(NotSentReason::Offline),
            Silence::TimedOut => Self::TimedOut,
            Silence::Lost => Self::Lost,
        }
    }
}

/// 403 in a row on questions about a status: after three the account can't be asked at all (`RULES.md` 2).
#[derive(Debug, Default)]
pub struct Forbidden(AtomicU32);

impl Forbidden {
    const MEANS_NEVER: u32 = 3;

    /// None so far.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// Counts the HTTP status of an answer to a question about a status; true when it is the third 403 in a row or a
    /// later one, and the answer is [`CannotBeAsked::NotAllowed`], whatever its body says. Silence is not counted.
    pub fn means_never(&self, status: u16) -> bool {
        self.count(Status::of(status))
    }

    pub(crate) fn count(&self, status: Status) -> bool {
        if status == Status::Forbidden {
            return self.0.fetch_add(1, Ordering::AcqRel).saturating_add(1) >= Self::MEANS_NEVER;
        }
        self.0.store(0, Ordering::Release);
        false
    }
}

/// What a sign-in gave.
pub struct SignedIn {
    /// The access token.
    pub token: SecretString,
    /// When it ends, if that is said and can be read.
    pub until: Option<Timestamp>,
    /// What a new one can be had for without the login (Yolcu360).
    pub refresh: Option<SecretString>,
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// The gateway does not take the login, or a ready token that can't be renewed.
    Refused,
    /// No connection.
    Offline,
    /// No answer that can be read.
    Unanswered,
    /// 429.
    TooMany,
}

impl SignInFault {
    /// What the answer to a sign-in means when it carries no token.
    pub(crate) const fn of(reply: &Result<Reply, Silence>) -> Self {
        match reply {
            Ok(reply) => match reply.status {
                Status::BadRequest | Status::Unauthorised | Status::PaymentRequired | Status::Forbidden => {
                    Self::Refused
                }
                Status::TooMany => Self::TooMany,
                Status::Ok | Status::NotFound | Status::Server(_) | Status::Other(_) => Self::Unanswered,
            },
            Err(Silence::NotSent) => Self::Offline,
            Err(Silence::TimedOut | Silence::Lost) => Self::Unanswered,
        }
    }

    /// What it means for a payment that waits for the token: nothing of it was sent.
    #[must_use]
    pub const fn not_sent(self) -> NotSentReason {
        match self {
            Self::Refused => NotSentReason::SignInRefused,
            Self::Offline => NotSentReason::Offline,
            Self::Unanswered | Self::TooMany => NotSentReason::SignInUnanswered,
        }
    }

    /// What it means for a question that waits for the token.
    #[must_use]
    pub const fn could_not_ask(self) -> CouldNotAsk {
        match self {
            Self::Offline => CouldNotAsk::Offline,
            Self::TooMany => CouldNotAsk::TooMany,
            Self::Refused | Self::Unanswered => CouldNotAsk::SignIn,
        }
    }
}

/// The token out of the answer to a sign-in, by the gateway's own form.
pub(crate) fn signed_in(
    reply: Result<Reply, Silence>,
    form: fn(&[u8]) -> Option<SignedIn>,
) -> Result<SignedIn, SignInFault> {
    match &reply {
        Ok(answer) if answer.status == Status::Ok => answer.body.whole().and_then(form).ok_or(SignInFault::Unanswered),
        Ok(_) | Err(_) => Err(SignInFault::of(&reply)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_times_forbidden_in_a_row_means_never() {
        let seen = Forbidden::new();
        assert_eq!(
            [403, 403, 404, 403, 403, 403, 403, 200].map(|status| seen.means_never(status)),
            [false, false, false, false, false, true, true, false]
        );
    }
}
