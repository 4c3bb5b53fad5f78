//! Faults on demand: which call, which occurrence, and what goes wrong.

use serde::{Deserialize, Serialize};

/// One of the two practice gateways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// Finrota B2C.
    Finrota,
    /// Yolcu360 Pro.
    Yolcu360,
}

/// A call that a fault can hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Finrota `POST /auth/api/token/connect`; Yolcu360 `POST /auth/login` and `POST /auth/refresh`.
    SignIn,
    /// Finrota `GET /b2c/paymentOptions`; Yolcu360 `POST /payment/installment-info`.
    Options,
    /// Finrota `POST /b2c/payment`; Yolcu360 `POST /payment/pay`.
    Pay,
    /// Finrota `GET /pws/payment/transaction`. On Yolcu360 the same as [`Call::Order`].
    Status,
    /// Finrota `POST /pws/payment/cancel`; Yolcu360 `POST /order/{id}/cancel`.
    Cancel,
    /// Finrota `POST /pws/payment/refund`.
    Refund,
    /// Yolcu360 `POST /order/{id}/cancel_eligibility`.
    Eligibility,
    /// Yolcu360 `GET /order/{id}`.
    Order,
    /// The bank's way back: Finrota's own callback, Yolcu360 `POST /payment/3ds-callback/{orderID}`.
    Callback,
}

/// Whether the gateway has carried the request out when the fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Nothing was carried out.
    Before,
    /// It was carried out; only the answer suffers.
    After,
}

/// Where the TCP connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutPoint {
    /// After the request's head, without reading its body; nothing is carried out.
    BeforeBody,
    /// The whole request was read; nothing is carried out.
    BeforeExecuting,
    /// Carried out, but not one byte of the answer leaves.
    AfterExecuting,
    /// Carried out; the connection ends inside the status line and headers.
    MidHeaders,
    /// Carried out; the connection ends inside the body, short of its Content-Length.
    MidBody,
}

/// How often a rule strikes, counted over the requests that match it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurrence {
    /// Every time.
    Always,
    /// Only the n-th time, counted from 1.
    Nth(u32),
    /// The first n times.
    First(u32),
}

impl Occurrence {
    /// Whether the `count`-th matching request, counted from 1, is hit.
    fn hits(self, count: u32) -> bool {
        match self {
            Occurrence::Always => true,
            Occurrence::Nth(nth) => count == nth,
            Occurrence::First(first) => count <= first,
        }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The request waits before it is carried out and is then answered as usual. Other faults may follow on the same request.
    Delay {
        /// How long, in milliseconds.
        millis: u64,
    },
    /// The connection stays open without an answer for [`crate::Settings::hold`], then ends.
    Hold {
        /// Whether the request was carried out.
        when: When,
    },
    /// The TCP connection is cut.
    Cut {
        /// Where.
        at: CutPoint,
    },
    /// Another HTTP status.
    Status {
        /// The status, 200 to 599.
        status: u16,
        /// The body as it is sent; without one, the vendor's error form.
        body: Option<String>,
        /// Whether the request was carried out.
        when: When,
    },
    /// Carried out; the body is half a JSON text with a Content-Length that fits it.
    CutJson,
    /// Carried out; the body is an HTML page.
    NotJson,
    /// Carried out; 200 with no body at all.
    EmptyBody,
    /// Carried out; 100 MB of JSON.
    HugeBody,
    /// Carried out; a body that trickles and never ends.
    SlowBody,
    /// 429; nothing is carried out.
    TooMany {
        /// The `Retry-After` header, in seconds.
        retry_after: u64,
    },
    /// The access token of this request expires at once: 401 until the client has signed in anew.
    Unauthorized,
    /// A redirect that a client of a payment API must not follow.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The `Location` header.
        to: String,
        /// Whether the request was carried out.
        when: When,
    },
    /// Carried out; the answer says "pending" (pay: `status`; status: `transactionStatusId` 3; order: the product's status).
    Pending,
    /// Carried out; the answer stands in an array.
    ArrayWrapped,
    /// Carried out; the answer is an array of two elements that contradict each other.
    ArrayDiffers,
    /// Carried out; `threeDSHtmlContent` is in base64.
    Base64Html,
    /// The request is delivered twice, as by a proxy that repeats it; the first delivery's answer is sent.
    Duplicate,
}

impl Fault {
    /// Whether the fault strikes before the gateway carries anything out.
    pub(crate) fn is_before(&self) -> bool {
        match self {
            Fault::Hold { when } | Fault::Status { when, .. } | Fault::Redirect { when, .. } => *when == When::Before,
            Fault::Cut { at } => match at {
                CutPoint::BeforeBody | CutPoint::BeforeExecuting => true,
                CutPoint::AfterExecuting | CutPoint::MidHeaders | CutPoint::MidBody => false,
            },
            Fault::TooMany { .. } | Fault::Unauthorized => true,
            Fault::Delay { .. }
            | Fault::CutJson
            | Fault::NotJson
            | Fault::EmptyBody
            | Fault::HugeBody
            | Fault::SlowBody
            | Fault::Pending
            | Fault::ArrayWrapped
            | Fault::ArrayDiffers
            | Fault::Base64Html
            | Fault::Duplicate => false,
        }
    }
}

/// One rule: the first matching rule whose occurrence hits decides; delays add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// Whose call.
    pub gateway: Gateway,
    /// Which call.
    pub call: Call,
    /// Which of the matching requests.
    pub occurrence: Occurrence,
    /// Only requests with this `clientReferenceCode` (or, for status, cancel and refund, the reference they name).
    pub reference: Option<String>,
    /// Only requests for this Yolcu360 order.
    pub order: Option<String>,
    /// Only requests with a card that ends in these four digits.
    pub card: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
}

