//! Journal against ledger: what must be true after every restart, whatever fell when.

use std::collections::{BTreeMap, BTreeSet};

use vezne_sandbox::{Charge, LedgerSnapshot};

use super::books::{Attempt, Books, Reversal};

/// Everything that is compared.
#[derive(Debug)]
pub struct Witnesses<'a> {
    /// The journal's events.
    pub books: &'a Books,
    /// What was really charged and sent.
    pub ledger: &'a LedgerSnapshot,
    /// The attempts and reversals that stand in Needs attention.
    pub attention: &'a BTreeSet<String>,
    /// Whether a till has opened this journal since the last kill: then nothing stands where only a living till leaves it.
    pub taken_up: bool,
}

/// Everything that is wrong, in words; nothing when all is true.
#[must_use]
pub fn check(all: &Witnesses<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    charges(all, &mut wrong);
    attempts(all, &mut wrong);
    requests(all, &mut wrong);
    reversals(all, &mut wrong);
    wrong
}

/// Whether money may have moved for an attempt that stands so.
fn may_be_charged(attempt: &Attempt) -> bool {
    attempt.contradicted
        || matches!(attempt.state(), "approved" | "unknown" | "set_aside" | "sending" | "at_bank" | "confirming")
}

fn key_of(charge: &Charge) -> &str {
    charge.reference.as_deref().or(charge.order.as_deref()).unwrap_or_default()
}

/// No charge without an attempt that knows of it or may, and at most one for each order or booking number.
fn charges(all: &Witnesses<'_>, wrong: &mut Vec<String>) {
    let mut by_subject: BTreeMap<&str, usize> = BTreeMap::new();
    for charge in &all.ledger.charges {
        let key = key_of(charge);
        let known: Vec<&Attempt> = all.books.attempts.iter().filter(|attempt| attempt.key() == key).collect();
        if !known.iter().any(|attempt| may_be_charged(attempt)) {
            let states: Vec<&str> = known.iter().map(|attempt| attempt.state()).collect();
            wrong.push(format!("{key} was charged, and the journal says {states:?} of it"));
        }
        let subject = known.first().map_or(key, |attempt| attempt.subject.as_str());
        let count = by_subject.entry(subject).or_default();
        *count = count.saturating_add(1);
    }
    for (subject, count) in by_subject.into_iter().filter(|(_, count)| *count > 1) {
        wrong.push(format!("{subject} was charged {count} times"));
    }
}

/// Each attempt says what really happened, or is listed as not known yet.
fn attempts(all: &Witnesses<'_>, wrong: &mut Vec<String>) {
    let mut blocking = BTreeSet::new();
    for attempt in &all.books.attempts {
        let of_key: Vec<&Charge> = all.ledger.charges_of(attempt.key()).collect();
        let others = all.books.attempts.iter().filter(|other| other.key() == attempt.key() && other.id != attempt.id);
        let another_may_be = others.clone().any(may_be_charged);
        let state = attempt.state();
        let name = format!("{} for {}", attempt.id, attempt.subject);
        match state {
            "approved" => {
                let amount = attempt.total_minor;
                if of_key.is_empty() {
                    wrong.push(format!("{name} is approved and nothing was charged"));
                } else if amount.is_some_and(|amount| of_key.iter().all(|charge| charge.amount_minor != amount)) {
                    wrong.push(format!("{name} is approved with {amount:?}, and {of_key:?} was charged"));
                }
            }
            "declined" | "refused" | "not_sent" if !attempt.contradicted && !of_key.is_empty() && !another_may_be => {
                wrong.push(format!("{name} is {state} and was charged"));
            }
            "declined" | "refused" | "not_sent" => {}
            "unknown" | "set_aside" if !all.attention.contains(&attempt.id) => {
                wrong.push(format!("{name} is {state} and not listed"));
            }
            "unknown" | "set_aside" | "at_bank" | "confirming" => {}
            "ready" | "sending" | "reauthorising" if all.taken_up => {
                wrong.push(format!("{name} still stands in {state} after a restart"));
            }
            "ready" | "sending" | "reauthorising" => {}
            other => wrong.push(format!("{name} stands in {other:?}, which nobody knows")),
        }
        if !attempt.is_final() && state != "set_aside" && !blocking.insert(attempt.subject.as_str()) {
            wrong.push(format!("{} has two attempts that are open or unknown", attempt.subject));
        }
    }
}

/// No request without an attempt whose sending was written down before, and never one more than was written down.
fn requests(all: &Witnesses<'_>, wrong: &mut Vec<String>) {
    for (key, counts) in &all.ledger.counts {
        let attempts: Vec<&Attempt> = all.books.attempts.iter().filter(|attempt| attempt.key() == key).collect();
        let sendings: u32 = attempts.iter().map(|attempt| attempt.sendings()).sum();
        if counts.received > sendings {
            wrong.push(format!("{key} got {} payment requests, and {sendings} were written down", counts.received));
        }
        for attempt in &attempts {
            let again = attempt.states.iter().filter(|state| *state == "reauthorising").count();
            if attempt.sendings() > u32::from(again > 0).saturating_add(1) {
                wrong.push(format!("{} was sent again without a 401: {:?}", attempt.id, attempt.states));
            }
        }
        let back: u32 =
            attempts.iter().flat_map(|attempt| all.books.reversals_of(&attempt.id)).map(Reversal::sendings).sum();
        if counts.reversals_received > back {
            let came = counts.reversals_received;
            wrong.push(format!("{key} got {came} reversal requests, and {back} were written down"));
        }
    }
}

/// Money that went back is known or listed, and what is done really went back.
fn reversals(all: &Witnesses<'_>, wrong: &mut Vec<String>) {
    for attempt in &all.books.attempts {
        let ours: Vec<&Reversal> = all.books.reversals_of(&attempt.id).collect();
        let done = ours.iter().filter(|one| one.state() == "done");
        let done: i64 = done.map(|one| one.amount_minor).sum();
        let open = ours.iter().filter(|one| matches!(one.state(), "unknown" | "sending" | "reauthorising"));
        let open: i64 = open.map(|one| one.amount_minor).sum();
        let returned = all.ledger.reversals.iter().filter(|one| one.key == attempt.key());
        let returned: i64 = returned.map(|one| one.amount_minor).sum();
        let paid_here = attempt.state() == "approved";
        if paid_here && returned < done {
            wrong.push(format!("{}: {done} is said to have gone back, and {returned} did", attempt.id));
        }
        if paid_here && returned > done.saturating_add(open) {
            wrong.push(format!("{}: {returned} went back, and the journal says {done}, not sure {open}", attempt.id));
        }
        for one in ours {
            let state = one.state();
            if state == "unknown" && !all.attention.contains(&one.id) {
                wrong.push(format!("{} is unknown and not listed", one.id));
            }
            if all.taken_up && matches!(state, "ready" | "sending" | "reauthorising") {
                wrong.push(format!("{} still stands in {state} after a restart", one.id));
            }
        }
    }
}

/// What must not have changed from before a restart to after it: how often each key was sent to.
#[must_use]
pub fn sent_again(before: &LedgerSnapshot, after: &LedgerSnapshot) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, now) in &after.counts {
        let was = before.counts_of(key);
        if (was.received, was.reversals_received) != (now.received, now.reversals_received) {
            wrong.push(format!("{key} was sent to again after a restart: {was:?}, now {now:?}"));
        }
    }
    wrong
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
