//! Comparing a close with the gateways: each payment of it is asked about, one after the other, at the gateway's pace. An
//! answer goes the way of every answer (`ask.rs`): it may settle what is unknown and contradict what is final. Beside that it
//! is held against what the journal said, and what differs is kept with the close.

use std::collections::{BTreeMap, VecDeque};

use tokio::sync::oneshot;
use vezne_core::answers::CouldNotAsk;
use vezne_core::attempt::{Attempt, Event, State};
use vezne_core::close::{Closed, Compared, Comparison, Difference, NotAsked, compare, subject_of};
use vezne_core::ids::{AccountId, AttemptId, OperatorId};
use vezne_core::record::{Batch, Record};
use vezne_core::reversal;
use vezne_core::status::{Reading, Seen};
use vezne_core::time::{Millis, Timestamp};

use crate::actor::Inward;
use crate::again::Again;
use crate::close::CloseError;
use crate::desk::Desk;
use crate::view::{Change, ComparingView};

/// After so many questions in a row that a gateway did not answer, no more are asked of it: it is not there.
const SILENT: u32 = 3;

/// How many are looked at in one go while none of them needs a question.
const AT_ONCE: usize = 50;

/// From one question to the next: a comparison hurries nobody, and leaves the gateway's patience to the sales.
const PACE: Millis = Millis::seconds(1);

/// How long it rests after "too many" where the gateway names no time.
const REST: Millis = Millis::seconds(10);

/// After so many times "too many" in a row about one payment it counts as not answered.
const TURNED_AWAY: u32 = 5;

/// What may be said of a comparison that is being prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preparing {
    /// None is.
    No,
    /// What is to be asked about is being read.
    Reading,
    /// The same, and it is not wanted any more.
    Stopped,
}

/// What a comparison begins with, read beside the actor.
pub(crate) struct Prepared {
    closed: Closed,
    queue: Vec<AttemptId>,
}

pub(crate) type Reply = oneshot::Sender<Result<ComparingView, CloseError>>;

/// A comparison under way.
pub(crate) struct Comparing {
    number: u32,
    close_seq: i64,
    began: Timestamp,
    operator: Option<OperatorId>,
    /// Those that have not been asked about yet, oldest first.
    queue: VecDeque<AttemptId>,
    /// The one that is asked about now.
    asked: Option<AttemptId>,
    of: u32,
    agreed: u32,
    unanswered: u32,
    cannot_be_asked: u32,
    nothing_sent: u32,
    differences: Vec<Difference>,
    /// Unanswered questions in a row, by account.
    silent: BTreeMap<AccountId, u32>,
    /// When the last question left.
    last: Option<Timestamp>,
    /// How often in a row the gateway had too many questions for this one.
    turned_away: u32,
}

impl Comparing {
    fn done(&self) -> u32 {
        let differ = u32::try_from(self.differences.len()).unwrap_or(u32::MAX);
        let silent = self.unanswered.saturating_add(self.cannot_be_asked).saturating_add(self.nothing_sent);
        self.agreed.saturating_add(silent).saturating_add(differ)
    }

    pub(crate) fn view(&self, ended: bool) -> ComparingView {
        ComparingView {
            number: self.number,
            done: self.done(),
            of: self.of,
            agreed: self.agreed,
            unanswered: self.unanswered,
            cannot_be_asked: self.cannot_be_asked,
            nothing_sent: self.nothing_sent,
            differences: u32::try_from(self.differences.len()).unwrap_or(u32::MAX),
            ended,
            not_kept: None,
        }
    }

    fn is_silent(&self, account: &AccountId) -> bool {
        self.silent.get(account).is_some_and(|count| *count >= SILENT)
    }

    fn heard(&mut self, account: &AccountId, answered: bool) {
        let count = self.silent.entry(account.clone()).or_default();
        *count = if answered { 0 } else { count.saturating_add(1) };
    }

