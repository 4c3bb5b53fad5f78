//! Yolcu360's sign-in: by refresh token while there is one, else by key and secret.

use bytes::Bytes;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use vezne_core::ports::Answer;

use super::reading;
use super::wire::{BODY_BYTES, LoginRequest, RefreshRequest};
use crate::call::{Line, Question};
use crate::config::Login;
use crate::rate::Lane;
use crate::reading::{SignInFault, SignedIn};
use crate::secret_body::fixed_json;
use crate::token::SignIn;

/// `POST /auth/refresh`, `POST /auth/login`.
pub(super) struct Yolcu360SignIn;

impl SignIn for Yolcu360SignIn {
    fn sign_in<'a>(
        &'a self,
        line: &'a Line,
        refresh: Option<&'a SecretString>,
    ) -> Answer<'a, Result<SignedIn, SignInFault>> {
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

async fn ask(line: &Line, path: &str, request: &impl Serialize) -> Result<SignedIn, SignInFault> {
    let body = fixed_json(request, BODY_BYTES).ok_or(SignInFault::Refused)?;
    let question = Question {
        method: Method::POST,
        path,
        body: Some(Bytes::from_owner(body)),
        bearer: None,
        deadline: line.config.deadlines.sign_in,
        lane: Lane::Reads,
    };
    reading::sign_in(line.ask(&question).await)
}
