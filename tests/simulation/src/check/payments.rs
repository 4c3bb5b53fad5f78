//! Attempts against charges.

use vezne_core::account::StatusQuery;
use vezne_core::attempt::{Attempt, CounterOutcome, Outcome, Subject};
use vezne_core::evidence::Rank;
use vezne_core::ids::AttemptId;
use vezne_core::reversal;

use super::Known;
use crate::books::{About, Payment};
use crate::coverage::Cell;
use crate::schedule::{Behaviour, Boundary, What};
use crate::world::State;

/// Checks every attempt, every request and every charge.
pub(super) fn check(state: &mut State, known: &Known) {
    let mut wrong = Vec::new();
    for attempt in known.attempts() {
        one_attempt(state, attempt, &mut wrong);
    }
    every_request_is_known(state, known, &mut wrong);
    for attempts in &known.keys {
        one_key(state, known, attempts, &mut wrong);
    }
    for words in wrong {
        state.wrong(words);
    }
}

fn one_attempt(state: &State, attempt: &Attempt, wrong: &mut Vec<String>) {
    let id = attempt.intent.attempt;
    let charges = state.books.of(id).filter(|payment| payment.charged.is_some()).count();
    if charges > 1 {
        wrong.push(format!("{id}: one attempt took money {charges} times"));
    }
    let by_a_person = attempt.state.evidence().is_some_and(|evidence| evidence.rank() == Rank::Supervisor);
    let contradicted = attempt.contradiction.is_some();
    let word = attempt.state.word();
    let order = match &attempt.intent.subject {
        Subject::Order(order) => Some(order.as_str()),
        Subject::Reference { .. } => None,
    };
    let excused = by_a_person || contradicted || state.books.is_anybodys(order);
    match attempt.state.outcome() {
        Some(Outcome::Approved) if charges == 0 && !excused => {
            wrong.push(format!("{id}: approved, and no money moved"));
        }
        Some(Outcome::Declined | Outcome::Refused | Outcome::NotSent)
            if charges > 0 && !excused && !was_never_told(state, id) =>
        {
            wrong.push(format!("{id}: {word}, and money moved, and nothing says so"));
        }
        None => wrong.push(format!("{id}: still {word} when everything has had its time")),
        Some(Outcome::Approved | Outcome::Declined | Outcome::Refused | Outcome::NotSent | Outcome::Unknown) => {}
    }
    sent_once(state, About::Attempt(id), wrong);
}

/// A gateway that says no and takes the money later is asked twice more. Where it can't be asked, or those questions were
/// in vain, nobody would have told.
fn was_never_told(state: &State, id: AttemptId) -> bool {
    let lied = state.books.of(id).all(|payment| payment.behaviour == Behaviour::NoThenYes);
    let cannot_ask = state.schedule.scene.query == StatusQuery::Off;
    let in_vain = state.fired.iter().any(|fault| {
        matches!(fault.at, Boundary::Status | Boundary::SignIn | Boundary::DiskRead)
            // From whichever call on: then no sign-in gets anywhere.
            || fault.what == What::LockedOut
            || fault.what.ends_the_process()
            || fault.what.moves_the_clock()
    });
    let clock = state.offset != 0;
    let unread = state.schedule.scene.lag > 20;
    lied && (cannot_ask || in_vain || clock || unread)
}

/// A request that may have reached the gateway is never sent again, but once after a plain 401 (`RULES.md` 5).
pub(super) fn sent_once(state: &State, about: About, wrong: &mut Vec<String>) {
    let sent: Vec<bool> =
        state.books.sent.iter().filter(|sent| sent.about == about).map(|sent| sent.turned_away).collect();
    match sent.as_slice() {
        [] | [_] | [true, _] => {}
        _ => wrong.push(format!("{about:?}: sent {} times (turned away: {sent:?})", sent.len())),
    }
}

