//! A request as the handlers see it, and which call it is.

use std::collections::BTreeMap;

use hyper::HeaderMap;
use hyper::Method;
use hyper::body::Bytes;
use serde_json::value::RawValue;
use url::form_urlencoded;

use crate::fault::{Call, Gateway, Keys};
use crate::fields::last_four;

/// One request, read whole.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) route: Route,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    /// The header's text, when there is exactly one of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        if values.next().is_some() { None } else { Some(first) }
    }

    /// The token of a `Bearer` header.
    pub(crate) fn bearer(&self, name: &str) -> Option<&str> {
        self.header(name)?.strip_prefix("Bearer ").filter(|token| !token.is_empty())
    }

    pub(crate) fn is_json(&self) -> bool {
        self.media_type("application/json")
    }

    pub(crate) fn is_form(&self) -> bool {
        self.media_type("application/x-www-form-urlencoded")
    }

    fn media_type(&self, wanted: &str) -> bool {
        let media = self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
        media.trim().eq_ignore_ascii_case(wanted)
    }

    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// What the request names, read leniently: the strict reading comes later.
    pub(crate) fn keys(&self) -> Keys {
        let body: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(&self.body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
        let card = |name: &str| {
            let inner: BTreeMap<String, Box<RawValue>> = serde_json::from_str(body.get(name)?.get()).ok()?;
            let number: String = serde_json::from_str(inner.get("cardNumber")?.get()).ok()?;
            Some(last_four(&number))
        };
        let queried = |name: &str| self.query.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
        Keys {
            reference: text("clientReferenceCode")
                .or_else(|| text("referenceCode"))
                .or_else(|| queried("clientOrderReferenceCode"))
                .or_else(|| queried("clientReferenceNumber")),
            order: self.route.order().map(str::to_owned).or_else(|| text("orderID")),
            card: card("card").or_else(|| card("payWithCard")),
        }
    }
}

/// Which call a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    FinrotaSignIn,
    FinrotaOptions,
    FinrotaPay,
    FinrotaStatus,
    FinrotaCancel,
    FinrotaRefund,
    FinrotaCallback { session: String },
    YolcuSignIn,
    YolcuRefresh,
    YolcuOptions,
    YolcuPay,
    YolcuCallback { order: String },
    YolcuOrder { order: String },
    YolcuEligibility { order: String },
    YolcuCancel { order: String },
    BankStart { session: String },
    BankPopup { session: String },
    BankVerify { session: String },
    BankFrame { session: String },
    BankEmbedded { session: String },
    BankFile { session: String },
    Ledger,
    LedgerRequests,
    AddFaults,
    ClearFaults,
    Practice,
    Addresses,
    WrongMethod,
    Unknown,
}

impl Route {
    pub(crate) fn of(method: &Method, path: &str) -> Route {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let found = match parts.as_slice() {
            ["finrota", rest @ ..] => finrota(rest),
            ["yolcu360", "api", "v1", rest @ ..] => yolcu360(rest),
            ["bank", rest @ ..] => bank(method, rest),
            [""] => Some((Method::GET, Route::Addresses)),
            ["ledger"] => Some((Method::GET, Route::Ledger)),
            ["ledger", "requests"] => Some((Method::GET, Route::LedgerRequests)),
            ["practice"] => Some((Method::GET, Route::Practice)),
            ["faults"] if method == Method::DELETE => Some((Method::DELETE, Route::ClearFaults)),
            ["faults"] => Some((Method::POST, Route::AddFaults)),
            _ => None,
        };
        match found {
            None => Route::Unknown,
            Some((wanted, route)) if wanted == *method => route,
            Some(_) => Route::WrongMethod,
        }
    }

