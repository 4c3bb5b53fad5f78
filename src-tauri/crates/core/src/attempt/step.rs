//! The machine: one function, pure and exhaustive.

use crate::answers::{GatewayRefusal, NotSentReason, PayAnswer, RefusalReason};
use crate::attempt::event::{Effect, Event, PageEnd, Preparation, Refusal};
use crate::attempt::state::{Alarm, Heard, NotSent, Refused, Round, State, Unknown, UnknownCause};
use crate::attempt::{Attempt, Entry, Page, due, finals, page, settle, without_query};
use crate::evidence::SupervisorWord;
use crate::status::Baseline;
use crate::time::Timestamp;

/// What a step came to: the attempt after it, what to write down first, and what to do then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The attempt, with the entries applied.
    pub attempt: Attempt,
    /// What to write down, in one transaction, before anything else.
    pub entries: Vec<Entry>,
    /// What to do after that, in order.
    pub effects: Vec<Effect>,
}

impl Step {
    pub(super) const fn of(attempt: Attempt) -> Self {
        Self { attempt, entries: Vec::new(), effects: Vec::new() }
    }

    /// Adds an entry and applies it, so that the attempt stays the fold of what is written.
    pub(super) fn write(&mut self, entry: Entry, now: Timestamp) {
        let applied = self.attempt.apply(&entry, now);
        debug_assert!(applied.is_ok(), "the machine never opens an attempt twice");
        self.entries.push(entry);
    }

    pub(super) fn enter(&mut self, state: State, now: Timestamp) {
        self.write(Entry::Entered(Box::new(state)), now);
    }

