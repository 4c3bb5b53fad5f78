//! The reversal machine: pure and exhaustive.

use crate::answers::{GatewayRefusal, NotSentReason, RefusalReason, ReversalAnswer, Unclear};
use crate::asking;
use crate::attempt::{Refusal, Round};
use crate::money::Money;
use crate::reversal::{
    Effect, Entry, Event, Preparation, Proof, Reading, Refused, Reversal, State, UnknownCause, word,
};
use crate::time::Timestamp;

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The reversal, with the entries applied.
    pub reversal: Reversal,
    /// What to write down first.
    pub entries: Vec<Entry>,
    /// What to do then.
    pub effects: Vec<Effect>,
}

impl Step {
    pub(super) fn write(&mut self, entry: Entry, now: Timestamp) {
        let applied = self.reversal.apply(&entry, now);
        debug_assert!(applied.is_ok(), "the machine never opens a reversal twice");
        self.entries.push(entry);
    }

    pub(super) fn enter(&mut self, state: State, now: Timestamp) {
        self.write(Entry::Entered(Box::new(state)), now);
    }

    fn refuse(&mut self, reason: RefusalReason, text: Option<crate::text::ForeignText>, now: Timestamp) {
        self.enter(State::Refused(Refused::Gateway(GatewayRefusal { reason, text })), now);
    }

    fn unknown(&mut self, cause: UnknownCause, now: Timestamp) {
        self.enter(State::Unknown { cause }, now);
        self.effects.push(Effect::AskStatus);
    }

    fn raise(&mut self, cause: UnknownCause, now: Timestamp) {
        if !self.reversal.alarms.contains(&cause) {
            self.write(Entry::Alarmed(cause.clone()), now);
            self.effects.push(Effect::Raise(cause));
        }
    }
}

/// Takes one event.
///
/// # Errors
/// [`Refusal`] when it can't be taken in this state; nothing has changed then.
pub fn step(reversal: &Reversal, event: Event, now: Timestamp) -> Result<Step, Refusal> {
    let refusal = Refusal::NotNow { state: reversal.state.word(), event: event.word() };
    let mut step = Step { reversal: reversal.clone(), entries: Vec::new(), effects: Vec::new() };
    match reversal.state {
        State::Ready => in_ready(&mut step, event, now, refusal)?,
        State::Sending(round) => in_sending(&mut step, round, event, now, refusal)?,
        State::Reauthorising => in_reauthorising(&mut step, &event, now, refusal)?,
        State::Unknown { .. } => in_unknown(&mut step, event, now, refusal)?,
        State::Done { .. } | State::Refused(_) | State::NotDone { .. } | State::NotSent { .. } => {
            in_final(&mut step, event, now, refusal)?;
        }
    }
    Ok(step)
}

fn in_ready(step: &mut Step, event: Event, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match event {
        Event::Prepared(preparation) => prepared(step, preparation, now),
        Event::JournalFailed => step.enter(State::NotSent { reason: NotSentReason::JournalFailed }, now),
        Event::Restarted => step.enter(State::NotSent { reason: NotSentReason::Restarted }, now),
        // What is lost may say that it had left.
        Event::RestartedAfterLoss => step.unknown(UnknownCause::SpanLost, now),
        Event::Due => {}
        Event::Answered(_)
        | Event::TokenRenewed
        | Event::TokenUnavailable
        | Event::Read { .. }
        | Event::AskRequested
        | Event::Resolved { .. }
        | Event::CounterEntered { .. }
        | Event::Acknowledged(_) => return Err(refusal),
    }
    Ok(())
}

fn in_sending(step: &mut Step, round: Round, event: Event, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match (event, round) {
        (Event::Answered(answer), Round::First | Round::Second) => answered(step, round, answer, now),
        (Event::JournalFailed, Round::First) => {
            step.enter(State::NotSent { reason: NotSentReason::JournalFailed }, now);
        }
        // The first request was answered 401: not processed, and the second never left.
        (Event::JournalFailed, Round::Second) => step.refuse(RefusalReason::Unauthorised, None, now),
        (Event::Restarted | Event::RestartedAfterLoss, Round::First | Round::Second) => {
            step.unknown(UnknownCause::Restarted, now)
        }
        (Event::Due, Round::First | Round::Second) => {}
        (
            Event::Prepared(_)
            | Event::TokenRenewed
            | Event::TokenUnavailable
            | Event::Read { .. }
            | Event::AskRequested
            | Event::Resolved { .. }
            | Event::CounterEntered { .. }
            | Event::Acknowledged(_),
            Round::First | Round::Second,
        ) => return Err(refusal),
    }
    Ok(())
}

fn in_reauthorising(step: &mut Step, event: &Event, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match event {
        Event::TokenRenewed => {
            step.enter(State::Sending(Round::Second), now);
            step.effects.push(Effect::Send);
        }
        Event::TokenUnavailable | Event::Restarted | Event::JournalFailed => {
            step.refuse(RefusalReason::Unauthorised, None, now);
        }
        Event::RestartedAfterLoss => step.unknown(UnknownCause::SpanLost, now),
        Event::Due => {}
        Event::Prepared(_)
        | Event::Answered(_)
        | Event::Read { .. }
        | Event::AskRequested
        | Event::Resolved { .. }
        | Event::CounterEntered { .. }
        | Event::Acknowledged(_) => return Err(refusal),
    }
    Ok(())
}

