//! A paper that was issued, as it is looked up.

use std::num::NonZeroU32;

use vezne_core::papers::{PaperIssued, PaperLanguage, PaperWay};
use vezne_core::ports::JournalFault;
use vezne_core::record::Record;

use crate::event::Event;

/// A paper issued, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// The event.
    pub event_id: String,
    /// The desk.
    pub desk_id: String,
    /// The paper's name.
    pub paper: String,
    /// The number of the copy; 0 for the first one.
    pub copy: i64,
    /// The way's word.
    pub way: String,
    /// The language's code.
    pub language: String,
    /// The payment that it speaks of.
    pub payment_id: Option<String>,
    /// Who sat at the desk.
    pub operator_id: Option<String>,
    /// When it was issued, in milliseconds since 1970.
    pub at_ms: i64,
    /// The event's number.
    pub seq: i64,
    /// The number of the event by which it was taken back; nothing of it has left then.
    pub withdrawn: Option<i64>,
}

/// The row of a paper issued, as it was then; `None` for any other record.
#[must_use]
pub fn paper(record: &Record, event: &Event) -> Option<PaperRow> {
    let Record::PaperIssued(issued) = record else { return None };
    Some(PaperRow {
        event_id: event.event_id.clone(),
        desk_id: event.desk_id.clone(),
        paper: issued.paper.to_string(),
        copy: issued.copy.map_or(0, |copy| i64::from(copy.get())),
        way: issued.way.word().to_owned(),
        language: issued.language.code().to_owned(),
        payment_id: issued.payment.map(|payment| payment.to_string()),
        operator_id: issued.operator.map(|operator| operator.to_string()),
        at_ms: event.at_ms,
        seq: event.seq,
        withdrawn: None,
    })
}

impl PaperRow {
    /// The record that this row was made of.
    ///
    /// # Errors
    /// [`JournalFault::Damaged`] for a row that no record makes.
    pub fn issued(&self) -> Result<PaperIssued, JournalFault> {
        let wrong = || JournalFault::Damaged(format!("the paper of event {} is none", self.seq));
        let id = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
        Ok(PaperIssued {
            paper: self.paper.parse().map_err(|_| wrong())?,
            copy: NonZeroU32::new(u32::try_from(self.copy).map_err(|_| wrong())?),
            way: PaperWay::of_word(&self.way).ok_or_else(wrong)?,
            language: PaperLanguage::of_code(&self.language).ok_or_else(wrong)?,
            payment: id(&self.payment_id).map_err(|_| wrong())?,
            operator: self.operator_id.as_deref().map(str::parse).transpose().map_err(|_| wrong())?,
        })
    }
}
