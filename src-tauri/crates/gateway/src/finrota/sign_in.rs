//! Finrota's sign-in: valid for 24 hours, no refresh.

use bytes::Bytes;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use vezne_core::ports::Answer;

use super::wire::{ConnectAnswer, ConnectRequest};
use crate::call::{Line, Question, Status};
use crate::config::Login;
use crate::field::one_object;
use crate::rate::Lane;
use crate::secret_body::fixed_json;
use crate::token::{Fetched, SignIn, SignInFault};

const ROOM: usize = 16 * 1024;

/// `POST /auth/api/token/connect`.
pub(super) struct FinrotaSignIn;

impl SignIn for FinrotaSignIn {
    fn sign_in<'a>(
        &'a self,
        line: &'a Line,
        _refresh: Option<&'a SecretString>,
    ) -> Answer<'a, Result<Fetched, SignInFault>> {
        Box::pin(async move {
            let Login::Pair { key, secret } = line.login() else { return Err(SignInFault::Refused) };
            // Exposed to sign in with them.
            let request = ConnectRequest { api_key: key.expose_secret(), secret_key: secret.expose_secret() };
            let body = fixed_json(&request, ROOM).ok_or(SignInFault::Refused)?;
            let question = Question {
                method: Method::POST,
                path: "/auth/api/token/connect",
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
        })
    }
}

fn read_token(body: &[u8]) -> Option<Fetched> {
    let mut answer: ConnectAnswer = one_object(body).ok()?;
    if !answer.token.is_there() {
        answer = answer.data.as_part()?;
    }
    let token = answer.token.word().map(SecretString::from)?;
    let until = answer.expiry.word().and_then(|text| text.parse().ok());
    Some(Fetched { token, until, refresh: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_with_seven_decimals_is_read() {
        let body = br#"{"expiry":"2025-09-18T09:07:17.6884225Z","token":"T","type":"Bearer"}"#;
        assert_eq!(read_token(body).unwrap().until.unwrap().to_string(), "2025-09-18T09:07:17.688Z");
    }

    #[test]
    fn a_token_without_a_readable_end_is_still_one() {
        assert!(read_token(br#"{"expiry":"tomorrow","token":"T"}"#).unwrap().until.is_none());
        assert!(read_token(br#"{"data":{"token":"T"}}"#).is_some());
        assert!(read_token(br#"{"expiry":"2025-09-18T09:07:17Z"}"#).is_none());
    }
}
