//! Finrota's sign-in: valid for 24 hours, no refresh.

use bytes::Bytes;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use vezne_core::ports::Answer;

use super::reading;
use super::wire::ConnectRequest;
use crate::call::{Line, Question};
use crate::config::Login;
use crate::rate::Lane;
use crate::reading::{SignInFault, SignedIn};
use crate::secret_body::fixed_json;
use crate::token::SignIn;

const ROOM: usize = 16 * 1024;

/// `POST /auth/api/token/connect`.
pub(super) struct FinrotaSignIn;

impl SignIn for FinrotaSignIn {
    fn sign_in<'a>(
        &'a self,
        line: &'a Line,
        _refresh: Option<&'a SecretString>,
    ) -> Answer<'a, Result<SignedIn, SignInFault>> {
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
            reading::sign_in(line.ask(&question).await)
        })
    }
}
