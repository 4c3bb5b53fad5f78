//! One signed-in account: questions with a token that is renewed when it must be, and money calls with a slot and a
//! token that were got before.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason};
use vezne_core::ports::{Rate, TryOut};
use vezne_core::time::{Millis, Timestamp};

use crate::call::{Carrier, Line, MoneyOrder, Question};
use crate::config::{ConnectError, GatewayConfig, Login};
use crate::rate::{Lane, NoSlot, Rates};
use crate::reading::{self, Forbidden, MoneySilence, NoAnswer, Reply, SignInFault};
use crate::token::{Bearer, SignIn, TokenKeeper};

/// A signed-in account.
pub(crate) struct Account {
    pub(crate) line: Arc<Line>,
    token: TokenKeeper,
    /// 403 in a row on questions about a status.
    forbidden: Forbidden,
    /// Slots of the pay rate that are granted and not yet used.
    granted: AtomicU32,
}

impl From<NoSlot> for NoAnswer {
    fn from(_: NoSlot) -> Self {
        Self::ForNow(CouldNotAsk::TooMany)
    }
}

/// What is asked.
pub(crate) struct Read<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) body: Option<Bytes>,
    pub(crate) deadline: Duration,
    pub(crate) lane: Lane,
}

impl Account {
    pub(crate) fn new(
        config: GatewayConfig,
        login: Login,
        rates: Rates,
        source: Box<dyn SignIn>,
    ) -> Result<Self, ConnectError> {
        let line = Line::new(config, login, rates)?;
        let token = TokenKeeper::new(&line, source)?;
        Ok(Self { line, token, forbidden: Forbidden::new(), granted: AtomicU32::new(0) })
    }

    pub(crate) fn wait(&self, rate: Rate) -> Millis {
        self.line.pace.wait(Lane::Rated(rate), self.line.now())
    }

    pub(crate) fn wait_to_read(&self) -> Millis {
        self.line.pace.wait(Lane::Reads, self.line.now())
    }

    /// A payment of an earlier run of the desk: the gateway's minute does not begin anew with ours.
    pub(crate) fn sent_before(&self, at: Timestamp) {
        self.line.pace.count(Lane::Rated(Rate::Pay), at);
    }

    pub(crate) async fn renew_token(&self) -> Result<(), CouldNotAsk> {
        self.token.renew().await.map_err(SignInFault::could_not_ask)
    }

    /// A slot of the pay rate, then a token.
    pub(crate) async fn get_ready(&self) -> Result<(), NotSentReason> {
        let longest = millis(self.line.config.deadlines.limiter_wait);
        let pay = Lane::Rated(Rate::Pay);
        let slot = self.line.pace.take(pay, self.line.now(), longest).map_err(|NoSlot| NotSentReason::NoSlot)?;
        self.line.config.clock.sleep_until(slot.at).await;
        self.token.current().await.map_err(SignInFault::not_sent)?;
        slot.spend();
        self.granted.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// Asks with the token in `Authorization`.
    pub(crate) async fn read(&self, read: &Read<'_>) -> Result<Reply, NoAnswer> {
        self.read_by(read, &[Carrier::AUTHORIZATION]).await.map(|(reply, _)| reply)
    }

    /// Asks about a status; 403 are counted.
    pub(crate) async fn read_status(&self, read: &Read<'_>) -> Result<Reply, NoAnswer> {
        let reply = self.read(read).await?;
        if self.forbidden.count(reply.status) { Err(NoAnswer::AtAll(CannotBeAsked::NotAllowed)) } else { Ok(reply) }
    }

    /// Asks with the token in each of the headers in turn until one is taken, and once more with a new token when none
    /// is. Says which header was taken last.
    pub(crate) async fn read_by<'c>(
        &self,
        read: &Read<'_>,
        carriers: &'c [Carrier],
    ) -> Result<(Reply, Option<&'c Carrier>), NoAnswer> {
        let longest = millis(match read.lane {
            Lane::Rated(_) => self.line.config.deadlines.limiter_wait,
            Lane::Reads => read.deadline,
        });
        let slot = self.line.pace.take(read.lane, self.line.now(), longest)?;
        self.line.config.clock.sleep_until(slot.at).await;
        let first = self.token.current().await?;
        slot.spend();
        let (reply, carrier) = self.through(read, &first, carriers).await?;
        if !reply.turned_away() {
            return Ok((reply, carrier));
        }
        let second = match self.token.instead_of(&first).await {
            Ok(second) => second,
            Err(SignInFault::Refused) => return Err(NoAnswer::AtAll(CannotBeAsked::Unauthorised)),
            Err(fault) => return Err(fault.into()),
        };
        let (reply, carrier) = self.through(read, &second, carriers).await?;
        if reply.turned_away() { Err(NoAnswer::AtAll(CannotBeAsked::Unauthorised)) } else { Ok((reply, carrier)) }
    }

    async fn through<'c>(
        &self,
        read: &Read<'_>,
        bearer: &Bearer,
        carriers: &'c [Carrier],
    ) -> Result<(Reply, Option<&'c Carrier>), NoAnswer> {
        let mut last = Err(NoAnswer::AtAll(CannotBeAsked::Unauthorised));
        for carrier in carriers {
            let question = Question {
                method: read.method.clone(),
                path: read.path,
                body: read.body.clone(),
                bearer: Some((bearer, carrier)),
                deadline: read.deadline,
                lane: read.lane,
            };
            let reply = self.line.ask(&question).await?;
            let again = reply.turned_away();
            last = Ok((reply, Some(carrier)));
            if !again {
                break;
            }
        }
        last
    }

    /// Sends a payment or reversal, once, with the slot and the token that were got before.
    pub(crate) async fn move_money(&self, order: MoneyOrder<'_>) -> Result<Reply, MoneySilence> {
        if order.lane == Lane::Rated(Rate::Pay) && !self.use_granted_slot() {
            // The second sending after a 401 did not queue; it counts all the same.
            self.line.pace.count(order.lane, self.line.now());
        }
        let bearer = self.token.kept().await.map_err(|fault| MoneySilence::NotSent(fault.not_sent()))?;
        Ok(self.line.send_once(order, &bearer).await?)
    }

    fn use_granted_slot(&self) -> bool {
        self.granted.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
    }

    /// The connection test: signs in and asks about something made up (`GATEWAYS.md`, Rules).
    pub(crate) async fn try_out(&self, path: &str) -> TryOut {
        if let Err(fault) = self.token.current().await {
            return match fault {
                SignInFault::Refused => TryOut::SignInRefused,
                SignInFault::Offline | SignInFault::Unanswered | SignInFault::TooMany => {
                    TryOut::NoAnswer(fault.could_not_ask())
                }
            };
        }
        if !self.line.config.status_query {
            return TryOut::CannotBeAsked;
        }
        let deadline = self.line.config.deadlines.status;
        let read = Read { method: Method::GET, path, body: None, deadline, lane: Lane::Reads };
        reading::try_out(self.read(&read).await)
    }
}

/// A duration in the rules' unit.
pub(crate) fn millis(duration: Duration) -> Millis {
    Millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

/// A name that nothing at a gateway can have.
pub(crate) fn made_up() -> String {
    let mut random = [0_u8; 8];
    // Without randomness the name is still one that no desk ever made.
    let _filled = getrandom::fill(&mut random);
    random.iter().fold(String::from("vezne-connection-test-"), |name, byte| format!("{name}{byte:02x}"))
}
