//! The line between the two: where requests and answers get lost, late, cut and turned around.

use std::future::pending;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use vezne_gateway::reading::{Answered, Exchange, Silence};

use super::{Ask, Request, SimGateway, answers};
use crate::books::About;
use crate::gateway::Seen;
use crate::schedule::{Boundary, What};
use crate::world::{Death, Happening};

/// How long a request or an answer is on its way.
const WAY: u64 = 150;

/// How long the desk's process is gone when it dies with a request on its way.
const GONE_FOR: u64 = 3_000;

fn millis(span: u64) -> Duration {
    Duration::from_millis(span)
}

/// What an ask would move, if it may move money.
fn about(ask: &Ask) -> Option<About> {
    match ask {
        Ask::Pay(pay) => Some(About::Attempt(pay.attempt)),
        Ask::Cancel { reversal, .. } | Ask::Return { reversal, .. } => Some(About::Reversal(*reversal)),
        Ask::SignIn | Ask::Options { .. } | Ask::Order(_) | Ask::Transaction(_) | Ask::Eligibility(_) => None,
    }
}

impl SimGateway {
    /// Hands a request to the network; its answer comes when the gateway has one.
    fn post(&self, ask: &Ask, seen: Seen, after: u64) -> oneshot::Receiver<Answered> {
        let (reply, answer) = oneshot::channel();
        let token = self.token.load(std::sync::atomic::Ordering::Acquire);
        let request = Box::new(Request { ask: ask.clone(), token, seen });
        let at = self.world.now() + after;
        self.world.later(at, Happening::Arrives(request, Some(reply)));
        answer
    }

    /// The same bytes arrive once more, and nobody waits for an answer to them.
    fn post_again(&self, ask: &Ask) {
        let token = self.token.load(std::sync::atomic::Ordering::Acquire);
        let request = Box::new(Request { ask: ask.clone(), token, seen: Seen::Now });
        self.world.later(self.world.now() + WAY + 50, Happening::Arrives(request, None));
    }

    /// One request and its answer, or what goes wrong with them.
    pub(super) async fn call(&self, at: Boundary, ask: &Ask, deadline: u64) -> Exchange {
        let what = self.world.pass(at).await;
        let may_leave = !matches!(what, Some(What::Refused | What::Tls));
        if let Some(about) = about(ask).filter(|_| may_leave) {
            self.world.with(|state| {
                let now = state.now();
                state.books.leaves(about, now);
            });
        }
        let exchange = match what {
            None => self.plainly(ask, Seen::Now, deadline).await,
            Some(what) => self.badly(ask, what, deadline).await,
        };
        self.world.unless_dead().await;
        let plain_401 = matches!(&exchange, Ok(answered) if answered.status == 401);
        if let Some(about) = about(ask).filter(|_| plain_401 && what != Some(What::UnauthorisedByBank)) {
            self.world.with(|state| state.books.turned_away(about));
        }
        exchange
    }

    async fn plainly(&self, ask: &Ask, seen: Seen, deadline: u64) -> Exchange {
        let answer = self.post(ask, seen, WAY);
        match timeout(millis(deadline.saturating_sub(WAY)), answer).await {
            Err(_) => Err(Silence::TimedOut),
            Ok(Err(_)) => pending().await,
            Ok(Ok(answered)) => {
                sleep(millis(WAY)).await;
                Ok(answered)
            }
        }
    }

    /// The request arrives, whatever the desk hears of it.
    fn arrives(&self, ask: &Ask) {
        drop(self.post(ask, Seen::Now, WAY));
    }

    #[expect(clippy::too_many_lines, reason = "a table: one arm for each thing that can go wrong on the line")]
    async fn badly(&self, ask: &Ask, what: What, deadline: u64) -> Exchange {
        let kind = self.kind;
        match what {
            What::Refused | What::Tls => {
                sleep(millis(60)).await;
                Err(Silence::NotSent)
            }
            What::TimeoutBefore => self.times_out(deadline).await,
            What::TimeoutAfter => {
                self.arrives(ask);
                self.times_out(deadline).await
            }
            What::ProcessedLate => {
                drop(self.post(ask, Seen::Now, deadline + 30_000));
                self.times_out(deadline).await
            }
            What::ResetBefore => {
                sleep(millis(WAY)).await;
                Err(Silence::Lost)
            }
            What::Http(status) => self.answers_with(answers::error(kind, status, "no")).await,
            What::HttpAfter(status) => {
                self.arrives(ask);
                self.answers_with(answers::error(kind, status, "no")).await
            }
            What::Code2008(status) => self.answers_with(answers::code_2008(status)).await,
            What::Code2008After(status) => {
                self.arrives(ask);
                self.answers_with(answers::code_2008(status)).await
            }
            What::UnauthorisedByBank => {
                self.arrives(ask);
                self.answers_with(answers::unauthorised_by_bank()).await
            }
            What::TokenExpired => self.with_an_old_token(ask, false, deadline).await,
            What::LockedOut => self.with_an_old_token(ask, true, deadline).await,
            What::Cut => self.plainly(ask, Seen::Now, deadline).await.map(answers::cut),
            What::Garbage => {
                self.arrives(ask);
                self.answers_with(answers::garbage()).await
            }
            What::WebPage => {
                self.arrives(ask);
                self.answers_with(answers::web_page()).await
            }
            What::Slow => {
                let exchange = self.plainly(ask, Seen::Now, deadline).await;
                sleep(millis(deadline.saturating_sub(1_000))).await;
                exchange
            }
            What::Twice => {
                let answer = self.post(ask, Seen::Now, WAY);
                self.post_again(ask);
                sleep(millis(WAY)).await;
                timeout(millis(deadline), answer).await.ok().and_then(Result::ok).ok_or(Silence::TimedOut)
            }
            What::Stale => self.plainly(ask, Seen::Stale, deadline).await,
            What::NoTrace => self.plainly(ask, Seen::Nothing, deadline).await,
            What::KillSent => {
                self.arrives(ask);
                self.world.die(Death { gone_for: GONE_FOR, power_cut: false });
                pending().await
            }
            // What is left is no fault of a line: as good as a connection that breaks.
            What::ResetAfter
            | What::Kill
            | What::PowerCut
            | What::ClockForward
            | What::ClockBack
            | What::ClockYearBack
            | What::DiskError
            | What::DiskFull
            | What::DiskTorn
            | What::Fails
            | What::Lost
            | What::ForgedImage
            | What::ForgedSuccess
            | What::ForgedFailure
            | What::PayAgain
            | What::SecondStart
            | What::Cancel
            | What::CloseWindow
            | What::AskAgain => {
                self.arrives(ask);
                sleep(millis(2 * WAY)).await;
                Err(Silence::Lost)
            }
        }
    }

    async fn times_out(&self, deadline: u64) -> Exchange {
        sleep(millis(deadline)).await;
        Err(Silence::TimedOut)
    }

    async fn answers_with(&self, answered: Answered) -> Exchange {
        sleep(millis(2 * WAY)).await;
        Ok(answered)
    }

    async fn with_an_old_token(&self, ask: &Ask, locked_out: bool, deadline: u64) -> Exchange {
        self.world.with(|state| {
            state.books.token += 1;
            state.books.locked_out |= locked_out;
        });
        self.plainly(ask, Seen::Now, deadline).await
    }
}