    /// How long until the next question may leave. A clock that was set back does not make it longer.
    fn rest(&self, now: Timestamp) -> Millis {
        self.last.map_or(Millis::ZERO, |last| last.after(PACE).since(now).min(PACE))
    }

    /// Whether "too many" puts the question off: it says nothing of the payment, nor that the gateway is silent.
    fn is_put_off(&mut self, reading: &Reading) -> bool {
        let too_many = *reading == Reading::CouldNotAsk(CouldNotAsk::TooMany);
        self.turned_away = if too_many { self.turned_away.saturating_add(1) } else { 0 };
        if self.turned_away > TURNED_AWAY {
            self.turned_away = 0;
            return false;
        }
        too_many
    }

    /// What an answer about this attempt comes to.
    fn take(&mut self, attempt: &Attempt, cancelled: bool, reading: &Reading) {
        self.heard(&attempt.intent.account.id, reading.answered());
        match compare(attempt, cancelled, reading) {
            Compared::Agrees => self.agreed = self.agreed.saturating_add(1),
            Compared::NotAsked(NotAsked::CannotBeAsked(_)) => {
                self.cannot_be_asked = self.cannot_be_asked.saturating_add(1);
            }
            Compared::NotAsked(NotAsked::CouldNotAsk(_)) => self.unanswered = self.unanswered.saturating_add(1),
            Compared::Differs(finding) => self.differences.push(Difference {
                attempt: attempt.intent.attempt,
                payment: attempt.intent.payment,
                account: attempt.intent.account.name.clone(),
                subject: subject_of(attempt),
                amount: attempt.charged(),
                ours: attempt.state.outcome(),
                finding,
                seen: seen_in(reading),
            }),
        }
    }

    fn comparison(self, ended: Timestamp) -> Comparison {
        let left = self.queue.len().saturating_add(usize::from(self.asked.is_some()));
        Comparison {
            number: self.number,
            close_seq: self.close_seq,
            began: self.began,
            ended,
            operator: self.operator,
            agreed: self.agreed,
            unanswered: self.unanswered,
            cannot_be_asked: self.cannot_be_asked,
            nothing_sent: self.nothing_sent,
            left: u32::try_from(left).unwrap_or(u32::MAX),
            differences: self.differences,
        }
    }
}

/// What was seen at the gateway, where an answer shows something.
fn seen_in(reading: &Reading) -> Option<Seen> {
    match reading {
        Reading::Paid(seen)
        | Reading::PaidPartlyReturned(seen)
        | Reading::NotPaid(seen)
        | Reading::Pending(seen)
        | Reading::Mismatch { seen, .. }
        | Reading::Attention(seen)
        | Reading::PaidByUnknownCard(seen)
        | Reading::OwnReversal(seen) => Some(seen.clone()),
        Reading::NoTrace | Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => None,
    }
}

/// What is to be done about one attempt.
enum Ask {
    /// Nothing of it ever left.
    NothingSent,
    /// Nobody can be asked now, or it is being asked about anyway.
    Nobody,
    /// Nobody can ever be asked: the account's status query is off, or the account is not set up any more.
    Never,
    /// The gateway.
    Gateway,
    /// The gateway, when it takes questions again.
    Later(Millis),
}

/// What came of looking at one attempt.
enum Looked {
    /// It is counted, and the next one may be looked at.
    Counted,
    /// It is being asked about.
    Asking,
    /// It stands in the queue again; go on after so long.
    Waiting(Millis),
}

