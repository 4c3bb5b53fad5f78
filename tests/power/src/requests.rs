//! The bytes on a connection, read as HTTP: which of them ask to move money, and whose.

use serde_json::Value;

use crate::Fault;

/// A request that may move money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A payment of the attempt with this reference (Finrota, `clientReferenceCode`).
    PaymentOf(String),
    /// A payment of this order (Yolcu360, `orderID` or `orderId`).
    PaymentFor(String),
    /// A void, a refund or a cancellation.
    Reversal,
}

/// What was sent over one connection and is no whole request yet.
#[derive(Debug, Default)]
pub struct Stream {
    bytes: Vec<u8>,
}

impl Stream {
    /// Whether a request begins with the next byte.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Adds what was sent; tells a whole request that may move money.
    ///
    /// # Errors
    /// A payment request that names nobody: nothing could be said about it.
    pub fn add(&mut self, bytes: &[u8]) -> Result<Option<Request>, Fault> {
        self.bytes.extend_from_slice(bytes);
        let Some(end) = self.bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
        let (head, body) = self.bytes.split_at(end.saturating_add(4));
        let head = String::from_utf8_lossy(head).into_owned();
        let length = head.lines().filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok()).flatten()
        });
        if body.len() < length.unwrap_or(0) {
            return Ok(None);
        }
        let request = request(&head, body);
        self.bytes.clear();
        request
    }
}

fn request(head: &str, body: &[u8]) -> Result<Option<Request>, Fault> {
    let mut words = head.split(' ');
    let (Some("POST"), Some(path)) = (words.next(), words.next()) else { return Ok(None) };
    let path = path.split('?').next().unwrap_or(path);
    let nameless = || Fault(format!("a payment request to {path} names nobody"));
    if path.ends_with("/cancel") || path.ends_with("/refund") {
        return Ok(Some(Request::Reversal));
    }
    let is_order = path.ends_with("/payment/pay");
    if !is_order && !path.ends_with("/b2c/payment") {
        return Ok(None);
    }
    let body: Value = serde_json::from_slice(body).map_err(|_| nameless())?;
    let keys: &[&str] = if is_order { &["orderID", "orderId"] } else { &["clientReferenceCode"] };
    let name = keys.iter().find_map(|key| find(&body, key)).ok_or_else(nameless)?;
    Ok(Some(if is_order { Request::PaymentFor(name) } else { Request::PaymentOf(name) }))
}

/// The text under this key, however deep it stands.
fn find(value: &Value, key: &str) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get(key).and_then(Value::as_str).map(str::to_owned);
            own.or_else(|| fields.values().find_map(|inner| find(inner, key)))
        }
        Value::Array(items) => items.iter().find_map(|inner| find(inner, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(path: &str, body: &str) -> String {
        format!("POST {path} HTTP/1.1\r\nhost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }

    fn told(text: &str) -> Option<Request> {
        Stream::default().add(text.as_bytes()).unwrap()
    }

    #[test]
    fn requests_that_move_money_are_known_and_others_are_not() {
        let payment = post("/finrota/b2c/payment", r#"{"a":{"clientReferenceCode":"R1"}}"#);
        assert_eq!(told(&payment), Some(Request::PaymentOf("R1".to_owned())));
        let order = post("/yolcu360/api/v1/payment/pay", r#"{"orderID":"order_1"}"#);
        assert_eq!(told(&order), Some(Request::PaymentFor("order_1".to_owned())));
        assert_eq!(told(&post("/pws/payment/refund", "{}")), Some(Request::Reversal));
        assert_eq!(told(&post("/auth/api/token/connect", "{}")), None);
        assert_eq!(told("GET /order/order_1/cancel HTTP/1.1\r\n\r\n"), None);
        assert!(Stream::default().add(post("/payment/pay", "{}").as_bytes()).is_err());
    }

    #[test]
    fn a_request_in_pieces_is_told_once_when_it_is_whole() {
        let text = post("/b2c/payment", r#"{"clientReferenceCode":"R1"}"#) + &post("/nothing", "");
        let mut stream = Stream::default();
        let mut found = Vec::new();
        let (first, second) = text.split_at(text.find("/nothing").unwrap() - 5);
        for byte in first.as_bytes() {
            found.extend(stream.add(&[*byte]).unwrap());
        }
        assert!(stream.is_empty());
        assert_eq!(stream.add(second.as_bytes()).unwrap(), None);
        assert_eq!(found, [Request::PaymentOf("R1".to_owned())]);
    }
}
