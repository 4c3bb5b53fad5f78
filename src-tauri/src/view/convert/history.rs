//! A row of the list.

use vezne_core::card::Brand;
use vezne_journal::Row;
use vezne_settings::Gateway as Kind;

use super::Names;
use crate::view::{CardView, Gateway, HistoryRow};

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
