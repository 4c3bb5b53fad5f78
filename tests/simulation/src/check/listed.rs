//! Whatever is not settled is listed and asked about, and settles as soon as the gateway has a last word.

use vezne_core::attempt::{Attempt, Outcome};
use vezne_core::evidence::Rank;
use vezne_core::reversal;
use vezne_till::AttemptView;

use super::Known;
use crate::world::State;

/// Checks the lists and the questions.
pub(super) fn check(state: &mut State, known: &Known) {
    let mut wrong = Vec::new();
    for attempt in known.attempts() {
        is_listed(known, attempt, &mut wrong);
    }
    for attempts in &known.keys {
        both_approved(known, attempts, &mut wrong);
    }
    settles(state, known, &mut wrong);
    reversals_settle(state, known, &mut wrong);
    for words in wrong {
        state.wrong(words);
    }
}

fn listed<'a>(known: &'a Known, attempt: &Attempt) -> Option<&'a AttemptView> {
    known.attention.iter().find(|view| view.attempt == attempt.intent.attempt)
}

/// Truth 6: final, or listed.
fn is_listed(known: &Known, attempt: &Attempt, wrong: &mut Vec<String>) {
    let id = attempt.intent.attempt;
    let needs_it = attempt.state.outcome() == Some(Outcome::Unknown)
        || attempt.contradiction.is_some()
        || !attempt.alarms.is_empty();
    if needs_it && listed(known, attempt).is_none() {
        wrong.push(format!("{id}: {} and not in Needs attention", attempt.state.word()));
    }
    let is_open = attempt.state.outcome().is_none();
    if is_open && known.open.iter().all(|view| view.attempt != id) {
        wrong.push(format!("{id}: open and not listed"));
    }
}

/// A set-aside attempt and the one that followed it, both approved: an alarm on each until a person answers it.
fn both_approved(known: &Known, attempts: &[Attempt], wrong: &mut Vec<String>) {
    let answered =
        |attempt: &Attempt| attempt.state.evidence().is_some_and(|evidence| evidence.rank() == Rank::Supervisor);
    for later in attempts.iter().filter(|attempt| attempt.state.is_approved()) {
        let Some(earlier) = later.intent.follows.and_then(|id| attempts.iter().find(|one| one.intent.attempt == id))
        else {
            continue;
        };
        if !earlier.state.is_approved() || answered(earlier) || answered(later) {
            continue;
        }
        for one in [earlier, later] {
            let alarmed = listed(known, one).is_some_and(|view| view.alarms.iter().any(|a| a.code == "both_approved"));
            if !alarmed {
                let id = one.intent.attempt;
                wrong.push(format!("{id}: it and the attempt linked to it are both approved, and no alarm stands"));
            }
        }
    }
}

/// With the network back, the gateway's last word settles within two periods; all else goes on being asked about.
fn settles(state: &State, known: &Known, wrong: &mut Vec<String>) {
    for before in &state.unsettled {
        let Some(attempt) = known.attempt(before.attempt) else { continue };
        if attempt.state.outcome() != Some(Outcome::Unknown) {
            continue;
        }
        let (id, word) = (before.attempt, attempt.state.word());
        if let Some(truth) = before.truth {
            let said = if truth { "paid" } else { "not paid" };
            wrong.push(format!("{id}: the gateway says {said}, and two periods later it is still {word}"));
        }
        if before.can_be_asked && attempt.asking.asked <= before.questions {
            wrong.push(format!("{id}: {word} and not asked about for two periods"));
        }
    }
}

fn reversals_settle(state: &State, known: &Known, wrong: &mut Vec<String>) {
    for reversal in &known.reversals {
        let id = reversal.intent.reversal;
        if !matches!(reversal.state, reversal::State::Unknown { .. }) {
            continue;
        }
        if known.reversals_listed.iter().all(|view| view.reversal != id) {
            wrong.push(format!("{id}: unknown and not in Needs attention"));
        }
        let Some(before) = state.unsettled_reversals.iter().find(|one| one.reversal == id) else { continue };
        if before.moved {
            wrong.push(format!("{id}: the money went back, and two periods later it is still unknown"));
        }
        if reversal.questions <= before.questions {
            wrong.push(format!("{id}: unknown and not asked about for two periods"));
        }
    }
}
