//! What goes back: void and refund, what was done in the portal, and a supervisor's word on either.

use std::sync::Arc;

use vezne_core::money::Currency;
use vezne_core::money::typed::read_typed;
use vezne_till::{ListedWord, PortalReturn, ReverseRequest};

use super::desk_only;
use crate::session::{Session, Sessions};
use crate::view::{
    AmountRefusal, Fault, ListedAnswer, MoneyView, PortalReturnInput, ReturnsView, ReversalVerdictWord, ReversalView,
    ReverseInput, SettleListInput, SettleReversalInput, authority, confirmed, money, seen, size,
};

type Desk<'a> = tauri::State<'a, Arc<dyn Sessions>>;

/// What may be given back of a payment, and which way.
///
/// # Errors
/// When nothing was paid, or the journal can't be read.
#[tauri::command]
#[specta::specta]
pub async fn returns(window: tauri::WebviewWindow, desk: Desk<'_>, payment: String) -> Result<ReturnsView, Fault> {
    desk_only(&window)?;
    standing(&*desk.session()?, &payment).await
}

/// Reads an amount that shall go back, as it was typed.
///
/// # Errors
/// Why it is not taken, with the readings it may have meant.
#[tauri::command]
#[specta::specta]
pub async fn read_return_amount(
    window: tauri::WebviewWindow,
    text: String,
    currency: String,
) -> Result<MoneyView, AmountRefusal> {
    desk_only(&window)?;
    typed(&text, &currency)
}

/// Begins a void or refund; it is written down before this answers, and what becomes of it comes as changes.
///
/// # Errors
/// Why it was not begun; nothing was sent then.
#[tauri::command]
#[specta::specta]
pub async fn reverse(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    reverse: ReverseInput,
) -> Result<ReversalView, Fault> {
    desk_only(&window)?;
    begun(&*desk.session()?, reverse).await
}

/// Writes down what went back by hand in the gateway's portal. Nothing is sent.
///
/// # Errors
/// Why it was not written down.
#[tauri::command]
#[specta::specta]
pub async fn record_return(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    record: PortalReturnInput,
) -> Result<ReversalView, Fault> {
    desk_only(&window)?;
    recorded(&*desk.session()?, record).await
}

/// A supervisor's word on a reversal: done, not done, or its alarms seen.
///
/// # Errors
/// Why it was not taken.
#[tauri::command]
#[specta::specta]
pub async fn settle_reversal(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    settle: SettleReversalInput,
) -> Result<ReversalView, Fault> {
    desk_only(&window)?;
    settled(&*desk.session()?, settle).await
}

/// Settles a list with one PIN. What came of each stands in the answer.
///
/// # Errors
/// Why nothing of it was taken.
#[tauri::command]
#[specta::specta]
pub async fn settle_list(
    window: tauri::WebviewWindow,
    desk: Desk<'_>,
    list: SettleListInput,
) -> Result<Vec<ListedAnswer>, Fault> {
    desk_only(&window)?;
    listed(&*desk.session()?, list).await
}

pub(super) async fn standing(session: &Session, payment: &str) -> Result<ReturnsView, Fault> {
    Ok((&session.till.returns(payment.parse()?).await?).into())
}

pub(super) fn typed(text: &str, currency: &str) -> Result<MoneyView, AmountRefusal> {
    let currency: Currency = currency.parse().map_err(Fault::from)?;
    Ok(read_typed(text, currency)?.into())
}

pub(super) async fn begun(session: &Session, input: ReverseInput) -> Result<ReversalView, Fault> {
    let ReverseInput { payment, attempt, kind, amount, shown_left, supervisor } = input;
    let request = ReverseRequest {
        payment: payment.parse()?,
        attempt: Some(attempt.parse()?),
        kind: kind.into(),
        size: size(amount.as_ref())?,
        shown_left: money(Some(&shown_left))?,
        authority: authority(supervisor)?,
    };
    Ok((&session.till.reverse(request).await?).into())
}

pub(super) async fn recorded(session: &Session, input: PortalReturnInput) -> Result<ReversalView, Fault> {
    let PortalReturnInput { payment, attempt, kind, amount, shown_left, saw, confirmed: sure, supervisor } = input;
    confirmed(sure)?;
    let request = PortalReturn {
        payment: payment.parse()?,
        attempt: Some(attempt.parse()?),
        kind: kind.into(),
        size: size(amount.as_ref())?,
        shown_left: money(shown_left.as_ref())?,
        saw: seen(&saw)?,
        authority: authority(supervisor)?,
    };
    Ok((&session.till.record_return(request).await?).into())
}

pub(super) async fn settled(session: &Session, input: SettleReversalInput) -> Result<ReversalView, Fault> {
    let SettleReversalInput { reversal, verdict, saw, confirmed: sure, supervisor } = input;
    match verdict {
        ReversalVerdictWord::Done | ReversalVerdictWord::NotDone => confirmed(sure)?,
        ReversalVerdictWord::Seen => {}
    }
    let saw = saw.filter(|saw| !saw.trim().is_empty()).map(|saw| seen(&saw)).transpose()?;
    let reversal = reversal.parse()?;
    let view = session.till.settle_reversal(reversal, verdict.into(), authority(supervisor)?, saw).await?;
    Ok((&view).into())
}

pub(super) async fn listed(session: &Session, input: SettleListInput) -> Result<Vec<ListedAnswer>, Fault> {
    let SettleListInput { rows, supervisor } = input;
    let word = |row: crate::view::ListedInput| {
        Ok::<_, Fault>(ListedWord { attempt: row.attempt.parse()?, outcome: row.outcome.into(), saw: seen(&row.saw)? })
    };
    let words = rows.into_iter().map(word).collect::<Result<Vec<_>, _>>()?;
    let settled = session.till.settle_list(words, authority(supervisor)?).await?;
    let answer = |(attempt, settled): (vezne_core::ids::AttemptId, Result<_, _>)| ListedAnswer {
        attempt: attempt.to_string(),
        fault: settled.err().map(Fault::from),
    };
    Ok(settled.into_iter().map(answer).collect())
}
