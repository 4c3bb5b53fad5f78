//! Reversals against money that went back.

use vezne_core::answers::Unclear;
use vezne_core::reversal::{Proof, Reversal, State as Stands, Target, UnknownCause};

use super::Known;
use super::payments::sent_once;
use crate::books::About;
use crate::coverage::Cell;
use crate::world::State;

/// Checks every reversal, every request for one, and all money that went back.
pub(super) fn check(state: &mut State, known: &Known) {
    let mut wrong = Vec::new();
    for reversal in &known.reversals {
        one_reversal(state, reversal, &mut wrong);
        state.cell(Cell::Reversal(reversal.state.word()));
        if let Stands::Unknown { cause: UnknownCause::Unclear(Unclear::TimedOut) } = &reversal.state {
            state.cell(Cell::Unknown("reversal timed out"));
        }
    }
    for back in &state.books.backs {
        if known.reversals.iter().all(|reversal| reversal.intent.reversal != back.reversal) {
            wrong.push(format!("{}: money went back by a reversal that nobody knows", back.reversal));
        }
    }
    for sent in &state.books.sent {
        if let About::Reversal(id) = sent.about
            && known.reversals.iter().all(|reversal| reversal.intent.reversal != id)
        {
            wrong.push(format!("{id}: its request left, and the journal does not know it"));
        }
    }
    for payment in &state.books.payments {
        let back: i64 = payment.back.iter().map(|(_, amount)| *amount).sum();
        if back > payment.amount {
            wrong.push(format!("{}: more went back than was paid", payment.attempt));
        }
        let counted: i64 = known
            .reversals
            .iter()
            .filter(|one| one.intent.attempt == payment.attempt && one.state.counts())
            .map(|one| one.intent.amount.minor())
            .sum();
        let by_hand = state.books.by_hand.get(&payment.attempt).copied().unwrap_or(0);
        let recorded = known
            .reversals
            .iter()
            .filter(|one| one.intent.attempt == payment.attempt && one.intent.target == Target::Portal)
            .map(|one| one.intent.amount.minor())
            .sum::<i64>();
        if payment.order.is_none() && recorded > by_hand {
            wrong.push(format!(
                "{}: {recorded} are written down as given back by hand, and it were {by_hand}",
                payment.attempt
            ));
        }
        // At Yolcu360 the whole order goes back, whatever its installments cost.
        if counted > payment.amount {
            wrong.push(format!(
                "{}: {counted} are on their way back, and {} were paid",
                payment.attempt, payment.amount
            ));
        }
    }
    for words in wrong {
        state.wrong(words);
    }
}

fn one_reversal(state: &State, reversal: &Reversal, wrong: &mut Vec<String>) {
    let id = reversal.intent.reversal;
    let backs = || state.books.backs.iter().filter(|back| back.reversal == id);
    let moved = backs().next().is_some();
    let sum: i64 = backs().map(|back| back.amount).sum();
    let word = reversal.state.word();
    if moved && matches!(reversal.intent.target, Target::Transaction { .. }) && sum != reversal.intent.amount.minor() {
        wrong.push(format!("{id}: {sum} went back instead of {}", reversal.intent.amount));
    }
    match &reversal.state {
        Stands::Done { proof: Proof::Answer | Proof::Status(_) } if !moved => {
            wrong.push(format!("{id}: done, and no money went back"));
        }
        Stands::Refused(_) | Stands::NotSent { .. } if moved => {
            wrong.push(format!("{id}: {word}, and money went back"));
        }
        Stands::Ready | Stands::Sending(_) | Stands::Reauthorising => {
            wrong.push(format!("{id}: still {word} when everything has had its time"));
        }
        Stands::Done { .. }
        | Stands::Refused(_)
        | Stands::NotDone { .. }
        | Stands::NotSent { .. }
        | Stands::Unknown { .. } => {}
    }
    sent_once(state, About::Reversal(id), wrong);
}
