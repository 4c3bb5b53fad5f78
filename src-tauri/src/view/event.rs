//! What the desk is told while it is open.

use serde::Serialize;
use specta::Type;

use super::{AttemptView, ComparingView, Fault, Hello, PrinterView, ReversalView, Time};

/// One change, for the window's stream. What is told after `watch` answered goes on from that answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeskEvent {
    /// An attempt changed.
    Attempt {
        /// As it stands now.
        attempt: Box<AttemptView>,
    },
    /// A reversal changed.
    Reversal {
        /// As it stands now.
        reversal: Box<ReversalView>,
    },
    /// The journal's state changed.
    Journal {
        /// As it stands now.
        journal: JournalView,
    },
    /// A bank's page changed.
    BankPage {
        /// As it stands now.
        page: BankPageView,
    },
    /// The printer's queue changed.
    Printer {
        /// As it stands now.
        printer: PrinterView,
    },
    /// Someone wants to close the desk while something is under way: the window asks whether that is meant, and calls
    /// `close_desk` if so.
    CloseAsked {
        /// Attempts without an outcome; they are asked about again at the next start.
        open: u32,
        /// An outcome could not be written down yet, and would be lost.
        not_written_down: bool,
    },
    /// A link was opened: this payment is to be shown (or, by its id, the payment of an attempt or a reversal).
    OpenPayment {
        /// The id that the link names.
        id: String,
    },
    /// The day was closed.
    DayClosed {
        /// The number of the close.
        number: u32,
    },
    /// The comparison of a close went on.
    Comparing {
        /// How far it has come.
        comparing: ComparingView,
    },
    /// Everything may be different (another session, changed accounts, a stream that lagged): this replaces all.
    Anew {
        /// Everything.
        hello: Box<Hello>,
    },
}

/// How the journal does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JournalView {
    /// Everything is written down.
    Written,
    /// Something waits to be written; no payments are taken meanwhile.
    NotWritten {
        /// Why, in the system's words.
        why: String,
    },
    /// Everything is written down, and no payments are taken: the disk is full, the journal damaged or gone.
    Refusing {
        /// Why.
        fault: Fault,
    },
}

/// How a bank's page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BankPageState {
    /// It is on its way.
    Loading,
    /// It stands over the desk.
    Shown,
    /// It is parked: hidden, and at work.
    Parked,
    /// Someone wants to close its window: the desk asks whether that is meant.
    CloseAsked,
    /// It was handed to the system's browser.
    InBrowser,
    /// It is gone.
    Gone,
}

/// A bank's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BankPageView {
    /// The attempt.
    pub attempt: String,
    /// How it does.
    pub state: BankPageState,
    /// The host it stands at now; `null` until something is loaded, and in the system's browser.
    pub host: Option<String>,
    /// It came by https.
    pub secure: bool,
    /// When it was opened.
    pub opened: Time,
    /// When its time is over.
    pub until: Time,
    /// No browser could be opened: the address that a person opens once, on this machine.
    pub open_yourself: Option<String>,
}