impl Desk {
    /// Begins to compare a close: what is to be asked about is read beside the actor, for an old journal's first close holds
    /// all of it.
    pub(crate) fn compare_close(&mut self, number: u32, operator: Option<OperatorId>, reply: Reply) {
        if self.comparing.is_some() || self.preparing != Preparing::No {
            let _front = reply.send(Err(CloseError::Comparing));
            return;
        }
        self.preparing = Preparing::Reading;
        let (journal, inward) = (self.ports.journal.clone(), self.inward.clone());
        tokio::spawn(async move {
            let read = async {
                let closed = journal.day_close(Some(number)).await.map_err(CloseError::Journal)?;
                let closed = closed.ok_or(CloseError::NotFound)?;
                let queue = journal.attempts_of_close(&closed).await.map_err(CloseError::Journal)?;
                Ok(Box::new(Prepared { closed, queue }))
            };
            let prepared = read.await;
            let _till_closed = inward.send(Inward::ComparisonPrepared(operator, prepared, reply));
        });
    }

    /// What is to be asked about is read: the questions begin.
    pub(crate) async fn comparison_prepared(
        &mut self,
        operator: Option<OperatorId>,
        prepared: Result<Box<Prepared>, CloseError>,
        reply: Reply,
    ) {
        let stopped = std::mem::replace(&mut self.preparing, Preparing::No) == Preparing::Stopped;
        let Prepared { closed, queue } = match prepared {
            Ok(prepared) => *prepared,
            Err(error) => {
                let _front = reply.send(Err(error));
                return;
            }
        };
        let comparing = Comparing {
            number: closed.close.number,
            close_seq: closed.seq,
            began: self.now(),
            operator,
            of: u32::try_from(queue.len()).unwrap_or(u32::MAX),
            queue: queue.into(),
            asked: None,
            agreed: 0,
            unanswered: 0,
            cannot_be_asked: 0,
            nothing_sent: 0,
            differences: Vec::new(),
            silent: BTreeMap::new(),
            last: None,
            turned_away: 0,
        };
        let view = comparing.view(false);
        self.comparing = Some(comparing);
        self.tell(Change::Comparing(Box::new(view.clone())));
        let _front = reply.send(Ok(view));
        if stopped {
            self.end_comparison().await;
        } else {
            // The first question is asked when the actor comes round: whoever began hears of everything.
            self.compare_after(Millis::ZERO);
        }
    }

    /// Stops it: what was heard so far is kept, and what is under way is still heard as an answer like any other.
    pub(crate) async fn stop_comparing(&mut self) {
        if self.preparing == Preparing::Reading {
            self.preparing = Preparing::Stopped;
        }
        self.end_comparison().await;
    }

    /// The next one is looked at after so long.
    fn compare_after(&mut self, span: Millis) {
        self.compare_next = Again::after(span);
        self.compare_next.set(self.now());
    }

    /// Asks about the next one; ends the comparison after the last.
    pub(crate) async fn compare_on(&mut self) {
        if !self.compare_next.is_due(self.now()) {
            return;
        }
        self.compare_next.clear();
        for _ in 0..AT_ONCE {
            let Some(comparing) = &mut self.comparing else { return };
            let Some(id) = comparing.queue.pop_front() else {
                self.end_comparison().await;
                return;
            };
            match self.compare_one(id).await {
                Looked::Counted => {}
                Looked::Asking => return,
                Looked::Waiting(span) => {
                    self.compare_after(span);
                    return;
                }
            }
        }
        // What needs no question must not keep the desk from what does.
        self.compare_after(Millis::ZERO);
    }

    async fn compare_one(&mut self, id: AttemptId) -> Looked {
        let attempt = match self.attempts.get(&id) {
            Some(live) => Some(live.attempt.clone()),
            None => self.ports.journal.attempt(id).await.ok().flatten(),
        };
        let ask = attempt.as_ref().map_or(Ask::Nobody, |attempt| self.whom_to_ask(attempt));
        let now = self.now();
        let Some(comparing) = &mut self.comparing else { return Looked::Counted };
        match ask {
            Ask::NothingSent => comparing.nothing_sent = comparing.nothing_sent.saturating_add(1),
            Ask::Nobody => comparing.unanswered = comparing.unanswered.saturating_add(1),
            Ask::Never => comparing.cannot_be_asked = comparing.cannot_be_asked.saturating_add(1),
            Ask::Later(span) => {
                comparing.queue.push_front(id);
                return Looked::Waiting(span);
            }
            Ask::Gateway => {
                comparing.asked = Some(id);
                comparing.last = Some(now);
                if self.person(id, Event::AskRequested).await.is_ok() {
                    return Looked::Asking;
                }
                if let Some(comparing) = &mut self.comparing {
                    comparing.asked = None;
                    comparing.unanswered = comparing.unanswered.saturating_add(1);
                }
            }
        }
        Looked::Counted
    }

