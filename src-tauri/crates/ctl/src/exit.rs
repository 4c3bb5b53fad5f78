//! What the program's end says to scripts (`PRODUCT.md`, "Without a window").

use vezne_core::attempt::Outcome;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Approved, or done.
    Done,
    /// A check failed.
    CheckFailed,
    /// Arguments or configuration that can't be read, or an unknown account.
    Arguments,
    /// Declined.
    Declined,
    /// Not known whether money moved.
    Unknown,
    /// Nothing was sent.
    NotSent,
    /// Refused: by Vezne before sending, or by the gateway before processing.
    Refused,
    /// The journal, the disk, the lock or the keychain.
    Environment,
}

impl Exit {
    /// The code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::CheckFailed => 1,
            Self::Arguments => 2,
            Self::Declined => 10,
            Self::Unknown => 20,
            Self::NotSent => 30,
            Self::Refused => 40,
            Self::Environment => 50,
        }
    }

    /// The code of an outcome.
    pub(crate) const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Approved => Self::Done,
            Outcome::Declined => Self::Declined,
            Outcome::Refused => Self::Refused,
            Outcome::Unknown => Self::Unknown,
            Outcome::NotSent => Self::NotSent,
        }
    }
}
