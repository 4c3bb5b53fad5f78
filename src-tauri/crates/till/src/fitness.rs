//! Whether the journal takes new money, told to the fronts as soon as it is known and not only at the next sale.

use vezne_core::ports::JournalFault;
use vezne_core::time::Millis;

use crate::desk::Desk;
use crate::view::JournalState;

/// How often a journal that refuses is looked at again: room may have been made, the file put back.
pub(crate) const LOOK_AGAIN: Millis = Millis::seconds(5);

impl Desk {
    /// Asks the journal and tells what has changed. What waits to be written is told by whoever holds it.
    pub(crate) fn look_at_the_journal(&mut self) {
        if matches!(self.journal, JournalState::NotWritten(_)) {
            // Looked at again once everything is written; a look that is due and not made would be due for ever.
            self.look.clear();
            return;
        }
        match self.ports.journal.may_take_money() {
            Ok(()) => {
                self.look.clear();
                self.set_journal(JournalState::Written);
            }
            Err(fault) => {
                self.look.set(self.now());
                self.set_journal(refusing(&fault));
            }
        }
    }
}

fn refusing(fault: &JournalFault) -> JournalState {
    let code = match fault {
        JournalFault::DiskFull => "disk_full",
        JournalFault::Damaged(_) => "journal_damaged",
        JournalFault::Gone(_) => "journal_gone",
        JournalFault::KeyTaken
        | JournalFault::OverrideUsed
        | JournalFault::ReversalOpen
        | JournalFault::CloseOutrun
        | JournalFault::NotWritable(_)
        | JournalFault::Unreadable(_) => "journal",
    };
    JournalState::Refusing { code, why: fault.to_string() }
}
