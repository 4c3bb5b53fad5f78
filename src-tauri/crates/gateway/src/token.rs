//! Access tokens: one is kept, renewed before it ends, and fetched by one caller at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use vezne_core::ports::Answer;
use vezne_core::time::{Millis, Timestamp};
use zeroize::Zeroizing;

use crate::call::Line;
use crate::config::{ConnectError, Login};
use crate::reading::{SignInFault, SignedIn};

/// A token this close to its end is renewed first.
const MARGIN: Millis = Millis::minutes(1);

/// How long a token counts as good whose end is not said; a 401 ends it earlier.
const ASSUMED_LIFE: Millis = Millis::minutes(30);

/// An access token ready to be sent. Never in debug output.
#[derive(Clone)]
pub(crate) struct Bearer {
    token: Arc<SecretString>,
    header: HeaderValue,
    /// Which one it is, so that of several callers with the same old token only one renews it.
    generation: u64,
}

impl Bearer {
    fn new(token: SecretString, generation: u64) -> Option<Self> {
        const SCHEME: &[u8] = b"Bearer ";
        // Exposed to be written into the header: into a buffer of its exact size, which all copies of the header share
        // and which is wiped with the last of them. The header is marked so that no debug output shows it.
        let text = token.expose_secret().as_bytes();
        if !text.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
            return None;
        }
        let mut value = Zeroizing::new(Vec::with_capacity(SCHEME.len().saturating_add(text.len())));
        value.extend_from_slice(SCHEME);
        value.extend_from_slice(text);
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(value)).ok()?;
        header.set_sensitive(true);
        Some(Self { token: Arc::new(token), header, generation })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The token, to find it in an answer that repeats it.
    pub(crate) fn expose(&self) -> &str {
        self.token.expose_secret()
    }
}

/// How a gateway gives tokens.
pub(crate) trait SignIn: Send + Sync {
    /// Signs in; `refresh` is what the last answer gave for renewing.
    fn sign_in<'a>(
        &'a self,
        line: &'a Line,
        refresh: Option<&'a SecretString>,
    ) -> Answer<'a, Result<SignedIn, SignInFault>>;
}

/// The token of one account.
pub(crate) struct TokenKeeper {
    line: Arc<Line>,
    source: Box<dyn SignIn>,
    /// Held while fetching, so that whoever comes meanwhile finds what the first one got.
    kept: Mutex<Kept>,
    /// Fetches that have ended, well or badly.
    ended: AtomicU64,
}

#[derive(Default)]
struct Kept {
    bearer: Option<Bearer>,
    until: Option<Timestamp>,
    refresh: Option<SecretString>,
    fault: Option<SignInFault>,
    generation: u64,
}

impl TokenKeeper {
    pub(crate) fn new(line: &Arc<Line>, source: Box<dyn SignIn>) -> Result<Self, ConnectError> {
        let mut kept = Kept::default();
        if let Login::Token(token) = line.login() {
            kept.bearer = Some(Bearer::new(token.clone(), 0).ok_or(ConnectError::Token)?);
        }
        Ok(Self { line: Arc::clone(line), source, kept: Mutex::new(kept), ended: AtomicU64::new(0) })
    }

    /// A token that is good for a while yet: the kept one, or a new one.
    pub(crate) async fn current(&self) -> Result<Bearer, SignInFault> {
        let seen = self.ended.load(Ordering::Acquire);
        let mut kept = self.kept.lock().await;
        let now = self.line.now();
        if let Some(bearer) = kept.bearer.as_ref().filter(|_| kept.until.is_none_or(|until| until > now.after(MARGIN)))
        {
            return Ok(bearer.clone());
        }
        self.shared_fetch(&mut kept, seen).await
    }

    /// The kept token, as long as it has not ended for certain; for a payment, which must not sign in first when it need not.
    pub(crate) async fn kept(&self) -> Result<Bearer, SignInFault> {
        let kept = self.kept.lock().await;
        let now = self.line.now();
        let good = kept.bearer.as_ref().filter(|_| kept.until.is_none_or(|until| until > now)).cloned();
        drop(kept);
        match good {
            Some(bearer) => Ok(bearer),
            None => self.current().await,
        }
    }

    /// Another token than the one that was just refused.
    pub(crate) async fn instead_of(&self, refused: &Bearer) -> Result<Bearer, SignInFault> {
        let seen = self.ended.load(Ordering::Acquire);
        let mut kept = self.kept.lock().await;
        if let Some(bearer) = kept.bearer.as_ref().filter(|kept| kept.generation != refused.generation) {
            return Ok(bearer.clone());
        }
        // The token was refused before its end, so what came with it is not trusted for renewing either.
        kept.refresh = None;
        self.shared_fetch(&mut kept, seen).await
    }

    /// A new token whatever is kept.
    pub(crate) async fn renew(&self) -> Result<(), SignInFault> {
        let mut kept = self.kept.lock().await;
        kept.refresh = None;
        self.fetch(&mut kept).await.map(drop)
    }

    /// Fetches, unless another caller's fetch failed while this one stood in line: one refusal answers all.
    async fn shared_fetch(&self, kept: &mut Kept, seen: u64) -> Result<Bearer, SignInFault> {
        if self.ended.load(Ordering::Acquire) != seen
            && let Some(fault) = kept.fault
        {
            return Err(fault);
        }
        self.fetch(kept).await
    }

    async fn fetch(&self, kept: &mut Kept) -> Result<Bearer, SignInFault> {
        let result = match self.line.login() {
            Login::Token(_) => Err(SignInFault::Refused),
            Login::Pair { .. } => self.source.sign_in(&self.line, kept.refresh.as_ref()).await,
        };
        self.ended.fetch_add(1, Ordering::AcqRel);
        let fetched = result.and_then(|fetched| {
            let generation = kept.generation.saturating_add(1);
            let bearer = Bearer::new(fetched.token, generation).ok_or(SignInFault::Unanswered)?;
            Ok((bearer, fetched.until, fetched.refresh))
        });
        match fetched {
            Ok((bearer, until, refresh)) => {
                tracing::info!(account = self.line.config.kind.word(), "signed in at the gateway");
                let assumed = self.line.now().after(ASSUMED_LIFE);
                kept.generation = bearer.generation;
                kept.until = Some(until.unwrap_or(assumed));
                kept.refresh = refresh;
                kept.fault = None;
                kept.bearer = Some(bearer.clone());
                Ok(bearer)
            }
            Err(fault) => {
                tracing::warn!(account = self.line.config.kind.word(), ?fault, "the sign-in at the gateway failed");
                kept.fault = Some(fault);
                Err(fault)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_in_the_header_and_in_no_debug_output() {
        let header = Bearer::new("token-12345678".into(), 1).unwrap().header();
        assert_eq!(header.as_bytes(), b"Bearer token-12345678");
        assert!(header.is_sensitive() && !format!("{header:?}").contains("12345678"));
    }

    #[test]
    fn what_no_header_can_carry_is_no_token() {
        for token in ["a\r\nb", "a\nb", "\0", "a\u{7f}", "ş"] {
            assert!(Bearer::new(token.into(), 1).is_none(), "{token:?}");
        }
    }
}
