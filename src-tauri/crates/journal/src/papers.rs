//! Which papers were issued.

use vezne_core::ids::PaymentId;
use vezne_core::papers::{PaperIssued, PaperName};
use vezne_core::ports::JournalFault;
use vezne_core::time::Timestamp;

use crate::Journal;
use crate::fault::IntoFault;
use crate::tables::papers;

impl Journal {
    /// How many copies of a paper were issued and not taken back; `None` when not even the first one was.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn copies_of(&self, paper: &PaperName) -> Result<Option<u32>, JournalFault> {
        let last = papers::last_copy(&mut *self.reading().await?, paper.as_str()).await.fault()?;
        let odd = |_| JournalFault::Damaged(format!("the copies of {paper} can't be counted"));
        last.map(u32::try_from).transpose().map_err(odd)
    }

    /// The papers that speak of a payment and were not taken back, oldest first, and when each was issued.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read.
    pub async fn papers_of(&self, payment: PaymentId) -> Result<Vec<(Timestamp, PaperIssued)>, JournalFault> {
        let rows = papers::of_payment(&mut *self.reading().await?, &payment.to_string()).await.fault()?;
        rows.iter().map(|row| Ok((Timestamp::from_millis(row.at_ms), row.issued()?))).collect()
    }
}
