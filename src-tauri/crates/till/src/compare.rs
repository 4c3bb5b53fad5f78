//! Comparing a close with the gateways: each payment of it is asked about, one after the other, at the gateway's pace. An
//! answer goes the way of every answer (`ask.rs`): it may settle what is unknown and contradict what is final. Beside that it
//! is held against what the journal said, and what differs is kept with the close.

use std::collections::{BTreeMap, VecDeque};

use vezne_core::attempt::{Attempt, Event, State};
use vezne_core::close::{Compared, Comparison, Difference, compare, subject_of};
use vezne_core::ids::{AccountId, AttemptId, OperatorId};
use vezne_core::record::{Batch, Record};
use vezne_core::status::{Reading, Seen};
use vezne_core::time::Timestamp;

use crate::close::CloseError;
use crate::desk::Desk;
use crate::view::{Change, ComparingView};

/// After so many questions in a row that a gateway did not answer, no more are asked of it: it is not there.
const SILENT: u32 = 3;

/// How many are looked at in one go while none of them needs a question.
const AT_ONCE: usize = 50;

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
    nothing_sent: u32,
    differences: Vec<Difference>,
    /// Unanswered questions in a row, by account.
    silent: BTreeMap<AccountId, u32>,
}

impl Comparing {
    fn done(&self) -> u32 {
        let differ = u32::try_from(self.differences.len()).unwrap_or(u32::MAX);
        self.agreed.saturating_add(self.unanswered).saturating_add(self.nothing_sent).saturating_add(differ)
    }

    pub(crate) fn view(&self, ended: bool) -> ComparingView {
        ComparingView {
            number: self.number,
            done: self.done(),
            of: self.of,
            agreed: self.agreed,
            unanswered: self.unanswered,
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

    /// What an answer about this attempt comes to.
    fn take(&mut self, attempt: &Attempt, reading: &Reading) {
        self.heard(&attempt.intent.account.id, reading.answered());
        match compare(attempt, reading) {
            Compared::Agrees => self.agreed = self.agreed.saturating_add(1),
            Compared::NotAsked(_) => self.unanswered = self.unanswered.saturating_add(1),
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
    /// The gateway.
    Gateway,
}

impl Desk {
    /// Begins to compare a close.
    pub(crate) async fn compare_close(
        &mut self,
        number: u32,
        operator: Option<OperatorId>,
    ) -> Result<ComparingView, CloseError> {
        if self.comparing.is_some() {
            return Err(CloseError::Comparing);
        }
        let closed = self.ports.journal.day_close(Some(number)).await.map_err(CloseError::Journal)?;
        let closed = closed.ok_or(CloseError::NotFound)?;
        let queue = self.ports.journal.attempts_of_close(&closed).await.map_err(CloseError::Journal)?;
        let comparing = Comparing {
            number,
            close_seq: closed.seq,
            began: self.now(),
            operator,
            of: u32::try_from(queue.len()).unwrap_or(u32::MAX),
            queue: queue.into(),
            asked: None,
            agreed: 0,
            unanswered: 0,
            nothing_sent: 0,
            differences: Vec::new(),
            silent: BTreeMap::new(),
        };
        let view = comparing.view(false);
        self.comparing = Some(comparing);
        self.tell(Change::Comparing(Box::new(view.clone())));
        // The first question is asked when the actor comes round: whoever began hears of everything.
        self.compare_next = true;
        Ok(view)
    }

    /// Stops it: what was heard so far is kept, and what is under way is still heard as an answer like any other.
    pub(crate) async fn stop_comparing(&mut self) {
        self.end_comparison().await;
    }

    /// Asks about the next one; ends the comparison after the last.
    pub(crate) async fn compare_on(&mut self) {
        if !std::mem::take(&mut self.compare_next) {
            return;
        }
        for _ in 0..AT_ONCE {
            let Some(comparing) = &mut self.comparing else { return };
            let Some(id) = comparing.queue.pop_front() else {
                self.end_comparison().await;
                return;
            };
            if self.compare_one(id).await {
                return;
            }
        }
        // What needs no question must not keep the desk from what does.
        self.compare_next = true;
    }

    /// Begins with one; false when nothing is waited for.
    async fn compare_one(&mut self, id: AttemptId) -> bool {
        let attempt = match self.attempts.get(&id) {
            Some(live) => Some(live.attempt.clone()),
            None => self.ports.journal.attempt(id).await.ok().flatten(),
        };
        let ask = attempt.as_ref().map_or(Ask::Nobody, |attempt| self.whom_to_ask(attempt));
        let Some(comparing) = &mut self.comparing else { return false };
        match ask {
            Ask::NothingSent => comparing.nothing_sent = comparing.nothing_sent.saturating_add(1),
            Ask::Nobody => comparing.unanswered = comparing.unanswered.saturating_add(1),
            Ask::Gateway => {
                comparing.asked = Some(id);
                if self.person(id, Event::AskRequested).await.is_ok() {
                    return true;
                }
                if let Some(comparing) = &mut self.comparing {
                    comparing.asked = None;
                    comparing.unanswered = comparing.unanswered.saturating_add(1);
                }
            }
        }
        false
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
        let served = self.served(&attempt.intent.account).is_some();
        let silent = self.comparing.as_ref().is_some_and(|comparing| comparing.is_silent(&attempt.intent.account.id));
        if served && attempt.can_be_asked() && !silent { Ask::Gateway } else { Ask::Nobody }
    }

    /// An answer was read, before it is taken as an event: is it one that is waited for?
    pub(crate) fn compare_reading(&mut self, id: AttemptId, reading: &Reading) {
        let (Some(comparing), Some(live)) = (&mut self.comparing, self.attempts.get(&id)) else { return };
        if comparing.asked != Some(id) {
            return;
        }
        comparing.asked = None;
        comparing.take(&live.attempt, reading);
        let view = comparing.view(false);
        self.compare_next = true;
        self.tell(Change::Comparing(Box::new(view)));
    }

    async fn end_comparison(&mut self) {
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
