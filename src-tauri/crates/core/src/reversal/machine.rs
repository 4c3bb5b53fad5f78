//! The reversal machine: pure and exhaustive.

use crate::answers::{GatewayRefusal, NotSentReason, RefusalReason, ReversalAnswer};
use crate::asking;
use crate::attempt::{Refusal, Round};
use crate::evidence::SupervisorWord;
use crate::money::Money;
use crate::reversal::{Effect, Entry, Event, Preparation, Proof, Reading, Refused, Reversal, State, UnknownCause};
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
    fn write(&mut self, entry: Entry, now: Timestamp) {
        let applied = self.reversal.apply(&entry, now);
        debug_assert!(applied.is_ok(), "the machine never opens a reversal twice");
        self.entries.push(entry);
    }

    fn enter(&mut self, state: State, now: Timestamp) {
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
    match (&reversal.state, event) {
        (State::Ready, Event::Prepared(preparation)) => prepared(&mut step, preparation, now),
        (State::Ready | State::Sending(Round::First), Event::JournalFailed) => {
            step.enter(State::NotSent { reason: NotSentReason::JournalFailed }, now);
        }
        (State::Reauthorising | State::Sending(Round::Second), Event::JournalFailed)
        | (State::Reauthorising, Event::TokenUnavailable | Event::Restarted) => {
            step.refuse(RefusalReason::Unauthorised, None, now);
        }
        (State::Sending(round), Event::Answered(answer)) => answered(&mut step, *round, answer, now),
        (State::Reauthorising, Event::TokenRenewed) => {
            step.enter(State::Sending(Round::Second), now);
            step.effects.push(Effect::Send);
        }
        (State::Unknown { .. }, Event::Read { reading, asked }) => read(&mut step, reading, asked, now),
        (State::Unknown { .. }, Event::Due) => {
            if next_due(reversal, now).is_some_and(|due| due <= now) {
                step.effects.push(Effect::AskStatus);
            }
        }
        (State::Unknown { .. }, Event::AskRequested | Event::Restarted) => step.effects.push(Effect::AskStatus),
        (State::Unknown { .. }, Event::Resolved { done, word }) => resolve(&mut step, done, word, now),
        (State::Ready, Event::Restarted) => {
            step.enter(State::NotSent { reason: NotSentReason::Restarted }, now);
        }
        (State::Sending(_), Event::Restarted) => step.unknown(UnknownCause::Restarted, now),
        (
            State::Done { .. } | State::Refused(_) | State::NotDone { .. } | State::NotSent { .. },
            Event::Restarted | Event::Due,
        )
        | (State::Ready | State::Sending(_) | State::Reauthorising, Event::Due) => {}
        (
            State::Done { .. } | State::Refused(_) | State::NotDone { .. } | State::NotSent { .. },
            Event::Prepared(_)
            | Event::JournalFailed
            | Event::Answered(_)
            | Event::TokenRenewed
            | Event::TokenUnavailable
            | Event::Read { .. }
            | Event::AskRequested
            | Event::Resolved { .. },
        )
        | (
            State::Unknown { .. },
            Event::Prepared(_)
            | Event::JournalFailed
            | Event::Answered(_)
            | Event::TokenRenewed
            | Event::TokenUnavailable,
        )
        | (
            State::Ready,
            Event::Answered(_)
            | Event::TokenRenewed
            | Event::TokenUnavailable
            | Event::Read { .. }
            | Event::AskRequested
            | Event::Resolved { .. },
        )
        | (
            State::Sending(_),
            Event::Prepared(_)
            | Event::TokenRenewed
            | Event::TokenUnavailable
            | Event::Read { .. }
            | Event::AskRequested
            | Event::Resolved { .. },
        )
        | (
            State::Reauthorising,
            Event::Prepared(_) | Event::Answered(_) | Event::Read { .. } | Event::AskRequested | Event::Resolved { .. },
        ) => return Err(refusal),
    }
    Ok(step)
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
        (Some(_) | None, Some(_) | None) => step.enter(State::Done { proof: Proof::Answer }, now),
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

fn resolve(step: &mut Step, done: bool, word: SupervisorWord, now: Timestamp) {
    let state = if done { State::Done { proof: Proof::Supervisor(word) } } else { State::NotDone { word } };
    step.enter(state, now);
}

/// When the reversal wants to be asked about next.
#[must_use]
pub fn next_due(reversal: &Reversal, now: Timestamp) -> Option<Timestamp> {
    match reversal.state {
        State::Unknown { .. } => {
            let last = reversal.asked.filter(|last| *last >= reversal.since);
            Some(asking::next_question(reversal.since, last, now))
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
