//! From the journal to a paper.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use vezne_core::attempt::{Attempt, Means, Subject};
use vezne_core::ids::{AttemptId, OperatorId, PaymentId, ReversalId};
use vezne_core::papers::PaperName;
use vezne_core::ports::Journal as _;
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;
use vezne_journal::Journal;
use vezne_receipt::block::Document;
use vezne_receipt::{Around, HeaderLine, Language, Slip};
use vezne_settings::Settings;

use super::PaperFault;

/// Of what a receipt speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// An attempt.
    Attempt(AttemptId),
    /// A reversal.
    Reversal(ReversalId),
}

/// A paper that may be issued: a receipt, or any document with a name of its own, such as a day close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The name that it and its copies are counted by.
    pub name: PaperName,
    /// Of what a receipt speaks; none for a paper that can't come to say anything else.
    pub about: Option<About>,
    /// The payment that it speaks of; none for a paper about none.
    pub payment: Option<PaymentId>,
    /// What it is about, for lists: a booking number, an order, a number of its own.
    pub subject: String,
    /// What a file of it is called, without an ending.
    pub stem: String,
    /// What stands on it, without the mark of a copy.
    pub document: Document,
}

impl Paper {
    /// In which language it is.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.document.language
    }
}

/// Of the desk, what stands on its receipts.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// What it was told.
    pub settings: &'a Settings,
    /// Whether it is in training mode.
    pub training: bool,
}

/// The receipt of an attempt or a reversal, as a journal tells of it now.
///
/// # Errors
/// [`PaperFault::NotFound`], [`PaperFault::NoOutcome`], or the journal's fault.
pub async fn receipt(
    journal: &Journal,
    desk: &Desk<'_>,
    about: About,
    language: Language,
) -> Result<Paper, PaperFault> {
    let (slip, attempt) = match about {
        About::Attempt(id) => {
            let attempt = journal.attempt(id).await?.ok_or(PaperFault::NotFound)?;
            let around = around(journal, desk, &attempt, attempt.intent.operator).await?;
            (Slip::of_attempt(&attempt, around), attempt)
        }
        About::Reversal(id) => {
            let reversal = journal.reversal(id).await?.ok_or(PaperFault::NotFound)?;
            let attempt = journal.attempt(reversal.intent.attempt).await?.ok_or(PaperFault::NotFound)?;
            let around = around(journal, desk, &attempt, Some(reversal.intent.word.operator)).await?;
            (Slip::of_reversal(&reversal, &attempt, around), attempt)
        }
    };
    let Slip { paper, receipt } = slip.ok_or(PaperFault::NoOutcome)?;
    let document = receipt.document(language);
    let subject = subject(&attempt);
    let stem = stem(receipt.at, &receipt.zone, &subject, document.title.as_str());
    Ok(Paper { name: paper, about: Some(about), payment: Some(receipt.payment), subject, stem, document })
}

async fn around(
    journal: &Journal,
    Desk { settings, training }: &Desk<'_>,
    attempt: &Attempt,
    operator: Option<OperatorId>,
) -> Result<Around, PaperFault> {
    let operator = match operator {
        Some(id) => journal.operators().await?.into_iter().find(|one| one.id == id),
        None => None,
    };
    let holder = match &attempt.intent.means {
        Means::Card(means) => means.holder,
        Means::CreditLimit => None,
    };
    let holder = match holder {
        Some(name) => journal.name(name).await?,
        None => None,
    };
    Ok(Around {
        merchant: merchant(settings),
        desk: Some(ForeignText::filter(&settings.desk.id)),
        operator: operator.map(|operator| ForeignText::filter(operator.name.as_str())),
        holder: holder.map(|name| ForeignText::filter(name.expose())),
        zone: TimeZone::get(&settings.desk.timezone).unwrap_or(TimeZone::UTC),
        training: *training,
    })
}

/// The merchant's header.
#[must_use]
pub fn merchant(settings: &Settings) -> Vec<HeaderLine> {
    settings.receipt.header.iter().filter_map(|line| HeaderLine::typed(line)).collect()
}

fn subject(attempt: &Attempt) -> String {
    match &attempt.intent.subject {
        Subject::Order(order) => order.to_string(),
        Subject::Reference { reference, .. } => reference.to_string(),
    }
}

/// The most characters of a booking number in a file's name.
const SUBJECT_CHARS: usize = 40;

/// A file's name: day and time, what was paid for, what the paper says. Only what every system takes.
fn stem(at: Timestamp, zone: &TimeZone, subject: &str, title: &str) -> String {
    let plain = |text: &str| -> String {
        let fits = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
        text.chars().take(SUBJECT_CHARS).map(fits).collect()
    };
    let time = at.to_jiff().to_zoned(zone.clone()).strftime("%Y-%m-%d %H%M").to_string();
    format!("{time} {} {}", plain(subject), plain(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_leads_nowhere_else() {
        let at = "2026-11-22T09:05:00Z".parse().unwrap();
        assert_eq!(stem(at, &TimeZone::UTC, "REZ-İ1", "Ödeme onaylandı"), "2026-11-22 0905 REZ-İ1 Ödeme-onaylandı");
        assert_eq!(stem(at, &TimeZone::UTC, "../../x:y\\z", "a/b"), "2026-11-22 0905 ------x-y-z a-b");
    }
}