    fn whom_to_ask(&self, attempt: &Attempt) -> Ask {
        let never_sent = match attempt.state {
            State::NotSent(_) | State::Refused(_) | State::Ready => attempt.sent.is_none(),
            State::Sending(_) | State::Reauthorising => return Ask::Nobody,
            State::AtBank
            | State::Confirming(_)
            | State::Unknown(_)
            | State::SetAside(_)
            | State::Approved { .. }
            | State::Declined { .. } => false,
        };
        if never_sent {
            return Ask::NothingSent;
        }
        let Some(served) = self.served(&attempt.intent.account).filter(|_| attempt.can_be_asked()) else {
            return Ask::Never;
        };
        let Some(comparing) = &self.comparing else { return Ask::Nobody };
        if comparing.is_silent(&attempt.intent.account.id) {
            return Ask::Nobody;
        }
        // The lane that the gateway has closed is the sales' as well: nobody presses there.
        let closed = served.gateway.wait_to_read();
        let rest = closed.max(comparing.rest(self.now()));
        if rest == Millis::ZERO { Ask::Gateway } else { Ask::Later(rest) }
    }

    /// An answer was read, before it is taken as an event: is it one that is waited for?
    pub(crate) async fn compare_reading(&mut self, id: AttemptId, reading: &Reading, asked: Timestamp) {
        if self.comparing.as_ref().is_none_or(|comparing| comparing.asked != Some(id)) {
            return;
        }
        let Some(attempt) = self.attempts.get(&id).map(|live| live.attempt.clone()) else { return };
        // What came to be done while the question was under way, its answer may not show yet.
        let cancelled = self.reversals_of(&attempt).await.is_some_and(|reversals| {
            reversals
                .iter()
                .any(|reversal| matches!(reversal.state, reversal::State::Done { .. }) && reversal.since <= asked)
        });
        let Some(comparing) = &mut self.comparing else { return };
        comparing.asked = None;
        if comparing.is_put_off(reading) {
            comparing.queue.push_front(id);
            self.compare_after(REST);
            return;
        }
        comparing.take(&attempt, cancelled, reading);
        let view = comparing.view(false);
        self.tell(Change::Comparing(Box::new(view)));
        self.compare_after(Millis::ZERO);
    }

    /// Ends it, at its end or before: what was heard so far is kept.
    pub(crate) async fn end_comparison(&mut self) {
        let Some(comparing) = self.comparing.take() else { return };
        let now = self.now();
        let mut view = comparing.view(true);
        let comparison = comparing.comparison(now);
        tracing::info!(number = comparison.number, differences = comparison.differences.len(), "a close was compared");
        let batch = Batch { records: vec![Record::CloseCompared(Box::new(comparison))], names: Vec::new() };
        // What each answer said is written down with its attempt. This is the list of them: it can be made again.
        if let Err(fault) = self.write(batch, now).await {
            tracing::error!(%fault, "the comparison of a close could not be written down");
            view.not_kept = Some(fault.to_string());
        }
        self.tell(Change::Comparing(Box::new(view)));
    }

    /// The comparison that is under way, if there is one.
    pub(crate) fn comparing(&self) -> Option<ComparingView> {
        self.comparing.as_ref().map(|comparing| comparing.view(false))
    }
}
