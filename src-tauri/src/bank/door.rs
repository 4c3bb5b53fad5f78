//! Our own scheme: where the bank's page comes back to, with all that it says.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use tauri::http::header::{self, HeaderValue};
use tauri::http::{Method, Request, Response, StatusCode};
use tauri::{Builder, Manager, Wry};
use url::Url;
use vezne_home::{RETURN_BODY_BYTES, RETURN_QUERY_BYTES};

use super::{BankWindows, address};

/// What may stand in our own answers: a style, and nothing else. The page is of our own scheme, which the window's
/// bridge takes for a local origin; so nothing in it may run, be sent, or be framed.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; \
form-action 'none'; sandbox";

/// What a customer reads in the moment before the window is closed.
const BACK: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Vezne</title><style>\
body{font:17px/1.5 system-ui,sans-serif;margin:0;color:#111827;background:#f3f4f6}\
main{max-width:30rem;margin:12vh auto;padding:1.5rem 2rem;background:#fff;border-radius:.5rem}h1{font-size:1.2rem}\
@media(prefers-color-scheme:dark){body{background:#111827;color:#f3f4f6}main{background:#1f2937}}</style></head>\
<body><main><section lang=\"en\"><h1>Thank you.</h1><p>Please go back to the desk: the outcome of the payment is shown \
there.</p></section><section lang=\"tr\"><h1>Teşekkürler.</h1><p>Lütfen kasaya dönün: ödemenin sonucu orada \
gösterilir.</p></section></main></body></html>";

/// Which bank windows the scheme's handler reports to: those of the till that is open now.
#[derive(Default)]
pub(crate) struct Door {
    windows: Mutex<Weak<BankWindows>>,
}

impl Door {
    pub(crate) fn leads_to(&self, windows: &Arc<BankWindows>) {
        *self.windows.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(windows);
    }

    fn windows(&self) -> Option<Arc<BankWindows>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }
}

/// Registers the scheme of the return addresses. Called once, when the desk is built; the bank's windows find it.
#[must_use]
pub fn protocol(builder: Builder<Wry>) -> Builder<Wry> {
    let builder = builder.manage(Door::default()).register_asynchronous_uri_scheme_protocol(
        address::SCHEME,
        |context, request, responder| {
            let door = context.app_handle().try_state::<Door>();
            // The desk's own window has no business here.
            let meant = context.webview_label().starts_with(super::LABEL);
            let windows = door.and_then(|door| door.windows()).filter(|_| meant);
            responder
                .respond(windows.map_or_else(|| nothing(StatusCode::NOT_FOUND), |windows| answer(&windows, &request)));
        },
    );
    after_a_crash(builder)
}

/// A dead web process would be loaded anew, and so post the bank's form once more.
#[cfg(target_os = "macos")]
fn after_a_crash(builder: Builder<Wry>) -> Builder<Wry> {
    builder.on_web_content_process_terminate(|webview| {
        let windows = webview.try_state::<Door>().and_then(|door| door.windows());
        if !webview.label().starts_with(super::LABEL) {
            if let Err(error) = webview.reload() {
                tracing::error!(%error, "the desk's window could not be loaded anew");
            }
            return;
        }
        if let Some(windows) = windows
            && let Some(attempt) = windows.attempt_of(webview.label())
        {
            windows.window_ended(attempt, webview.label(), vezne_core::attempt::PageEnd::ProcessGone);
        }
    })
}

#[cfg(not(target_os = "macos"))]
fn after_a_crash(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

fn answer(windows: &BankWindows, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let Ok(url) = Url::parse(&request.uri().to_string()) else { return nothing(StatusCode::NOT_FOUND) };
    if request.method() != Method::GET && request.method() != Method::POST {
        return nothing(StatusCode::NOT_FOUND);
    }
    let query = url.query().unwrap_or_default();
    // What is too long says nothing; that something came back is heard all the same.
    let query = if query.len() > RETURN_QUERY_BYTES { "" } else { query };
    let body = if request.body().len() > RETURN_BODY_BYTES { &[] } else { request.body().as_slice() };
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let fields = vezne_home::return_fields(query, body, kind);
    if windows.read(&url, fields) { page() } else { nothing(StatusCode::NOT_FOUND) }
}

fn page() -> Response<Vec<u8>> {
    let mut reply = nothing(StatusCode::OK);
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    *reply.body_mut() = BACK.as_bytes().to_vec();
    reply
}

fn nothing(status: StatusCode) -> Response<Vec<u8>> {
    let mut reply = Response::new(Vec::new());
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_of_ours_gets_an_empty_answer() {
        let reply = nothing(StatusCode::NOT_FOUND);
        assert_eq!((reply.status(), reply.body().len()), (StatusCode::NOT_FOUND, 0));
    }

    #[test]
    fn our_own_page_runs_nothing_and_can_not_be_framed() {
        let reply = page();
        let policy = reply.headers().get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "sandbox"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("allow-") && !policy.contains("script-src"), "{policy}");
        let text = String::from_utf8(reply.into_body()).unwrap();
        assert!(!text.contains("<script") && text.contains("lang=\"tr\""));
    }
}
