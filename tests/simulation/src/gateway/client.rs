//! The desk's side of the wire: one account, signed in. It does around an exchange what the real client does, and reads
//! every answer with the product's own reading.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use url::Url;
use vezne_core::account::GatewayKind;
use vezne_core::answers::NotSentReason;
use vezne_core::time::Millis;
use vezne_gateway::Login;
use vezne_gateway::reading::{Exchange, Forbidden, Reader, SignInFault};

use super::Ask;
use crate::schedule::Boundary;
use crate::world::World;

/// How long questions may take.
pub(super) const READ_DEADLINE: u64 = 15_000;
/// How long a payment may take (`RULES.md` 1).
pub(super) const PAY_DEADLINE: u64 = 120_000;
/// How long a reversal may take.
pub(super) const REVERSAL_DEADLINE: u64 = 60_000;
/// How long a payment may wait for a slot.
const SLOT_WAIT: u64 = 60_000;
/// How many payments a minute Yolcu360 takes.
const PAYMENTS_A_MINUTE: usize = 10;

/// One account of one life of the desk.
pub(crate) struct SimGateway {
    pub(super) world: Arc<World>,
    pub(super) kind: GatewayKind,
    base_url: Url,
    login: Login,
    /// The token in hand; 0 for none.
    pub(super) token: AtomicU64,
    pub(super) forbidden: Forbidden,
    /// When payments were sent, by the world's time.
    sent: Mutex<Vec<u64>>,
}

impl SimGateway {
    pub(crate) fn new(world: &Arc<World>, kind: GatewayKind, base_url: Url) -> Self {
        Self {
            world: Arc::clone(world),
            kind,
            base_url,
            login: Login::Token("a ready token".into()),
            token: AtomicU64::new(0),
            forbidden: Forbidden::new(),
            sent: Mutex::default(),
        }
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { kind: self.kind, base_url: &self.base_url, login: &self.login, now: self.world.desk_now() }
    }

    /// Fetches a token, whatever is in hand.
    pub(super) async fn sign_in(&self) -> Result<(), SignInFault> {
        let exchange = self.call(Boundary::SignIn, &Ask::SignIn, READ_DEADLINE).await;
        self.reader().sign_in(exchange)?;
        self.token.store(self.world.with(|state| state.books.token), Ordering::Release);
        Ok(())
    }

    async fn has_token(&self) -> Result<(), SignInFault> {
        if self.token.load(Ordering::Acquire) == 0 { self.sign_in().await } else { Ok(()) }
    }

    /// Asks with a token, and once more with a new one where the old one is not taken.
    pub(super) async fn asks(&self, at: Boundary, ask: &Ask) -> Result<Exchange, SignInFault> {
        self.has_token().await?;
        let exchange = self.call(at, ask, READ_DEADLINE).await;
        if !matches!(&exchange, Ok(answered) if answered.status == 401) {
            return Ok(exchange);
        }
        match self.sign_in().await {
            Ok(()) => Ok(self.call(at, ask, READ_DEADLINE).await),
            // Refused: the second 401 is as good as there.
            Err(SignInFault::Refused) => Ok(exchange),
            Err(fault) => Err(fault),
        }
    }

    /// Whether so many 403 came in a row that it can't be asked at all.
    pub(super) fn is_forbidden(&self, exchange: &Exchange) -> bool {
        matches!(exchange, Ok(answered) if self.forbidden.means_never(answered.status))
    }

    /// How long until a payment has a slot.
    pub(super) fn slot_wait(&self) -> u64 {
        if self.kind == GatewayKind::Finrota {
            return 0;
        }
        let now = self.world.now();
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.retain(|at| at + 60_000 > now);
        match sent.len().checked_sub(PAYMENTS_A_MINUTE).and_then(|over| sent.get(over)) {
            Some(oldest) => (oldest + 60_000).saturating_sub(now),
            None => 0,
        }
    }

    /// A slot, then a token.
    pub(super) async fn gets_ready(&self) -> Result<(), NotSentReason> {
        let wait = self.slot_wait();
        if wait > SLOT_WAIT {
            return Err(NotSentReason::NoSlot);
        }
        tokio::time::sleep(Millis(wait).as_duration()).await;
        self.has_token().await.map_err(SignInFault::not_sent)?;
        let now = self.world.now();
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(now);
        Ok(())
    }
}
