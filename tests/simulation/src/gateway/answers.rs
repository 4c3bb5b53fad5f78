//! The gateways' answers, written from the vendors' documents (`finrota-b2c-api.txt`, `yolcu360-payment-api.txt`) and from
//! what others have seen. The scene's style chooses between forms that have both been seen:
//!
//! | bit | Finrota | Yolcu360 |
//! |---|---|---|
//! | 0 | the pay answer names order and reference | a payment id stands in the order while the customer is at the bank |
//! | 1 | a decline names the bank's words | a decline is 402 with a code, not 200 `failed` |
//! | 2 | the status stands at the root, not in `data` | the pay answer is wrapped in an array |
//! | 3 | unknown references are an empty list, not 404 | the limit answers with the whole order |
//! | 4 | options are one object, not a list | a declined order stays `pending` |
//! | 5 | what is decided is shown as pending for three seconds more | – |

use vezne_core::account::GatewayKind;
use vezne_gateway::reading::{Answered, Body};

use crate::books::{Offer, Order, OrderMark, Payment, PaymentNumber, Shown, dearer};
use crate::world::{START, State};

pub(crate) fn json(status: u16, body: String) -> Answered {
    Answered::new(status, body)
}

/// The form of the style.
fn has(state: &State, bit: u8) -> bool {
    state.schedule.scene.has_style(bit)
}

fn gateway(state: &State) -> GatewayKind {
    state.schedule.scene.gateway
}

/// Whether an order stays as it was when a payment for it is declined.
pub(crate) fn order_stays_pending(state: &State) -> bool {
    gateway(state) == GatewayKind::Yolcu360 && has(state, 4)
}

/// An amount as the gateway writes it: Finrota in decimals, up to four of them.
pub(crate) fn decimal(minor: i64) -> String {
    format!("{}.{:02}0", minor / 100, minor % 100)
}

