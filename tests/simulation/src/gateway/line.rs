//! The line between the two: where requests and answers get lost, late, cut and turned around.

use std::future::pending;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use vezne_core::account::GatewayKind;
use vezne_gateway::reading::{Answered, Exchange, Silence};

use super::{Ask, Request, SimGateway, answers};
use crate::books::About;
use crate::gateway::Seen;
use crate::schedule::{Boundary, What};
use crate::world::{Death, Happening};

/// How long a request or an answer is on its way.
const WAY: u64 = 150;

/// How long after the deadline a late request is processed.
const LATER: u64 = 30_000;

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

    async fn badly(&self, ask: &Ask, what: What, deadline: u64) -> Exchange {
        let then = Then::of(what, self.kind);
        match then {
            Then::NotSent => {
                sleep(millis(60)).await;
                Err(Silence::NotSent)
            }
            Then::TimesOut(arrives) => {
                if let Some(after) = arrives {
                    drop(self.post(ask, Seen::Now, if after { deadline + LATER } else { WAY }));
                }
                sleep(millis(deadline)).await;
                Err(Silence::TimedOut)
            }
            Then::Breaks(arrives) => {
                if arrives {
                    drop(self.post(ask, Seen::Now, WAY));
                }
                sleep(millis(2 * WAY)).await;
                Err(Silence::Lost)
            }
            Then::Answers(arrives, answered) => {
                if arrives {
                    drop(self.post(ask, Seen::Now, WAY));
                }
                sleep(millis(2 * WAY)).await;
                Ok(*answered)
            }
            Then::OldToken(locked_out) => {
                self.world.with(|state| {
                    state.books.token += 1;
                    state.books.locked_out |= locked_out;
                });
                self.plainly(ask, Seen::Now, deadline).await
            }
            Then::Cut => self.plainly(ask, Seen::Now, deadline).await.map(answers::cut),
            Then::Slow => {
                let exchange = self.plainly(ask, Seen::Now, deadline).await;
                sleep(millis(deadline.saturating_sub(1_000))).await;
                exchange
            }
            Then::Twice => {
                let answer = self.post(ask, Seen::Now, WAY);
                self.post_again(ask);
                sleep(millis(WAY)).await;
                timeout(millis(deadline), answer).await.ok().and_then(Result::ok).ok_or(Silence::TimedOut)
            }
            Then::Sees(seen) => self.plainly(ask, seen, deadline).await,
            Then::Dies => {
                drop(self.post(ask, Seen::Now, WAY));
                self.world.die(Death { gone_for: GONE_FOR, power_cut: false });
                pending().await
            }
        }
    }
}

/// What becomes of a request and its answer when something goes wrong with them.
enum Then {
    /// No byte leaves.
    NotSent,
    /// Nothing comes back in time. The request never arrives; or at once; or, true, when nobody waits any more.
    TimesOut(Option<bool>),
    /// The connection breaks, before or after the request has arrived.
    Breaks(bool),
    /// This comes back, whether the request has arrived or not.
    Answers(bool, Box<Answered>),
    /// The token is not taken any more; or even no other one is to be had.
    OldToken(bool),
    /// The body is cut.
    Cut,
    /// It comes at the last moment.
    Slow,
    /// The request arrives twice.
    Twice,
    /// It is answered out of other books.
    Sees(Seen),
    /// The desk's process dies when it has left.
    Dies,
}

impl Then {
    fn of(what: What, kind: GatewayKind) -> Self {
        let answers = |arrives, answered| Self::Answers(arrives, Box::new(answered));
        match what {
            What::Refused | What::Tls => Self::NotSent,
            What::TimeoutBefore => Self::TimesOut(None),
            What::TimeoutAfter => Self::TimesOut(Some(false)),
            What::ProcessedLate => Self::TimesOut(Some(true)),
            What::ResetBefore => Self::Breaks(false),
            What::Http(status) => answers(false, answers::error(kind, status, "no")),
            What::HttpAfter(status) => answers(true, answers::error(kind, status, "no")),
            What::Code2008(status) => answers(false, answers::code_2008(status)),
            What::Code2008After(status) => answers(true, answers::code_2008(status)),
            What::UnauthorisedByBank => answers(true, answers::unauthorised_by_bank()),
            What::Garbage => answers(true, answers::garbage()),
            What::WebPage => answers(true, answers::web_page()),
            What::TokenExpired => Self::OldToken(false),
            What::LockedOut => Self::OldToken(true),
            What::Cut => Self::Cut,
            What::Slow => Self::Slow,
            What::Twice => Self::Twice,
            What::Stale => Self::Sees(Seen::Stale),
            What::NoTrace => Self::Sees(Seen::Nothing),
            What::KillSent => Self::Dies,
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
            | What::AskAgain => Self::Breaks(true),
        }
    }
}
