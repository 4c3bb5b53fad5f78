//! How an errand to a printer ends, and what is wrong, in words.

use serde::{Deserialize, Serialize};

/// What is wrong with a printer or the way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Nothing answers at its address, or its device is not there.
    #[error("The printer can't be reached: check that it is switched on and connected.")]
    NotReachable,
    /// Something is at the address, and no printer listens there.
    #[error("The printer's address takes no print jobs: check the address and the port.")]
    Refusing,
    /// The system does not let this program at the device.
    #[error("This user may not use the printer's device: it needs the system's permission.")]
    NotAllowed,
    /// Its paper is used up.
    #[error("The printer has no paper.")]
    NoPaper,
    /// Its cover is open.
    #[error("The printer's cover is open.")]
    CoverOpen,
    /// It reports an error of its own: the knife, the voltage, the temperature.
    #[error("The printer reports an error: switch it off and on again.")]
    Fault,
    /// It took too long.
    #[error("The printer does not take the data, or does not say that it has printed.")]
    Slow,
    /// The connection broke.
    #[error("The connection to the printer broke.")]
    Gone,
    /// The system has no such print queue, or no print system.
    #[error("The system knows no such print queue.")]
    NoQueue,
    /// The desk stopped while the paper was on its way.
    #[error("The desk was stopped while the paper was on its way to the printer.")]
    Stopped,
    /// The paper could not be made.
    #[error("The paper could not be made.")]
    NotMade,
    /// The desk could not write down that it prints, so it did not.
    #[error("It could not be written down that this is printed, so it was not.")]
    NotKept,
    /// The outcome is another one since the paper was ordered, so it was not printed.
    #[error("The outcome has changed since this paper was ordered, so it was not printed.")]
    Outdated,
}

impl Trouble {
    /// The code for tables of words.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotReachable => "printer_not_reachable",
            Self::Refusing => "printer_refusing",
            Self::NotAllowed => "printer_not_allowed",
            Self::NoPaper => "printer_no_paper",
            Self::CoverOpen => "printer_cover_open",
            Self::Fault => "printer_fault",
            Self::Slow => "printer_slow",
            Self::Gone => "printer_gone",
            Self::NoQueue => "printer_no_queue",
            Self::Stopped => "printer_stopped",
            Self::NotMade => "paper_not_made",
            Self::NotKept => "paper_not_kept",
            Self::Outdated => "paper_outdated",
        }
    }
}

/// How an errand to a printer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The printer said that it has worked through everything.
    Confirmed,
    /// Everything was taken, by a printer that never says more or by the system's print queue.
    Taken,
    /// Nothing of the paper left the desk: it may be sent again.
    NothingLeft(Trouble),
    /// Something may have left, and nobody knows what was printed: only a person can look.
    Unknown(Trouble),
}
