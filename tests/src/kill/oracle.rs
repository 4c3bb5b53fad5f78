//! What the gateways would answer now if they were asked: the questions of a stranger, in the vendors' own words.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use vezne_sandbox::{FINROTA_API_KEY, FINROTA_SECRET_KEY, YOLCU360_KEY, YOLCU360_SECRET};

use super::books::Attempt;

/// A practice gateway answers at once or not at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// An answer that settles, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Paid, for good.
    Paid,
    /// Not paid, for good.
    NotPaid,
    /// Neither.
    NotFinal,
}

/// Somebody else with the same logins.
#[derive(Debug)]
pub struct Oracle {
    port: u16,
    finrota: String,
    yolcu360: String,
}

impl Oracle {
    /// Signs in to both.
    ///
    /// # Errors
    /// When a gateway does not let it in.
    pub fn at(port: u16) -> io::Result<Self> {
        let finrota = json!({ "apiKey": FINROTA_API_KEY, "secretKey": FINROTA_SECRET_KEY });
        let finrota = call(port, "POST", "/finrota/auth/api/token/connect", "", &finrota)?;
        let yolcu360 = json!({ "key": YOLCU360_KEY, "secret": YOLCU360_SECRET });
        let yolcu360 = call(port, "POST", "/yolcu360/api/v1/auth/login", "", &yolcu360)?;
        let token = |answer: &Value, key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        match (token(&finrota, "token"), token(&yolcu360, "accessToken")) {
            (Some(finrota), Some(yolcu360)) => Ok(Self { port, finrota, yolcu360 }),
            (finrota, yolcu360) => Err(io::Error::other(format!("no tokens: {finrota:?}, {yolcu360:?}"))),
        }
    }

    /// What the gateway says of an attempt.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn says(&self, attempt: &Attempt) -> io::Result<Word> {
        if attempt.is_order {
            let path = format!("/yolcu360/api/v1/order/{}", attempt.subject);
            let order = call(self.port, "GET", &path, &self.yolcu360, &Value::Null)?;
            return Ok(match order.pointer("/orderedCarProduct/status").and_then(Value::as_str) {
                Some("reserved") => Word::Paid,
                Some("failed") => Word::NotPaid,
                Some(_) | None => Word::NotFinal,
            });
        }
        let path = format!("/finrota/pws/payment/transaction?clientReferenceNumber={}", attempt.code);
        let answer = call(self.port, "GET", &path, &self.finrota, &Value::Null)?;
        Ok(match answer.pointer("/data/transactionStatusId").and_then(Value::as_i64) {
            Some(1 | 6) => Word::Paid,
            Some(2) => Word::NotPaid,
            Some(_) | None => Word::NotFinal,
        })
    }
}

/// One request, and its answer's JSON; a refusal is JSON too.
fn call(port: u16, method: &str, path: &str, token: &str, body: &Value) -> io::Result<Value> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\
Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or_else(|| io::Error::other("an answer without a head"))?;
    serde_json::from_str(body).map_err(io::Error::other)
}
