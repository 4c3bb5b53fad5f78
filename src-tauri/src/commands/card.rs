//! The card crosses once, as bytes, at Pay. What Tauri holds of the call can't be wiped from here, so nothing is copied out
//! of it but into the till's own wiped fields, before anything is waited for.

use std::sync::Arc;

use tauri::ipc::{InvokeBody, Request};
use vezne_core::card::{CardDetails, Cvc};
use vezne_core::ids::AttemptId;
use vezne_home::CardJson;

use super::desk_only;
use crate::session::{Session, Sessions};
use crate::view::{Code, Fault, Field};

/// The header that names the attempt whose card is used again.
const ATTEMPT_HEADER: &str = "attempt";

/// Takes a card: the body is the UTF-8 JSON `{"number","holder","expiry_month","expiry_year","cvc"}` as raw bytes. Answers
/// what Pay calls it.
///
/// # Errors
/// The field that is wrong; no word of it repeats anything of the card.
#[tauri::command]
pub async fn hand_card(
    window: tauri::WebviewWindow,
    desk: tauri::State<'_, Arc<dyn Sessions>>,
    request: Request<'_>,
) -> Result<String, Fault> {
    desk_only(&window)?;
    let session = desk.session()?;
    let card = card_of(&session, raw(request.body())?)?;
    Ok(session.till.hold(card).await.to_string())
}

/// Takes the security code for "same card again": the body is its digits as raw bytes, with blanks
/// after them, the header `attempt` says whose card
/// it is. Answers what Pay calls the card.
///
/// # Errors
/// When the card is not kept any more, or the code is wrong.
#[tauri::command]
pub async fn hand_cvc(
    window: tauri::WebviewWindow,
    desk: tauri::State<'_, Arc<dyn Sessions>>,
    request: Request<'_>,
) -> Result<String, Fault> {
    desk_only(&window)?;
    let session = desk.session()?;
    let attempt = request.headers().get(ATTEMPT_HEADER).and_then(|attempt| attempt.to_str().ok());
    cvc_for(&session, attempt.unwrap_or_default(), raw(request.body())?).await
}

/// The bytes; JSON would have been parsed, and so copied, before it came here.
const fn raw(body: &InvokeBody) -> Result<&[u8], Fault> {
    match body {
        InvokeBody::Raw(bytes) => Ok(bytes.as_slice()),
        InvokeBody::Json(_) => Err(Fault::new(Code::Internal)),
    }
}

pub(crate) fn card_of(session: &Session, bytes: &[u8]) -> Result<CardDetails, Fault> {
    Ok(CardJson::read(bytes, &[])?.card(today(session))?)
}

/// This year and month at the desk: a card is good to the end of its month there.
fn today(session: &Session) -> (u16, u8) {
    let now = session.clock.now().to_jiff();
    let local = now.in_tz(&session.settings.desk.timezone).unwrap_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC));
    (u16::try_from(local.year()).unwrap_or(u16::MAX), u8::try_from(local.month()).unwrap_or(u8::MAX))
}

pub(super) async fn cvc_for(session: &Session, attempt: &str, digits: &[u8]) -> Result<String, Fault> {
    let forgotten = || Fault::new(Code::CardForgotten).at(Field::Number);
    let attempt: AttemptId = attempt.parse().map_err(|_| forgotten())?;
    let view = session.till.attempt(attempt).await?.ok_or_else(forgotten)?;
    let card = view.card.ok_or_else(forgotten)?;
    let digits = std::str::from_utf8(digits).map_err(|_| Fault::new(Code::CardCvc).at(Field::Cvc))?;
    let cvc = Cvc::parse(digits.trim_ascii_end(), card.brand)?;
    Ok(session.till.hold_again(attempt, cvc).await?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_that_came_as_json_is_not_even_looked_at() {
        let card = serde_json::json!({ "number": "4155650100416111" });
        assert_eq!(raw(&InvokeBody::Json(card)), Err(Fault::new(Code::Internal)));
        assert_eq!(raw(&InvokeBody::Raw(vec![123, 125])), Ok(b"{}".as_slice()));
    }
}
