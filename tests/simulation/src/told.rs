//! What the operator was told, held against the ledger at the moment of telling.

use std::collections::BTreeMap;

use vezne_core::attempt::Outcome;
use vezne_core::ids::{AttemptId, ReversalId};
use vezne_till::{AttemptView, Change, JournalState, ReversalView};

use crate::coverage::Cell;
use crate::schedule::Behaviour;
use crate::world::State;

/// The newest telling about an attempt.
#[derive(Debug, Clone)]
pub(crate) struct ToldAttempt {
    pub(crate) outcome: Option<Outcome>,
    /// `clientReferenceCode` and order, as returns name them.
    pub(crate) reference: String,
    pub(crate) order: Option<String>,
    /// Whether it was told without the mark "not written down".
    written: bool,
}

/// Everything that was told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) attempts: BTreeMap<AttemptId, ToldAttempt>,
    pub(crate) reversals: BTreeMap<ReversalId, &'static str>,
    /// Whether the journal was said to be written.
    pub(crate) journal_written: bool,
    /// How often something was told.
    pub(crate) count: u64,
}

/// The desk told something.
pub(crate) fn tells(state: &mut State, change: &Change) {
    state.told.count += 1;
    match change {
        Change::Attempt(view) => tells_attempt(state, view),
        Change::Reversal(view) => tells_reversal(state, view),
        Change::Closed { .. } | Change::Comparing(_) => {}
        Change::Journal(journal) => {
            let written = *journal == JournalState::Written;
            state.told.journal_written = written;
            state.note(30, format_args!("told: the journal is {}written", if written { "" } else { "NOT " }));
        }
    }
}

/// The evidence of a person, which may be wrong.
fn by_a_person(view: &AttemptView) -> bool {
    matches!(view.evidence, Some("supervisor" | "counter_entry"))
}

/// A view of an attempt is shown.
pub(crate) fn tells_attempt(state: &mut State, view: &AttemptView) {
    let tag = view.state.bytes().fold(31_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let (id, word) = (view.attempt, view.state);
    let code = view.reason.as_ref().map_or("", |reason| reason.code);
    state.note(tag, format_args!("told: {id} {word} {code} {}", view.evidence.unwrap_or("")));
    cells(state, view);
    if by_a_person(view) {
        state.books.worded.extend(view.order.clone());
    }
    against_the_ledger(state, view);
    let told = ToldAttempt {
        outcome: view.outcome,
        reference: view.reference.as_str().to_owned(),
        order: view.order.clone(),
        written: !view.not_written_down,
    };
    if let Some(before) = state.told.attempts.insert(id, told)
        && let Some(wrong) = turns_around(&before, view)
    {
        state.wrong(format!("{id}: {wrong}"));
    }
}

/// A final outcome stays what it is, but for a person's word.
fn turns_around(before: &ToldAttempt, view: &AttemptView) -> Option<String> {
    let was = before.outcome.filter(|outcome| before.written && *outcome != Outcome::Unknown)?;
    let same = view.outcome == Some(was);
    (!same && !by_a_person(view)).then(|| format!("{} was shown, and then {}", was.word(), view.state))
}

fn cells(state: &mut State, view: &AttemptView) {
    state.cell(Cell::State(view.state));
    match view.outcome {
        Some(Outcome::Unknown) => {
            if let Some(reason) = &view.reason {
                state.cell(Cell::Unknown(reason.code));
            }
        }
        Some(Outcome::Refused | Outcome::NotSent) => {
            if let Some(reason) = &view.reason {
                state.cell(Cell::Evidence(view.state, reason.code));
            }
        }
        Some(Outcome::Approved | Outcome::Declined) => {
            if let Some(evidence) = view.evidence {
                state.cell(Cell::Evidence(view.state, evidence));
            }
        }
        None => {}
    }
    for alarm in &view.alarms {
        state.cell(Cell::Alarm(alarm.code));
    }
}

fn against_the_ledger(state: &mut State, view: &AttemptView) {
    let (id, now) = (view.attempt, state.now());
    let charged = state.books.is_charged(id, now);
    match view.outcome {
        Some(Outcome::Approved)
            if !charged && !by_a_person(view) && !state.books.is_anybodys(view.order.as_deref()) =>
        {
            state.wrong(format!("{id}: approved was shown ({}), and no money had moved", view.evidence.unwrap_or("?")));
        }
        Some(Outcome::Declined) if charged && !view.contradicted && !by_a_person(view) => {
            // A gateway that says no and takes the money half a minute later is found out by asking again, not at once.
            let said_no = view.evidence == Some("pay_answer")
                && state.books.of(id).all(|payment| payment.behaviour == Behaviour::NoThenYes);
            let anybodys = state.books.is_anybodys(view.order.as_deref());
            if !said_no && !anybodys && would_have_told(state, id, now) {
                state
                    .wrong(format!("{id}: declined was shown ({}), and money had moved", view.evidence.unwrap_or("?")));
            }
        }
        Some(Outcome::Refused | Outcome::NotSent) if charged && !view.contradicted && !by_a_person(view) => {
            state.wrong(format!("{id}: {} was shown, and money had moved", view.state));
        }
        Some(Outcome::Approved | Outcome::Declined | Outcome::Refused | Outcome::NotSent | Outcome::Unknown) | None => {
        }
    }
}

/// Whether the gateway, asked then, would have said that money had moved.
fn would_have_told(state: &State, id: AttemptId, now: u64) -> bool {
    let lag = u64::from(state.schedule.scene.lag) * 1_000 + state.books.shows_late + 1_000;
    state.books.is_charged(id, now.saturating_sub(lag))
}

fn tells_reversal(state: &mut State, view: &ReversalView) {
    let (id, word) = (view.reversal, view.state);
    state.note(32, format_args!("told: {id} {word}"));
    state.cell(Cell::Reversal(word));
    let moved = state.books.backs.iter().any(|back| back.reversal == id);
    let by_hand = state.books.by_hand.contains_key(&view.attempt);
    let by_a_person = view.evidence == Some("supervisor") || (view.evidence == Some("portal") && by_hand);
    if word == "done" && !moved && !by_a_person {
        state.wrong(format!("{id}: a reversal was shown as done, and no money went back"));
    }
    if matches!(word, "refused" | "not_sent") && moved {
        state.wrong(format!("{id}: a reversal was shown as {word}, and money went back"));
    }
    state.told.reversals.insert(id, word);
}
