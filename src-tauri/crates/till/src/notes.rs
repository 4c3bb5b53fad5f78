//! Notes by staff.

use vezne_core::note::Note;
use vezne_core::record::{Batch, Record};

use crate::desk::Desk;
use crate::request::SettleError;

impl Desk {
    /// Writes a note down. It says something of a payment and changes nothing about it, so whatever the payment stands in, it
    /// may be written.
    pub(crate) async fn add_note(&mut self, note: Note) -> Result<(), SettleError> {
        let known = self.ports.journal.payment(note.payment).await.map_err(SettleError::Journal)?;
        known.ok_or(SettleError::NotFound)?;
        let now = self.now();
        let batch = Batch { records: vec![Record::NoteAdded(note)], names: Vec::new() };
        self.write(batch, now).await.map_err(SettleError::Journal)
    }
}
