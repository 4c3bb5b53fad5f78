//! What a person's word makes of a reversal (`RULES.md` 3 and 7): settled, corrected, seen, or done by hand in the portal.

use crate::attempt::Refusal;
use crate::evidence::SupervisorWord;
use crate::reversal::machine::Step;
use crate::reversal::{Entry, Intent, Proof, Reversal, State};
use crate::time::Timestamp;

/// A counter-entry.
pub(super) struct Counter {
    pub(super) done: bool,
    pub(super) word: SupervisorWord,
    pub(super) contested: bool,
}

/// One that was done by hand in the gateway's own portal, as its supervisor says: it is final as soon as it is written
/// down, and nothing is sent. Its entries, and the reversal that they tell of.
#[must_use]
pub fn recorded(intent: Intent, now: Timestamp) -> (Reversal, Vec<Entry>) {
    let state = State::Done { proof: Proof::Supervisor(intent.word.clone()) };
    let opened = Entry::Opened(Box::new(intent.clone()));
    let mut step = Step { reversal: Reversal::open(intent, now), entries: vec![opened], effects: Vec::new() };
    step.enter(state, now);
    (step.reversal, step.entries)
}

fn settled(done: bool, word: SupervisorWord) -> State {
    if done { State::Done { proof: Proof::Supervisor(word) } } else { State::NotDone { word } }
}

/// Whether the word says what was seen, and where.
fn names_portal(word: &SupervisorWord) -> Result<(), Refusal> {
    if word.saw.is_some() { Ok(()) } else { Err(Refusal::PortalReferenceMissing) }
}

/// An unknown one is settled.
pub(super) fn resolve(step: &mut Step, done: bool, word: SupervisorWord, now: Timestamp) -> Result<(), Refusal> {
    names_portal(&word)?;
    step.enter(settled(done, word), now);
    Ok(())
}

/// What a person settled may be corrected by a person; what the gateway said only where something contradicts it.
pub(super) fn counter_entry(
    step: &mut Step,
    counter: Counter,
    now: Timestamp,
    refusal: Refusal,
) -> Result<(), Refusal> {
    match &step.reversal.state {
        State::Done { .. } | State::NotDone { .. } => {}
        // Nothing was processed, so there is nothing to correct; what was done elsewhere is a record of its own.
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::Unknown { .. }
        | State::Refused(_)
        | State::NotSent { .. } => return Err(refusal),
    }
    let open_to_a_word = step.reversal.state.rests_on_a_word();
    if !open_to_a_word && !counter.contested && step.reversal.alarms.is_empty() {
        return Err(Refusal::NothingContradicts);
    }
    names_portal(&counter.word)?;
    step.enter(settled(counter.done, counter.word), now);
    Ok(())
}

/// A supervisor has seen the alarms of one that the gateway itself has settled since.
pub(super) fn acknowledge(step: &mut Step, word: SupervisorWord, now: Timestamp) -> Result<(), Refusal> {
    if step.reversal.alarms.is_empty() {
        return Err(Refusal::NothingContradicts);
    }
    step.write(Entry::Acknowledged(word), now);
    Ok(())
}
