//! What the loop-back server reads of a browser's request, and what it makes of a bank's page, for the fuzzer.

use hyper::Method;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use vezne_core::ports::BankPage;

use super::{pages, serve};

/// Whether a request with these headers counts as the window's own page; headers that HTTP does not allow are left out, as
/// no request can carry them.
#[must_use]
pub fn is_own_page(method: &str, headers: &[(String, String)]) -> bool {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            map.append(name, value);
        }
    }
    serve::is_own_page(&Method::from_bytes(method.as_bytes()).unwrap_or_default(), &map)
}

/// A bank's page as it is handed on, with the gateway's address as its base.
#[must_use]
pub fn with_base(html: &str, base: &str) -> String {
    pages::with_base(html, base)
}

/// Whether a page can be handed on at all.
///
/// # Errors
/// Words for a person.
pub fn check(page: &BankPage) -> Result<(), String> {
    pages::check(page)
}
