//! A set-aside attempt and the one that followed it, both approved: an alarm on each (`RULES.md` 3). Where the journal can't be
//! read just then, it is looked for again until it can: nothing else would ever notice.

use std::collections::BTreeMap;

use vezne_core::attempt::{self, Attempt, Event};
use vezne_core::ids::AttemptId;
use vezne_core::ports::JournalFault;
use vezne_core::time::{Millis, Timestamp};

use crate::again::Again;
use crate::desk::{Desk, LiveAttempt};

/// How long to wait before the journal is read again.
const AGAIN: Millis = Millis::seconds(1);

/// Which attempts' alarms stand already and were answered: they are not raised again.
type Answered = fn(&Attempt) -> bool;

/// What could not be looked at yet.
pub(crate) struct Twins {
    waiting: BTreeMap<AttemptId, Answered>,
    pub(crate) again: Again,
}

impl Twins {
    pub(crate) const fn new() -> Self {
        Self { waiting: BTreeMap::new(), again: Again::after(AGAIN) }
    }

    fn take_due(&mut self, now: Timestamp) -> BTreeMap<AttemptId, Answered> {
        if self.again.is_due(now) {
            self.again.clear();
            return std::mem::take(&mut self.waiting);
        }
        BTreeMap::new()
    }
}

impl Desk {
    /// Raises the alarm on this attempt and on every approved one of its chain, except where it was answered already.
    pub(crate) async fn look_for_a_twin_approval(&mut self, id: AttemptId, answered: Answered) {
        if let Err(fault) = self.raise_on_twins(id, answered).await {
            tracing::error!(attempt = %id, %fault, "the attempts beside an approved one could not be read");
            self.twins.waiting.insert(id, answered);
            self.twins.again.set(self.now());
        }
    }

    /// Looks again at what could not be read.
    pub(crate) async fn look_at_twins_again(&mut self) {
        for (id, answered) in self.twins.take_due(self.now()) {
            self.look_for_a_twin_approval(id, answered).await;
            self.let_go(id);
        }
    }

    async fn raise_on_twins(&mut self, id: AttemptId, answered: Answered) -> Result<(), JournalFault> {
        if !self.attempts.contains_key(&id)
            && let Some(attempt) = self.ports.journal.attempt(id).await?
        {
            self.attempts.insert(id, LiveAttempt::taken_up(attempt));
        }
        let Some(live) = self.attempts.get(&id) else { return Ok(()) };
        if !live.attempt.state.is_approved() {
            return Ok(());
        }
        let key = live.attempt.intent.guard_key();
        let siblings = self.ports.journal.attempts_on(&key).await?;
        // However many were set aside one after the other, they all stand for one payment.
        let chain = first_of_chain(&siblings, id);
        let linked =
            |other: &Attempt| other.intent.attempt != id && first_of_chain(&siblings, other.intent.attempt) == chain;
        for other in siblings.iter().filter(|other| linked(other)) {
            let read = other;
            let other = read.intent.attempt;
            // What is held because it can't be written down stands here and not in the journal. And what was read is not
            // read again: the second time it might fail, and the alarm be lost.
            let live = self.attempts.entry(other).or_insert_with(|| LiveAttempt::taken_up(read.clone()));
            let approved = live.attempt.state.is_approved();
            let other_answered = answered(&live.attempt);
            if !approved {
                self.let_go(other);
                continue;
            }
            let alarm = |other| Event::AlarmRaised(attempt::Alarm::BothApproved { other });
            // Boxed: an alarm is itself an event of an attempt.
            Box::pin(self.hint(id, alarm(other))).await;
            if !other_answered {
                Box::pin(self.hint(other, alarm(id))).await;
            }
        }
        Ok(())
    }
}

/// The attempt that began the chain of set-aside attempts to which this one belongs; itself, if it follows none.
fn first_of_chain(siblings: &[Attempt], mut id: AttemptId) -> AttemptId {
    // A chain is at most as long as there are attempts; a damaged journal must not make this endless.
    for _ in siblings {
        let follows = siblings.iter().find(|one| one.intent.attempt == id).and_then(|one| one.intent.follows);
        match follows {
            Some(earlier) => id = earlier,
            None => return id,
        }
    }
    id
}