impl FaultRule {
    /// A rule that strikes always.
    pub fn new(gateway: Gateway, call: Call, fault: Fault) -> FaultRule {
        FaultRule { gateway, call, occurrence: Occurrence::Always, reference: None, order: None, card: None, fault }
    }

    /// Only the n-th matching request, counted from 1.
    #[must_use]
    pub fn nth(self, nth: u32) -> FaultRule {
        FaultRule { occurrence: Occurrence::Nth(nth), ..self }
    }

    /// Only the first `count` matching requests.
    #[must_use]
    pub fn first(self, count: u32) -> FaultRule {
        FaultRule { occurrence: Occurrence::First(count), ..self }
    }

    /// Only requests with this reference.
    #[must_use]
    pub fn on_reference(self, reference: &str) -> FaultRule {
        FaultRule { reference: Some(reference.to_owned()), ..self }
    }

    /// Only requests for this order.
    #[must_use]
    pub fn on_order(self, order: &str) -> FaultRule {
        FaultRule { order: Some(order.to_owned()), ..self }
    }

    /// Only requests with a card that ends in these four digits.
    #[must_use]
    pub fn on_card(self, last_four: &str) -> FaultRule {
        FaultRule { card: Some(last_four.to_owned()), ..self }
    }
}

/// What a request says about itself, as far as rules and the ledger care.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) reference: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) card: Option<String>,
}

/// The rules with their counts.
#[derive(Debug, Default)]
pub(crate) struct Armed(Vec<(FaultRule, u32)>);

/// What the rules decided for one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) delay_millis: u64,
    pub(crate) fault: Option<Fault>,
}

impl Armed {
    pub(crate) fn new(rules: Vec<FaultRule>) -> Armed {
        Armed(rules.into_iter().map(|rule| (rule, 0)).collect())
    }

    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.0.push((rule, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Rules that cut before the body is read can only see the head, so they are asked on their own.
    pub(crate) fn cuts_before_body(&mut self, gateway: Gateway, call: Call, order: Option<&str>) -> bool {
        let keys = Keys { order: order.map(str::to_owned), ..Keys::default() };
        let mut cut = false;
        for (rule, count) in self.0.iter_mut().filter(|(rule, _)| is_before_body(&rule.fault)) {
            if matches(rule, gateway, call, &keys) {
                *count = count.saturating_add(1);
                cut |= rule.occurrence.hits(*count);
            }
        }
        cut
    }

    /// Counts this request on every rule that matches it and says what happens to it.
    pub(crate) fn decide(&mut self, gateway: Gateway, call: Call, keys: &Keys) -> Decided {
        let mut decided = Decided::default();
        for (rule, count) in self.0.iter_mut().filter(|(rule, _)| !is_before_body(&rule.fault)) {
            if !matches(rule, gateway, call, keys) {
                continue;
            }
            *count = count.saturating_add(1);
            if !rule.occurrence.hits(*count) {
                continue;
            }
            if let Fault::Delay { millis } = &rule.fault {
                decided.delay_millis = decided.delay_millis.saturating_add(*millis);
            } else if decided.fault.is_none() {
                decided.fault = Some(rule.fault.clone());
            }
        }
        decided
    }
}

fn is_before_body(fault: &Fault) -> bool {
    *fault == Fault::Cut { at: CutPoint::BeforeBody }
}

fn matches(rule: &FaultRule, gateway: Gateway, call: Call, keys: &Keys) -> bool {
    let same = |wanted: &Option<String>, got: &Option<String>| wanted.is_none() || wanted == got;
    let call_matches =
        rule.call == call || (gateway == Gateway::Yolcu360 && rule.call == Call::Status && call == Call::Order);
    rule.gateway == gateway
        && call_matches
        && same(&rule.reference, &keys.reference)
        && same(&rule.order, &keys.order)
        && same(&rule.card, &keys.card)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(order: &str) -> Keys {
        Keys { order: Some(order.to_owned()), ..Keys::default() }
    }

    #[test]
    fn a_rule_counts_only_the_requests_that_match_it() {
        let rule = FaultRule::new(Gateway::Yolcu360, Call::Pay, Fault::CutJson).on_order("order_1002").nth(2);
        let mut armed = Armed::new(vec![rule]);
        let mut hit = |order: &str| armed.decide(Gateway::Yolcu360, Call::Pay, &pay(order)).fault.is_some();
        assert_eq!(
            [hit("order_1002"), hit("order_1001"), hit("order_1002"), hit("order_1002")],
            [false, false, true, false]
        );
    }

    #[test]
    fn delays_add_up_and_the_first_other_fault_decides() {
        let rule = |fault| FaultRule::new(Gateway::Finrota, Call::Pay, fault);
        let mut armed = Armed::new(vec![
            rule(Fault::Delay { millis: 2 }),
            rule(Fault::NotJson).first(1),
            rule(Fault::EmptyBody),
            rule(Fault::Delay { millis: 3 }),
        ]);
        let mut decide = || armed.decide(Gateway::Finrota, Call::Pay, &Keys::default());
        assert_eq!(decide(), Decided { delay_millis: 5, fault: Some(Fault::NotJson) });
        assert_eq!(decide(), Decided { delay_millis: 5, fault: Some(Fault::EmptyBody) });
    }

    #[test]
    fn reading_a_yolcu360_order_is_its_status_query() {
        let mut armed = Armed::new(vec![FaultRule::new(Gateway::Yolcu360, Call::Status, Fault::NotJson)]);
        assert!(armed.decide(Gateway::Yolcu360, Call::Order, &Keys::default()).fault.is_some());
        assert!(armed.decide(Gateway::Finrota, Call::Order, &Keys::default()).fault.is_none());
    }
}