/// Before a request left, the attempt was on disk: so it is there now, whatever happened to the process.
fn every_request_is_known(state: &State, known: &Known, wrong: &mut Vec<String>) {
    for sent in &state.books.sent {
        let About::Attempt(id) = sent.about else { continue };
        match known.attempt(id) {
            None => wrong.push(format!("{id}: its request left, and the journal does not know it")),
            Some(attempt) if attempt.sent.is_none() => {
                wrong.push(format!("{id}: its request left, and the journal does not know that it was sent"));
            }
            Some(_) => {}
        }
    }
    for payment in &state.books.payments {
        if known.attempt(payment.attempt).is_none() {
            wrong.push(format!("{}: the gateway has a payment of an attempt that nobody knows", payment.attempt));
        }
    }
}

/// At most one charge, unless a person answered for another.
fn one_key(state: &mut State, known: &Known, attempts: &[Attempt], wrong: &mut Vec<String>) {
    whoever_paid(state, attempts, wrong);
    let charged: Vec<(&Attempt, Payment)> = attempts
        .iter()
        .filter_map(|attempt| {
            let payment = state.books.of(attempt.intent.attempt).find(|payment| payment.charged.is_some())?;
            Some((attempt, payment.clone()))
        })
        .collect();
    state.cell(Cell::Charges(charged.len()));
    for (place, (later, _)) in charged.iter().enumerate() {
        for (earlier, payment) in charged.iter().take(place) {
            if !is_excused(state, known, (earlier, payment), later, attempts) {
                let (one, other) = (earlier.intent.attempt, later.intent.attempt);
                wrong.push(format!("{one} and {other}: one order or reference was charged twice"));
            }
        }
    }
}

/// Where nobody can say which attempt an order's money is, no more attempts are approved than took money.
fn whoever_paid(state: &State, attempts: &[Attempt], wrong: &mut Vec<String>) {
    let Some(Subject::Order(order)) = attempts.first().map(|attempt| &attempt.intent.subject) else { return };
    if !state.books.is_anybodys(Some(order.as_str())) {
        return;
    }
    let by_the_gateway = |attempt: &&Attempt| {
        attempt.state.is_approved() && attempt.state.evidence().is_some_and(|one| one.rank() == Rank::Gateway)
    };
    let approved = attempts.iter().filter(by_the_gateway).count();
    let on_order = state.books.payments.iter().filter(|payment| payment.order.as_deref() == Some(order.as_str()));
    let charged = on_order.filter(|payment| payment.charged.is_some()).count();
    if approved > charged {
        wrong.push(format!("{order}: {approved} attempts are approved, and money moved {charged} times"));
    }
}

/// Whether the earlier one stood approved before the later one was sent: then nobody may say that it was set aside. Where the time of
/// day was set, nobody can tell which was first.
fn was_news(state: &State, earlier: &Attempt, later: &Attempt) -> bool {
    let by_the_gateway = earlier.state.evidence().is_some_and(|evidence| evidence.rank() == Rank::Gateway);
    let clock = state.offset != 0 || state.fired.iter().any(|fault| fault.what.moves_the_clock());
    let before = later.sent.is_some_and(|sent| earlier.outcome_since < sent);
    earlier.state.is_approved() && by_the_gateway && before && !clock
}

fn is_excused(
    state: &State,
    known: &Known,
    (earlier, payment): (&Attempt, &Payment),
    later: &Attempt,
    attempts: &[Attempt],
) -> bool {
    let id = earlier.intent.attempt;
    let part = later.intent.subject.part();
    let other_part = part.is_some() && earlier.intent.subject.part() != part;
    let overridden = later.intent.overrides.is_some();
    let set_aside =
        attempts.iter().any(|attempt| attempt.intent.follows == Some(id)) && !was_news(state, earlier, later);
    // Its answer may have been lost with the process that wrote the word down.
    let by_a_person = earlier.state.evidence().is_some_and(|evidence| evidence.rank() == Rank::Supervisor);
    let declined = earlier.state.outcome() == Some(Outcome::Declined);
    let settled_wrongly = (by_a_person && declined) || state.desk.words.contains(&(id, CounterOutcome::Declined));
    let went_back: i64 = known
        .reversals
        .iter()
        .filter(|one| one.intent.attempt == id && matches!(one.state, reversal::State::Done { .. }))
        .map(|one| one.intent.amount.minor())
        .sum();
    let gateway_lied = payment.behaviour == Behaviour::NoThenYes;
    other_part || overridden || set_aside || settled_wrongly || went_back >= payment.amount || gateway_lied
}