    pub(super) fn act(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn unknown(&mut self, cause: UnknownCause, now: Timestamp) {
        self.enter(State::Unknown(Unknown { cause }), now);
        self.act(Effect::ForgetCard);
    }

    pub(super) fn raise(&mut self, alarm: Alarm, now: Timestamp) {
        if !self.attempt.alarms.contains(&alarm) {
            self.write(Entry::Alarmed(alarm.clone()), now);
            self.act(Effect::Raise(alarm));
        }
    }

    pub(super) fn close_page(&mut self, end: PageEnd, now: Timestamp) {
        match self.attempt.page {
            Page::Open { .. } => {
                self.write(Entry::PageGone(end), now);
                self.act(Effect::CloseBankPage);
            }
            Page::None | Page::Gone { .. } => {}
        }
    }

    pub(super) fn refused(&mut self, reason: RefusalReason, text: Option<crate::text::ForeignText>, now: Timestamp) {
        self.enter(State::Refused(Refused::Gateway(GatewayRefusal { reason, text })), now);
        self.act(Effect::KeepCard);
    }

    fn not_sent(&mut self, reason: NotSentReason, now: Timestamp) {
        self.enter(State::NotSent(NotSent { reason }), now);
        self.act(Effect::KeepCard);
    }
}

/// Takes one event.
///
/// # Errors
/// A [`Refusal`] when the event can't be taken in this state; nothing has changed then.
pub fn step(attempt: &Attempt, event: Event, now: Timestamp) -> Result<Step, Refusal> {
    let refusal = Refusal::NotNow { state: attempt.state.word(), event: event.word() };
    let mut step = Step::of(attempt.clone());
    match event {
        Event::Prepared(preparation) => prepared(&mut step, preparation, now, refusal)?,
        Event::CancelRequested => cancel(&mut step, now, refusal)?,
        Event::JournalFailed => journal_failed(&mut step, now, refusal)?,
        Event::PayAnswered(answer) => pay_answered(&mut step, answer, now, refusal)?,
        Event::TokenRenewed => token(&mut step, true, now, refusal)?,
        Event::TokenUnavailable => token(&mut step, false, now, refusal)?,
        Event::ReturnArrived(hint) => page::return_arrived(&mut step, &hint, now),
        Event::PageGone(end) => page::page_gone(&mut step, end, now, refusal)?,
        Event::PageMoved => page::page_moved(&mut step, now, refusal)?,
        Event::StatusRead { reading, asked } => settle::status_read(&mut step, reading, asked, now, refusal)?,
        Event::Probed(probe) => without_query::probed(&mut step, probe, now, refusal)?,
        Event::Due => due::due(&mut step, now),
        Event::AskRequested => ask_requested(&mut step, refusal)?,
        Event::SetAside(word) => settle::set_aside(&mut step, word, now, refusal)?,
        Event::Resolved { outcome, word } => finals::resolve(&mut step, outcome, word, now, refusal)?,
        Event::CounterEntered { outcome, word } => finals::counter_entry(&mut step, outcome, word, now, refusal)?,
        Event::AlarmRaised(alarm) => step.raise(alarm, now),
        Event::Restarted => restarted(&mut step, now),
        Event::RestartedAfterLoss => restarted_after_loss(&mut step, now),
    }
    Ok(step)
}

fn prepared(step: &mut Step, preparation: Preparation, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match (&step.attempt.state, &preparation) {
        (State::Ready, _) => {}
        // Its first request was not processed, and the second has not left: what is known by now may still keep it back.
        (State::Reauthorising, Preparation::Refused(_)) => {}
        (
            State::Sending(_)
            | State::Reauthorising
            | State::AtBank
            | State::Confirming(_)
            | State::Unknown(_)
            | State::SetAside(_)
            | State::Approved { .. }
            | State::Declined { .. }
            | State::Refused(_)
            | State::NotSent(_),
            _,
        ) => return Err(refusal),
    }
    match preparation {
        Preparation::Done { baseline } => {
            if let Some(baseline) = baseline {
                step.write(Entry::BaselineRead(baseline), now);
            }
            step.enter(State::Sending(Round::First), now);
            step.act(Effect::SendPayment);
        }
        Preparation::NotSent(reason) => step.not_sent(reason, now),
        Preparation::Refused(why) => {
            step.enter(State::Refused(Refused::Vezne(why)), now);
            step.act(Effect::KeepCard);
        }
    }
    Ok(())
}

fn cancel(step: &mut Step, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match step.attempt.state {
        State::Ready => {
            step.not_sent(NotSentReason::Cancelled, now);
            Ok(())
        }
        State::Sending(_) | State::Reauthorising | State::AtBank | State::Confirming(_) => {
            Err(Refusal::TooLateToCancel)
        }
        State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => Err(refusal),
    }
}

/// The till says so only before it has handed anything to the network.
fn journal_failed(step: &mut Step, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match step.attempt.state {
        State::Ready | State::Sending(Round::First) => {
            step.not_sent(NotSentReason::JournalFailed, now);
            Ok(())
        }
        // The first request was not processed, the second never left.
        State::Reauthorising | State::Sending(Round::Second) => {
            step.refused(RefusalReason::Unauthorised, None, now);
            Ok(())
        }
        State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => Err(refusal),
    }
}

fn pay_answered(step: &mut Step, answer: PayAnswer, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    let round = match &step.attempt.state {
        State::Sending(round) => *round,
        State::Ready
        | State::Reauthorising
        | State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => return Err(refusal),
    };
    match answer {
        PayAnswer::NotSent(reason) => match round {
            Round::First => step.not_sent(reason, now),
            // The first request left and was refused with 401: "not sent" would hide that.
            Round::Second => step.refused(RefusalReason::Unauthorised, None, now),
        },
        PayAnswer::Success(success) => heard(step, Heard::Success(success), now),
        PayAnswer::Failure(failure) => heard(step, Heard::Failure(failure), now),
        PayAnswer::Order(reading) => settle::pay_order(step, reading, now),
        PayAnswer::Challenge => {
            step.write(Entry::PageOpened, now);
            step.enter(State::AtBank, now);
            step.act(Effect::OpenBankPage);
            step.act(Effect::ForgetCvc);
            // A return that came before the challenge was known is asked about now.
            if step.attempt.returns.count > 0 {
                ask_or_settle(step, now);
            }
        }
        PayAnswer::ChallengeUnusable(fault) => {
            step.unknown(UnknownCause::Challenge(fault), now);
            ask(step);
        }
        PayAnswer::Refused(refusal) => step.refused(refusal.reason, refusal.text, now),
        PayAnswer::Unauthorised(text) => match round {
            Round::First => {
                step.enter(State::Reauthorising, now);
                step.act(Effect::RenewToken);
            }
            Round::Second => step.refused(RefusalReason::Unauthorised, text, now),
        },
        PayAnswer::Unclear(unclear) => {
            step.unknown(UnknownCause::Unclear(unclear), now);
            ask(step);
        }
    }
    Ok(())
}

/// Writes down what the answer said before anything is asked (`RULES.md` 1).
pub(super) fn heard(step: &mut Step, heard: Heard, now: Timestamp) {
    step.write(Entry::Heard(Box::new(heard.clone())), now);
    step.enter(State::Confirming(heard), now);
    ask_or_settle(step, now);
}

fn token(step: &mut Step, renewed: bool, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    match step.attempt.state {
        State::Reauthorising if renewed => {
            step.enter(State::Sending(Round::Second), now);
            step.act(Effect::SendPayment);
            Ok(())
        }
        State::Reauthorising => {
            step.refused(RefusalReason::Unauthorised, None, now);
            Ok(())
        }
        State::Ready
        | State::Sending(_)
        | State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => Err(refusal),
    }
}

/// Asks, or where nothing can be asked lets section 2's other evidence speak.
pub(super) fn ask_or_settle(step: &mut Step, now: Timestamp) {
    if step.attempt.can_be_asked() {
        step.act(Effect::AskStatus);
    } else {
        without_query::settle(step, now);
    }
}

/// Asks, where the gateway can be asked.
pub(super) fn ask(step: &mut Step) {
    if step.attempt.can_be_asked() {
        step.act(Effect::AskStatus);
    }
}

fn ask_requested(step: &mut Step, refusal: Refusal) -> Result<(), Refusal> {
    match step.attempt.state {
        State::Ready | State::Sending(_) | State::Reauthorising => Err(refusal),
        State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => {
            step.act(Effect::AskStatus);
            Ok(())
        }
    }
}

/// By what is left of the journal the request had not left; but what is lost may say that it had.
fn restarted_after_loss(step: &mut Step, now: Timestamp) {
    match &step.attempt.state {
        State::Ready | State::Reauthorising => {
            page::desk_stopped(step, now);
            step.unknown(UnknownCause::SpanLost, now);
            ask(step);
        }
        State::Sending(_)
        | State::AtBank
        | State::Confirming(_)
        | State::Unknown(_)
        | State::SetAside(_)
        | State::Approved { .. }
        | State::Declined { .. }
        | State::Refused(_)
        | State::NotSent(_) => restarted(step, now),
    }
}

fn restarted(step: &mut Step, now: Timestamp) {
    page::desk_stopped(step, now);
    match &step.attempt.state {
        State::Ready => {
            step.enter(State::NotSent(NotSent { reason: NotSentReason::Restarted }), now);
        }
        State::Sending(_) => {
            step.unknown(UnknownCause::Restarted, now);
            ask(step);
        }
        State::Reauthorising => step.refused(RefusalReason::Unauthorised, None, now),
        State::AtBank => {
            step.enter(State::Confirming(Heard::Nothing), now);
            ask_or_settle(step, now);
        }
        // Its time goes on: a desk that is opened for a moment, again and again, must not begin it anew each time.
        State::Confirming(Heard::Nothing) if step.attempt.since <= now => {
            if step.attempt.can_be_asked() && without_query::confirming_until(&step.attempt, now) <= now {
                step.unknown(UnknownCause::NoFinalAnswer, now);
            }
            ask_or_settle(step, now);
        }
        State::Confirming(heard) => {
            let heard = heard.clone();
            step.enter(State::Confirming(heard), now);
            ask_or_settle(step, now);
        }
        State::Unknown(_) | State::SetAside(_) => ask(step),
        State::Approved { .. } | State::Declined { .. } | State::Refused(_) | State::NotSent(_) => {}
    }
}

/// Whether `installment-info` answered for the order before the payment: then a later 404 says something.
pub(super) const fn answered_before(attempt: &Attempt) -> bool {
    match &attempt.baseline {
        Some(Baseline::InstallmentInfo | Baseline::Order(_)) => true,
        Some(Baseline::Remaining(_)) | None => false,
    }
}

/// A supervisor's word must name what was seen where nothing can be asked.
pub(super) const fn names_portal(word: &SupervisorWord) -> bool {
    word.saw.is_some()
}