    /// The gateway's call, for faults; the bank and the ledger are never faulty.
    pub(crate) fn call(&self) -> Option<(Gateway, Call)> {
        match self {
            Route::FinrotaSignIn => Some((Gateway::Finrota, Call::SignIn)),
            Route::FinrotaOptions => Some((Gateway::Finrota, Call::Options)),
            Route::FinrotaPay => Some((Gateway::Finrota, Call::Pay)),
            Route::FinrotaStatus => Some((Gateway::Finrota, Call::Status)),
            Route::FinrotaCancel => Some((Gateway::Finrota, Call::Cancel)),
            Route::FinrotaRefund => Some((Gateway::Finrota, Call::Refund)),
            Route::FinrotaCallback { .. } => Some((Gateway::Finrota, Call::Callback)),
            Route::YolcuSignIn | Route::YolcuRefresh => Some((Gateway::Yolcu360, Call::SignIn)),
            Route::YolcuOptions => Some((Gateway::Yolcu360, Call::Options)),
            Route::YolcuPay => Some((Gateway::Yolcu360, Call::Pay)),
            Route::YolcuCallback { .. } => Some((Gateway::Yolcu360, Call::Callback)),
            Route::YolcuOrder { .. } => Some((Gateway::Yolcu360, Call::Order)),
            Route::YolcuEligibility { .. } => Some((Gateway::Yolcu360, Call::Eligibility)),
            Route::YolcuCancel { .. } => Some((Gateway::Yolcu360, Call::Cancel)),
            Route::BankStart { .. }
            | Route::BankPopup { .. }
            | Route::BankVerify { .. }
            | Route::BankFrame { .. }
            | Route::BankEmbedded { .. }
            | Route::BankFile { .. }
            | Route::Ledger
            | Route::LedgerRequests
            | Route::AddFaults
            | Route::ClearFaults
            | Route::Practice
            | Route::Addresses
            | Route::WrongMethod
            | Route::Unknown => None,
        }
    }

    /// The order in the path.
    pub(crate) fn order(&self) -> Option<&str> {
        if let Route::YolcuCallback { order }
        | Route::YolcuOrder { order }
        | Route::YolcuEligibility { order }
        | Route::YolcuCancel { order } = self
        {
            Some(order)
        } else {
            None
        }
    }
}

fn finrota(rest: &[&str]) -> Option<(Method, Route)> {
    Some(match rest {
        ["auth", "api", "token", "connect"] => (Method::POST, Route::FinrotaSignIn),
        ["b2c", "paymentOptions"] => (Method::GET, Route::FinrotaOptions),
        ["b2c", "payment"] => (Method::POST, Route::FinrotaPay),
        ["pws", "payment", "transaction"] => (Method::GET, Route::FinrotaStatus),
        ["pws", "payment", "cancel"] => (Method::POST, Route::FinrotaCancel),
        ["pws", "payment", "refund"] => (Method::POST, Route::FinrotaRefund),
        ["callback", session] => (Method::POST, Route::FinrotaCallback { session: (*session).to_owned() }),
        _ => return None,
    })
}

fn yolcu360(rest: &[&str]) -> Option<(Method, Route)> {
    let owned = |order: &&str| (**order).to_owned();
    Some(match rest {
        ["auth", "login"] => (Method::POST, Route::YolcuSignIn),
        ["auth", "refresh"] => (Method::POST, Route::YolcuRefresh),
        ["payment", "installment-info"] => (Method::POST, Route::YolcuOptions),
        ["payment", "pay"] => (Method::POST, Route::YolcuPay),
        ["payment", "3ds-callback", order] => (Method::POST, Route::YolcuCallback { order: owned(order) }),
        ["order", order] => (Method::GET, Route::YolcuOrder { order: owned(order) }),
        ["order", order, "cancel_eligibility"] => (Method::POST, Route::YolcuEligibility { order: owned(order) }),
        ["order", order, "cancel"] => (Method::POST, Route::YolcuCancel { order: owned(order) }),
        _ => return None,
    })
}

/// The bank's first pages answer GET (Finrota's `redirectTo`) and POST (Yolcu360's form) alike.
fn bank(method: &Method, rest: &[&str]) -> Option<(Method, Route)> {
    let read = if *method == Method::POST { Method::POST } else { Method::GET };
    Some(match rest {
        ["start", session] => (read, Route::BankStart { session: (*session).to_owned() }),
        ["popup", session] => (read, Route::BankPopup { session: (*session).to_owned() }),
        ["verify", session] => (Method::POST, Route::BankVerify { session: (*session).to_owned() }),
        ["frame", session] => (Method::GET, Route::BankFrame { session: (*session).to_owned() }),
        ["embedded", session] => (Method::GET, Route::BankEmbedded { session: (*session).to_owned() }),
        ["file", session] => (Method::GET, Route::BankFile { session: (*session).to_owned() }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_the_documents_own() {
        let post = |path| Route::of(&Method::POST, path);
        assert_eq!(post("/finrota/b2c/payment"), Route::FinrotaPay);
        assert_eq!(post("/yolcu360/api/v1/payment/pay"), Route::YolcuPay);
        assert_eq!(post("/finrota/b2c/paymentOptions"), Route::WrongMethod);
        assert_eq!(post("/finrota/b2c/payments"), Route::Unknown);
        assert_eq!(post("/yolcu360/payment/pay"), Route::Unknown);
    }
}