fn in_unknown(step: &mut Step, event: Event, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match event {
        Event::Read { reading, asked } => read(step, reading, asked, now),
        Event::Due => {
            if next_due(&step.reversal, now).is_some_and(|due| due <= now) {
                step.effects.push(Effect::AskStatus);
            }
        }
        Event::AskRequested | Event::Restarted | Event::RestartedAfterLoss => step.effects.push(Effect::AskStatus),
        Event::Resolved { done, word } => word::resolve(step, done, word, now)?,
        Event::Prepared(_)
        | Event::JournalFailed
        | Event::Answered(_)
        | Event::TokenRenewed
        | Event::TokenUnavailable
        | Event::CounterEntered { .. }
        | Event::Acknowledged(_) => return Err(refusal),
    }
    Ok(())
}

fn in_final(step: &mut Step, event: Event, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match event {
        Event::Restarted | Event::RestartedAfterLoss | Event::Due => Ok(()),
        Event::CounterEntered { done, word, contested } => {
            word::counter_entry(step, word::Counter { done, word, contested }, now, refusal)
        }
        Event::Acknowledged(word) => word::acknowledge(step, word, now),
        Event::Prepared(_)
        | Event::JournalFailed
        | Event::Answered(_)
        | Event::TokenRenewed
        | Event::TokenUnavailable
        | Event::Read { .. }
        | Event::AskRequested
        | Event::Resolved { .. } => Err(refusal),
    }
}

fn prepared(step: &mut Step, preparation: Preparation, now: Timestamp) {
    match preparation {
        Preparation::Done { baseline } => {
            step.write(Entry::BaselineRead(baseline), now);
            step.enter(State::Sending(Round::First), now);
            step.effects.push(Effect::Send);
        }
        Preparation::NotSent(reason) => step.enter(State::NotSent { reason }, now),
        Preparation::Refused(why) => step.enter(State::Refused(Refused::Vezne(why)), now),
    }
}

fn answered(step: &mut Step, round: Round, answer: ReversalAnswer, now: Timestamp) {
    match (answer, round) {
        (ReversalAnswer::NotSent(reason), Round::First) => step.enter(State::NotSent { reason }, now),
        (ReversalAnswer::NotSent(_), Round::Second) => step.refuse(RefusalReason::Unauthorised, None, now),
        (ReversalAnswer::Done { last_amount }, Round::First | Round::Second) => done(step, last_amount, now),
        (ReversalAnswer::NotDone(refusal), Round::First | Round::Second) => {
            step.enter(State::Refused(Refused::Gateway(refusal)), now);
        }
        (ReversalAnswer::Unauthorised(_), Round::First) => {
            step.enter(State::Reauthorising, now);
            step.effects.push(Effect::RenewToken);
        }
        (ReversalAnswer::Unauthorised(text), Round::Second) => {
            step.refuse(RefusalReason::Unauthorised, text, now);
        }
        (ReversalAnswer::Unclear(unclear), Round::First | Round::Second) => {
            step.unknown(UnknownCause::Unclear(unclear), now);
        }
    }
}

/// The guard of `GATEWAYS.md`: what is left must be what was there less what was asked for.
fn done(step: &mut Step, last_amount: Option<Money>, now: Timestamp) {
    match (step.reversal.should_remain(), last_amount) {
        (Some(expected), Some(found)) if expected != found => {
            let cause = UnknownCause::Amount { expected, found };
            step.enter(State::Unknown { cause: cause.clone() }, now);
            step.raise(cause, now);
        }
        // The amount that is left is the proof; an answer that owes it proves nothing yet.
        (Some(_), None) => step.unknown(UnknownCause::Unclear(Unclear::Unreadable), now),
        (Some(_), Some(_)) | (None, Some(_) | None) => step.enter(State::Done { proof: Proof::Answer }, now),
    }
}

fn read(step: &mut Step, reading: Reading, asked: Timestamp, now: Timestamp) {
    step.write(Entry::Asked { asked, reading: Box::new(reading.clone()) }, now);
    match reading {
        Reading::Done(seen) => step.enter(State::Done { proof: Proof::Status(seen) }, now),
        Reading::OtherAmount { expected, found } => step.raise(UnknownCause::Amount { expected, found }, now),
        Reading::NotYet(_) | Reading::NoAmount | Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => {}
    }
}

/// When the reversal wants to be asked about next.
#[must_use]
pub fn next_due(reversal: &Reversal, now: Timestamp) -> Option<Timestamp> {
    match reversal.state {
        State::Unknown { .. } => Some(asking::next_question(reversal.since, reversal.asked_here, now)),
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::Done { .. }
        | State::Refused(_)
        | State::NotDone { .. }
        | State::NotSent { .. } => None,
    }
}
