//! A payment that waits to be sent, and news of an earlier attempt on the same order or reference: what the guard looked at when it
//! was opened is no longer so, and nothing has left yet, or nothing that was processed (`RULES.md` 3, 5 and 6). It is stopped, for
//! a person to look at both.

use vezne_core::attempt::{Attempt, Event, Preparation, State, VezneRefusal};
use vezne_core::guard;
use vezne_core::ids::AttemptId;

use crate::desk::Desk;

/// What of an attempt stands in the way of another one on its order or reference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct InTheWay {
    approved: bool,
    contradicted: bool,
}

impl InTheWay {
    pub(crate) fn of(attempt: &Attempt) -> Self {
        Self { approved: attempt.state.is_approved(), contradicted: guard::is_contradicted(attempt) }
    }
}

impl Desk {
    /// Stops whatever waits on this attempt's order or reference, if the attempt has just come to stand in its way. No earlier
    /// override counts: whoever gave it did not know.
    pub(crate) async fn stop_overtaken(&mut self, id: AttemptId, before: InTheWay) {
        let Some(live) = self.attempts.get(&id) else { return };
        let now = InTheWay::of(&live.attempt);
        let contradicted = now.contradicted && !before.contradicted;
        if !contradicted && (before.approved || !now.approved) {
            return;
        }
        let intent = &live.attempt.intent;
        let (key, paid) = (intent.guard_key(), intent.subject.part());
        let clashes = |other: &Attempt| contradicted || guard::pays_again(other.intent.subject.part(), paid);
        let unsent = |other: &Attempt| matches!(other.state, State::Ready | State::Reauthorising);
        let waits = |other: &Attempt| unsent(other) && other.intent.guard_key() == key && clashes(other);
        let all = self.attempts.values().map(|other| &other.attempt);
        let overtaken: Vec<AttemptId> = all.filter(|other| waits(other)).map(|other| other.intent.attempt).collect();
        for other in overtaken {
            tracing::warn!(attempt = %other, earlier = %id, "news of an earlier attempt: nothing is sent");
            // Boxed: this is itself an event of an attempt.
            Box::pin(self.hint(other, Event::Prepared(Preparation::Refused(VezneRefusal::Overtaken)))).await;
        }
    }
}
