//! A row of the list, what is asked of it, and notes.

use jiff::civil::Date;
use vezne_core::card::Brand;
use vezne_core::record::Record;
use vezne_core::search::{PlanWanted, Query, Today, Wanted};
use vezne_core::time::Timestamp;
use vezne_journal::Row;
use vezne_settings::Gateway as Kind;

use super::Names;
use crate::view::{CardView, Code, Fault, Gateway, HistoryFilter, HistoryRow, NoteView, Understood, operator};

impl HistoryRow {
    /// A row of the journal's list, with names for ids.
    #[must_use]
    pub fn of(row: &Row, names: &Names) -> Self {
        Self {
            attempt: row.attempt.clone(),
            payment: row.payment.clone(),
            account_name: row.account_name.clone(),
            gateway: gateway(&row.gateway),
            subject: row.subject.clone(),
            part: row.part.clone(),
            outcome: row.outcome.map(Into::into),
            set_aside: row.state == "set_aside",
            unconfirmed: row.unconfirmed,
            total: row.total.or(row.base).map(Into::into),
            returned: row.returned.map(Into::into),
            installments: row.installments.and_then(|count| u8::try_from(count).ok()),
            card: card(row),
            holder: row.holder.as_ref().map(|name| name.expose().to_owned()),
            operator: row.operator.as_deref().map(|operator| names.name_of(operator)),
            opened: row.opened.to_string(),
            alarmed: row.alarmed || row.contradicted,
        }
    }
}

/// The journal holds only these two words; orders are Yolcu360's.
fn gateway(word: &str) -> Gateway {
    if word == Kind::Yolcu360.word() { Gateway::Yolcu360 } else { Gateway::Finrota }
}

fn card(row: &Row) -> Option<CardView> {
    let word = row.brand.as_deref()?;
    let brand = serde_json::from_value(serde_json::Value::from(word)).unwrap_or(Brand::Other);
    Some(CardView { brand: brand.to_string(), first_six: row.first_six.clone()?, last_four: row.last_four.clone()? })
}

/// The line and what stands beside it: all of it must hold.
///
/// # Errors
/// When an id or a day beside the line can't be read.
pub(crate) fn query(filter: &HistoryFilter, today: Today<'_>) -> Result<Query, Fault> {
    let mut query = Query::read(&filter.text, today);
    let outcome = filter.outcome.map(|outcome| Wanted::Outcome(outcome.into()));
    let account = match filter.account.as_deref() {
        Some(id) => Some(Wanted::Account(id.parse().map_err(|_| Fault::new(Code::NotFound))?)),
        None => None,
    };
    let operator = operator(filter.operator.as_deref())?.map(Wanted::Operator);
    let plan = filter.plan.map(|count| match count {
        0 => Wanted::Plan(PlanWanted::CreditLimit),
        count => Wanted::Plan(PlanWanted::Installments(count)),
    });
    let (from, until) = (day(filter.from.as_deref())?, day(filter.until.as_deref())?);
    let days = match (from, until) {
        (None, None) => None,
        (from, until) => Some(today.days(from, until).ok_or(Fault::new(Code::NotFound))?),
    };
    for wanted in [outcome, account, operator, plan, days].into_iter().flatten() {
        query = query.and(wanted);
    }
    Ok(query)
}

fn day(text: Option<&str>) -> Result<Option<Date>, Fault> {
    text.map(|text| text.parse().map_err(|_| Fault::new(Code::NotFound))).transpose()
}

/// What of the line alone is more than words.
pub(crate) fn understood(line: &str, today: Today<'_>) -> Vec<Understood> {
    Query::read(line, today).conditions().iter().filter_map(told).collect()
}

fn told(wanted: &Wanted) -> Option<Understood> {
    match wanted {
        Wanted::Outcome(outcome) => Some(Understood::Outcome { outcome: (*outcome).into() }),
        Wanted::Opened { from, until } => Some(Understood::Opened {
            from: from.map(|from| from.to_string()),
            until: until.map(|until| Timestamp::from_millis(until.as_millis().saturating_sub(1)).to_string()),
        }),
        Wanted::Plan(PlanWanted::Installments(installments)) => Some(Understood::Plan { installments: *installments }),
        Wanted::Plan(PlanWanted::CreditLimit) => Some(Understood::Plan { installments: 0 }),
        Wanted::LastFour(digits) => Some(Understood::LastFour { digits: digits.clone() }),
        Wanted::Word(_) | Wanted::Nothing | Wanted::Account(_) | Wanted::Operator(_) => None,
    }
}

/// The notes among a payment's records, oldest first.
pub(crate) fn notes(records: &[(Timestamp, Record)], names: &Names) -> Vec<NoteView> {
    let note = |(at, record): &(Timestamp, Record)| {
        let Record::NoteAdded(note) = record else { return None };
        let operator = note.operator.map(|operator| names.name(operator));
        Some(NoteView { at: at.to_string(), operator, text: note.text.to_string() })
    };
    records.iter().filter_map(note).collect()
}
