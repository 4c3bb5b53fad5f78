//! Yolcu360's sign-in: by refresh token while there is one, else by key and secret.

use bytes::Bytes;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use vezne_core::ports::Answer;
use vezne_core::time::Timestamp;

use super::wire::{BODY_BYTES, LoginAnswer, LoginRequest, RefreshRequest};
use crate::call::{Line, Question, Status};
use crate::config::Login;
use crate::field::{Field, one_object};
use crate::rate::Lane;
use crate::secret_body::fixed_json;
use crate::token::{Fetched, SignIn, SignInFault};

/// `POST /auth/refresh`, `POST /auth/login`.
pub(super) struct Yolcu360SignIn;

impl SignIn for Yolcu360SignIn {
    fn sign_in<'a>(
        &'a self,
        line: &'a Line,
        refresh: Option<&'a SecretString>,
    ) -> Answer<'a, Result<Fetched, SignInFault>> {
        Box::pin(async move {
            if let Some(refresh) = refresh {
                // Exposed to be traded for a new token.
                let request = RefreshRequest { token: refresh.expose_secret() };
                if let Ok(fetched) = ask(line, "/auth/refresh", &request).await {
                    return Ok(fetched);
                }
            }
            let Login::Pair { key, secret } = line.login() else { return Err(SignInFault::Refused) };
            // Exposed to sign in with them.
            let request = LoginRequest { key: key.expose_secret(), secret: secret.expose_secret() };
            ask(line, "/auth/login", &request).await
        })
    }
}

async fn ask(line: &Line, path: &str, request: &impl Serialize) -> Result<Fetched, SignInFault> {
    let body = fixed_json(request, BODY_BYTES).ok_or(SignInFault::Refused)?;
    let question = Question {
        method: Method::POST,
        path,
        body: Some(Bytes::from_owner(body)),
        bearer: None,
        deadline: line.config.deadlines.sign_in,
        lane: Lane::Reads,
    };
    let reply = line.ask(&question).await;
    let Ok(answer) = &reply else { return Err(SignInFault::of(&reply)) };
    if answer.status != Status::Ok {
        return Err(SignInFault::of(&reply));
    }
    answer.body.whole().and_then(read_token).ok_or(SignInFault::Unanswered)
}

fn read_token(body: &[u8]) -> Option<Fetched> {
    let answer: LoginAnswer = one_object(body).ok()?;
    let token = answer.access_token.word()?;
    let refresh = answer.refresh_token.word().map(SecretString::from);
    Some(Fetched { token: SecretString::from(token), until: moment(&answer.access_token_expire_at), refresh })
}

/// The form is not documented: RFC 3339, or a number of seconds or milliseconds since 1970.
fn moment(field: &Field) -> Option<Timestamp> {
    const MILLISECONDS: i64 = 100_000_000_000;
    match field.int() {
        Some(count) if count >= MILLISECONDS => Some(Timestamp::from_millis(count)),
        Some(count) => Some(Timestamp::from_millis(count.saturating_mul(1_000))),
        None => field.word()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_expiry_is_read() {
        for form in ["\"2026-11-21T20:55:00Z\"", "1795294500", "\"1795294500\"", "1795294500000"] {
            let body = format!(r#"{{"accessToken":"T","accessTokenExpireAt":{form}}}"#);
            let until = read_token(body.as_bytes()).unwrap().until.unwrap();
            assert_eq!(until.to_string(), "2026-11-21T20:55:00.000Z", "{form}");
        }
        assert!(read_token(br#"{"accessToken":"T","accessTokenExpireAt":"soon"}"#).unwrap().until.is_none());
    }
}
