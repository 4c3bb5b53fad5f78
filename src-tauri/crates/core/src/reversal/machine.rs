//! The reversal machine: pure and exhaustive.

use crate::answers::{GatewayRefusal, NotSentReason, RefusalReason, ReversalAnswer, Unclear};
use crate::asking;
use crate::attempt::{Refusal, Round};
use crate::money::Money;
use crate::reversal::{
    Effect, Entry, Event, Preparation, Proof, Reading, Refused, Reversal, State, UnknownCause, word,
};
use crate::status::Baseline;
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
        if !self.reversal.alarms.contains(&cause) && !self.reversal.answered.contains(&cause) {
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
        Event::Due => ask_when_due(step, now),
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
        Event::Restarted | Event::RestartedAfterLoss => Ok(()),
        Event::Due => {
            ask_when_due(step, now);
            Ok(())
        }
        Event::AskRequested if step.reversal.is_asked_when_settled() => {
            step.effects.push(Effect::AskStatus);
            Ok(())
        }
        Event::Read { reading, asked } if step.reversal.is_asked_when_settled() => {
            read_again(step, reading, asked, now);
            Ok(())
        }
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

fn ask_when_due(step: &mut Step, now: Timestamp) {
    if next_due(&step.reversal, now).is_some_and(|due| due <= now) {
        step.effects.push(Effect::AskStatus);
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
        (ReversalAnswer::NotDone { refusal, last_amount }, Round::First | Round::Second) => {
            not_done(step, refusal, last_amount, now);
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

/// The same guard for a no: all that was there must still be.
fn not_done(step: &mut Step, refusal: GatewayRefusal, last_amount: Option<Money>, now: Timestamp) {
    match (&step.reversal.baseline, last_amount) {
        (Some(Baseline::Remaining(before)), Some(found)) if *before != found => {
            let cause = UnknownCause::Amount { expected: *before, found };
            step.enter(State::Unknown { cause: cause.clone() }, now);
            step.raise(cause, now);
        }
        (Some(Baseline::Remaining(_) | Baseline::Order(_) | Baseline::InstallmentInfo) | None, Some(_) | None) => {
            step.enter(State::Refused(Refused::Gateway(refusal)), now)
        }
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

/// The gateway was asked about one that is settled: it may raise an alarm, never change it (`RULES.md` 3). That nothing has
/// changed there is no alarm: the money may still be on its way.
fn read_again(step: &mut Step, reading: Reading, asked: Timestamp, now: Timestamp) {
    step.write(Entry::Asked { asked, reading: Box::new(reading.clone()) }, now);
    let not_done = !step.reversal.state.counts();
    match reading {
        Reading::Done(seen) if not_done => step.raise(UnknownCause::GoneBack(seen), now),
        Reading::OtherAmount { expected, found } => {
            let expected = match &step.reversal.baseline {
                Some(Baseline::Remaining(before)) if not_done => *before,
                Some(Baseline::Remaining(_) | Baseline::Order(_) | Baseline::InstallmentInfo) | None => expected,
            };
            step.raise(UnknownCause::Amount { expected, found }, now);
        }
        Reading::Done(_)
        | Reading::NotYet(_)
        | Reading::NoAmount
        | Reading::CouldNotAsk(_)
        | Reading::CannotBeAsked(_) => {}
    }
}

/// When the reversal wants to be asked about next.
#[must_use]
pub fn next_due(reversal: &Reversal, now: Timestamp) -> Option<Timestamp> {
    match reversal.state {
        State::Unknown { .. } => Some(asking::next_question(reversal.since, reversal.asked_here, now)),
        State::Done { .. } | State::NotDone { .. }
            if reversal.state.rests_on_a_word() && reversal.is_asked_when_settled() =>
        {
            asking::after_a_supervisor(reversal.since, reversal.asked_here, now)
        }
        State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::Done { .. }
        | State::Refused(_)
        | State::NotDone { .. }
        | State::NotSent { .. } => None,
    }
}