/// An error in the gateway's form.
pub(crate) fn error(kind: GatewayKind, status: u16, words: &str) -> Answered {
    let mut answer = match kind {
        GatewayKind::Finrota => json(status, format!(r#"{{"statusCode":{status},"message":"{words}"}}"#)),
        GatewayKind::Yolcu360 => json(status, format!(r#"{{"code":1000,"description":"{words}"}}"#)),
    };
    if status == 429 {
        answer.headers.push(("Retry-After".to_owned(), "20".to_owned()));
    }
    answer
}

/// Code 2008, whatever the HTTP status: the gateway did not hear from the bank.
pub(crate) fn code_2008(status: u16) -> Answered {
    json(
        status,
        r#"{"code":2008,"description":"Payment timeout","details":{"message":"The bank did not answer"}}"#.into(),
    )
}

/// 401 with the bank's words: it went further than the token's check.
pub(crate) fn unauthorised_by_bank() -> Answered {
    json(401, r#"{"code":2001,"details":{"bankCode":"05","bankMessage":"Do not honor"}}"#.into())
}

/// Some web server's page.
pub(crate) fn web_page() -> Answered {
    json(200, "<html><body>It works!</body></html>".into())
}

/// Not even JSON.
pub(crate) fn garbage() -> Answered {
    json(200, "{\"status\": \u{fffd}\u{0}\"suc".into())
}

/// An answer whose body ended too soon.
pub(crate) fn cut(answer: Answered) -> Answered {
    Answered { body: Body::Cut, ..answer }
}

pub(crate) fn token(kind: GatewayKind, number: u64) -> Answered {
    json(
        200,
        match kind {
            GatewayKind::Finrota => {
                format!(r#"{{"expiry":"2099-09-18T09:07:17.6884225Z","token":"token-{number:08}","type":"Bearer"}}"#)
            }
            GatewayKind::Yolcu360 => {
                format!(r#"{{"accessToken":"token-{number:08}","accessTokenExpireAt":"2099-09-18T09:07:17.000Z"}}"#)
            }
        },
    )
}

/// The installments of an offer.
pub(crate) fn options(state: &State, number: usize, offer: &Offer, bin: &str) -> Answered {
    let (one, three) = (offer.base, dearer(offer.base));
    json(
        200,
        match gateway(state) {
            GatewayKind::Finrota => {
                let row = |count: i64, total: i64| {
                    format!(
                        r#"{{"currencyId":"TRY","amount":{},"installment":{count},"installmentAmount":{},"token":"offer-{number}-{count}","processAmount":{},"commRate":0.0000,"posId":7,"commApplyTypeId":0}}"#,
                        decimal(total),
                        decimal(total / count),
                        decimal(one)
                    )
                };
                let program = format!(
                    r#"{{"id":3,"name":"Bonus","postTitle":"Bonus POS","isDefaultPos":true,"installments":[{},{}]}}"#,
                    row(1, one),
                    row(3, three)
                );
                if has(state, 4) { program } else { format!("[{program}]") }
            }
            GatewayKind::Yolcu360 => {
                let row = |count: i64, total: i64| {
                    format!(
                        r#"{{"number":{count},"price":{{"amount":{},"currency":"TRY"}},"totalPrice":{{"amount":{total},"currency":"TRY"}}}}"#,
                        total / count
                    )
                };
                format!(
                    r#"{{"bankCode":12,"bankName":"Example Bank","binNumber":"{bin}","cardAssociation":"Visa","cardFamily":"World","cardType":"credit","shouldForceTo3D":false,"supportedCurrencies":["TRY","USD"],"installmentPrices":[{},{}]}}"#,
                    row(1, one),
                    row(3, three)
                )
            }
        },
    )
}

fn payment_id(number: PaymentNumber) -> String {
    format!("payment_{}", number + 1)
}

fn wrapped(state: &State, body: String) -> Answered {
    json(200, if gateway(state) == GatewayKind::Yolcu360 && has(state, 2) { format!("[{body}]") } else { body })
}

/// The pay answer's yes.
pub(crate) fn paid(state: &State, number: PaymentNumber) -> Answered {
    let payment = state.books.payments.get(number);
    match gateway(state) {
        GatewayKind::Finrota => match payment.filter(|_| has(state, 0)) {
            Some(payment) => json(
                200,
                format!(
                    r#"{{"paymentType":"DirectSale","orderId":"FO-{number}","clientReferenceCode":"{}","success":true}}"#,
                    payment.reference
                ),
            ),
            None => json(200, r#"{"paymentType":"DirectSale","success":true}"#.into()),
        },
        GatewayKind::Yolcu360 => {
            let order =
                payment.filter(|payment| payment.limit && has(state, 3)).and_then(|payment| payment.order.as_ref());
            match order.and_then(|id| Some((id, state.books.orders.get(id)?))) {
                Some((id, found)) => order_as_json(id, found, state.now()),
                None => wrapped(state, r#"{"status":"success","is3dsSecure":false,"threeDSHtmlContent":null}"#.into()),
            }
        }
    }
}

/// The pay answer's no.
pub(crate) fn not_paid(state: &State, number: PaymentNumber) -> Answered {
    let limit = state.books.payments.get(number).is_some_and(|payment| payment.limit);
    match gateway(state) {
        GatewayKind::Finrota if has(state, 1) => {
            json(200, r#"{"paymentType":"DirectSale","success":false,"error":"Yetersiz bakiye"}"#.into())
        }
        GatewayKind::Finrota => json(200, r#"{"paymentType":"DirectSale","success":false}"#.into()),
        GatewayKind::Yolcu360 if limit => json(402, r#"{"code":2007,"description":"Credit limit exceeded"}"#.into()),
        GatewayKind::Yolcu360 if has(state, 1) => json(
            402,
            r#"{"code":2001,"description":"Credit card declined","details":{"field":"cardNumber","message":"declined","bankCode":"05","bankMessage":"Do not honor"}}"#.into(),
        ),
        GatewayKind::Yolcu360 => {
            wrapped(state, r#"{"status":"failed","is3dsSecure":false,"threeDSHtmlContent":null}"#.into())
        }
    }
}

/// The customer must pass the bank's page.
pub(crate) fn challenge(state: &State, number: PaymentNumber, usable: bool) -> Answered {
    match (gateway(state), usable) {
        (GatewayKind::Finrota, true) => json(
            200,
            format!(
                r#"{{"paymentType":"RedirectUrl","redirectTo":"https://3ds.bank.example.com/page/{number}","success":false}}"#
            ),
        ),
        (GatewayKind::Finrota, false) => json(200, r#"{"paymentType":"RedirectUrl","success":false}"#.into()),
        (GatewayKind::Yolcu360, true) => wrapped(
            state,
            r#"{"status":"redirect_required","is3dsSecure":true,"threeDSHtmlContent":"<html><form id='f' action='https://3ds.bank.example.com/auth'></form></html>"}"#.into(),
        ),
        (GatewayKind::Yolcu360, false) => wrapped(
            state,
            r#"{"status":"redirect_required","is3dsSecure":true,"threeDSHtmlContent":"<html>soon</html>"}"#.into(),
        ),
    }
}

/// Finrota's word on one transaction, as the books stood then.
pub(crate) fn transaction(state: &State, number: PaymentNumber, payment: &Payment, at: u64) -> Answered {
    let back = payment.back_by(at);
    let code = match payment.shown(at) {
        Shown::Nothing => return no_transaction(state),
        Shown::Pending => 3,
        Shown::Failed => 2,
        Shown::Paid if back > 0 && back < payment.amount => 6,
        Shown::Paid => 1,
    };
    let data = format!(
        r#"{{"id":{},"referenceNumber":"FR{:07}","clientReferenceNumber":"{}","currencyType":"TRY","installment":1,"lastAmount":{},"lastNetAmount":{},"transactionDate":"2027-01-15T11:00:00","transactionStatusId":{code}}}"#,
        700_000 + number,
        number,
        payment.reference,
        decimal(payment.amount - back),
        decimal(payment.amount - back)
    );
    if has(state, 2) {
        json(200, data)
    } else {
        json(200, format!(r#"{{"message":"OK","statusCode":200,"data":{data},"errors":null}}"#))
    }
}

/// Finrota knows of no such transaction.
pub(crate) fn no_transaction(state: &State) -> Answered {
    if has(state, 3) {
        json(200, r#"{"message":"OK","statusCode":200,"data":[]}"#.into())
    } else {
        json(404, r#"{"message":"Transaction not found","statusCode":404,"data":null}"#.into())
    }
}

/// Finrota's answer to a void or refund.
pub(crate) fn reversed(payment: &Payment, at: u64, done: bool) -> Answered {
    let left = decimal(payment.amount - payment.back_by(at));
    let code = if done { "null" } else { "\"NOT_POSSIBLE\"" };
    json(
        200,
        format!(
            r#"{{"message":"OK","statusCode":200,"data":{{"lastAmount":{left},"transactionStatusId":1,"errorCode":{code},"errorMessage":null,"isSuccess":{done}}}}}"#
        ),
    )
}

/// The order as it stood then.
pub(crate) fn order_as_json(id: &str, order: &Order, at: u64) -> Answered {
    let (since, OrderMark { status, payment, limit }) = order.mark(at);
    let payment = payment.map_or_else(|| "null".to_owned(), |number| format!("\"{}\"", payment_id(number)));
    let kind = match limit {
        None => "null",
        Some(true) => "\"limit\"",
        Some(false) => "\"creditCard\"",
    };
    let price = order.price;
    let updated = START + i64::try_from(since).unwrap_or(0);
    json(
        200,
        format!(
            r#"{{"id":"{id}","paymentType":{kind},"paymentCurrency":"TRY","updatedAt":"t{updated}","orderedCarProduct":{{"status":"{status}","vendorCancelled":false,"paymentID":{payment},"updatedAt":"t{updated}","car":{{"brand":"Renault","model":"Clio","pricing":{{"paymentTotal":{{"amount":{price},"currency":"TRY"}},"total":{{"amount":{price},"currency":"TRY"}}}}}}}}}}"#
        ),
    )
}

/// Whether the order can be cancelled, and the money comes back.
pub(crate) fn eligibility(can: bool) -> Answered {
    json(200, format!(r#"{{"cancellable":{can},"refundable":{can}}}"#))
}

/// The order is cancelled.
pub(crate) fn cancelled(id: &str) -> Answered {
    json(200, format!(r#"{{"success":true,"message":"cancelled","orderId":"{id}","status":"cancelled"}}"#))
}
