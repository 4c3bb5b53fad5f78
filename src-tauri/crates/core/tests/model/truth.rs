//! The reference model of one attempt, written from `RULES.md` and not from the machine: what left the desk, what the
//! bank did, who said what. It says what the machine may do, never how.

use vezne_core::account::{GatewayKind, PagePlace, ReturnRule, StatusQuery};
use vezne_core::answers::{PayAnswer, Probe};
use vezne_core::attempt::{Alarm, CounterOutcome, Effect, Event, Intent, Outcome, PageEnd, ReturnHint, State};
use vezne_core::evidence::Claim;
use vezne_core::status::Reading;

/// The bank's side of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bank {
    /// No request that was processed.
    Nothing,
    /// The customer may still decide at the bank's page.
    Customer,
    /// Charged.
    Charged,
    /// Not charged, for good.
    Failed,
}

/// What is known of one attempt, from outside the machine. Times are the world's own, which never go back.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) intent: Intent,
    pub(crate) bank: Bank,
    pub(crate) sent: u32,
    pub(crate) answered_401: u32,
    pub(crate) restarted: bool,
    pay_said: Option<Outcome>,
    page_opened: Option<u64>,
    page_gone: Option<u64>,
    /// The page left its window for the system's browser.
    moved: bool,
    claims: Vec<Claim>,
    probes: Vec<Probe>,
    last_reading_refused: bool,
    answered_at: Vec<u64>,
    last_return_question: Option<u64>,
    outcome: Option<Outcome>,
    was_unknown: bool,
    /// The clock went back: spans of time can't be compared any more.
    pub(crate) clock_went_back: bool,
    sent_at: u64,
}

fn said(outcome: CounterOutcome) -> Outcome {
    match outcome {
        CounterOutcome::Approved => Outcome::Approved,
        CounterOutcome::Declined => Outcome::Declined,
    }
}

fn claimed(claim: Claim) -> Outcome {
    match claim {
        Claim::Success => Outcome::Approved,
        Claim::Failure => Outcome::Declined,
    }
}

impl Truth {
    pub(crate) fn new(intent: Intent) -> Self {
        Self {
            intent,
            bank: Bank::Nothing,
            sent: 0,
            answered_401: 0,
            restarted: false,
            pay_said: None,
            page_opened: None,
            page_gone: None,
            moved: false,
            claims: Vec::new(),
            probes: Vec::new(),
            last_reading_refused: false,
            answered_at: Vec::new(),
            last_return_question: None,
            outcome: None,
            was_unknown: false,
            clock_went_back: false,
            sent_at: 0,
        }
    }

    fn askable(&self) -> bool {
        self.intent.terms.status_query == StatusQuery::On && !self.last_reading_refused
    }

    fn place(&self) -> PagePlace {
        if self.moved { PagePlace::Browser } else { self.intent.terms.page }
    }

    /// Whether the customer can no longer do anything at the bank's page.
    pub(crate) fn page_is_gone(&self, world: u64) -> bool {
        match (self.page_opened, self.place()) {
            (None, _) => true,
            (Some(_), PagePlace::Window) => self.page_gone.is_some(),
            (Some(opened), PagePlace::Browser) => self.page_gone.is_some() || world >= opened + 600_000,
        }
    }

    fn explicit(&self, hint: &ReturnHint) -> Option<Claim> {
        if !hint.own_page || self.page_opened.is_none() {
            return None;
        }
        let is = |field: &Option<vezne_core::text::ForeignText>, text: &str| {
            field.as_ref().is_some_and(|found| found.as_str() == text)
        };
        let fields = &hint.fields;
        match self.intent.account.gateway {
            GatewayKind::Yolcu360 if is(&fields.order, "order_1") => {
                if is(&fields.status, "success") {
                    Some(Claim::Success)
                } else {
                    is(&fields.status, "failed").then_some(Claim::Failure)
                }
            }
            GatewayKind::Finrota if is(&fields.client_reference, self.intent.reference.as_str()) => {
                if is(&fields.success, "true") {
                    Some(Claim::Success)
                } else {
                    is(&fields.success, "false").then_some(Claim::Failure)
                }
            }
            GatewayKind::Yolcu360 | GatewayKind::Finrota => None,
        }
    }

    /// Takes in what happens, before the machine is asked.
    pub(crate) fn hear(&mut self, event: &Event, before: &State, world: u64) {
        match event {
            Event::PayAnswered(answer) => self.hear_answer(answer),
            Event::ReturnArrived(hint) => {
                self.claims.extend(self.explicit(hint));
                if hint.own_page && self.page_opened.is_some() {
                    self.page_gone.get_or_insert(world);
                }
            }
            Event::PageGone(end) => {
                let ours = self.place() == PagePlace::Window || (*end == PageEnd::LoadFailed && !self.moved);
                let at_bank = !matches!(before, State::Ready | State::Sending(_) | State::Reauthorising);
                if ours && at_bank && self.page_opened.is_some() {
                    self.page_gone.get_or_insert(world);
                }
            }
            Event::PageMoved => {
                assert!(self.page_opened.is_some() && self.page_gone.is_none(), "a page that is gone was moved");
                assert!(self.askable() && !self.moved, "moved where nobody can say what became of it, or twice");
                (self.moved, self.page_opened) = (true, Some(world));
            }
            Event::StatusRead { reading, .. } => {
                self.last_reading_refused = matches!(reading, Reading::CannotBeAsked(_));
            }
            Event::Probed(probe) => self.probes.push(*probe),
            Event::Restarted | Event::RestartedAfterLoss => {
                self.restarted = true;
                if self.page_opened.is_some() && self.place() == PagePlace::Window {
                    self.page_gone.get_or_insert(world);
                }
            }
            Event::Prepared(_)
            | Event::CancelRequested
            | Event::JournalFailed
            | Event::TokenRenewed
            | Event::TokenUnavailable
            | Event::Due
            | Event::AskRequested
            | Event::SetAside(_)
            | Event::Resolved { .. }
            | Event::CounterEntered { .. }
            | Event::AlarmRaised(_) => {}
        }
    }

    fn hear_answer(&mut self, answer: &PayAnswer) {
        match answer {
            PayAnswer::Success(_) | PayAnswer::Order(Reading::Paid(_)) => self.pay_said = Some(Outcome::Approved),
            PayAnswer::Failure(_) | PayAnswer::Order(Reading::NotPaid(_)) => self.pay_said = Some(Outcome::Declined),
            PayAnswer::Unauthorised(_) => self.answered_401 += 1,
            PayAnswer::Order(_)
            | PayAnswer::NotSent(_)
            | PayAnswer::Challenge
            | PayAnswer::ChallengeUnusable(_)
            | PayAnswer::Refused(_)
            | PayAnswer::Unclear(_) => {}
        }
    }

    /// Truth 3: a request leaves at most once, twice only after a 401, and never after a restart.
    pub(crate) fn sends(&mut self, before: &State, world: u64) {
        assert!(matches!(before, State::Ready | State::Reauthorising), "sent out of {before:?}");
        assert!(!self.restarted, "sent after a restart");
        self.sent += 1;
        self.sent_at = world;
        assert!(self.sent <= 1 + self.answered_401 && self.sent <= 2, "sent {} times", self.sent);
    }

    /// What this event may settle an attempt as, that is not settled yet (truths 4 and 5).
    fn may_settle(&self, event: &Event) -> Vec<Outcome> {
        let mut may = Vec::new();
        match event {
            Event::StatusRead { reading: Reading::Paid(_) | Reading::PaidPartlyReturned(_), .. } => {
                may.push(Outcome::Approved);
            }
            Event::StatusRead { reading: Reading::NotPaid(_), .. } => may.push(Outcome::Declined),
            Event::StatusRead { reading, .. } => {
                let silent = matches!(reading, Reading::NoTrace | Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_));
                may.extend(self.pay_said.filter(|_| silent && !self.was_unknown));
            }
            Event::Resolved { outcome, .. } => may.push(said(*outcome)),
            Event::PayAnswered(_)
            | Event::Restarted
            | Event::RestartedAfterLoss
            | Event::Due
            | Event::ReturnArrived(_)
            | Event::PageGone(_) => {
                may.extend(self.pay_said.filter(|_| !self.askable() && !self.was_unknown));
            }
            Event::Prepared(_)
            | Event::CancelRequested
            | Event::JournalFailed
            | Event::TokenRenewed
            | Event::TokenUnavailable
            | Event::Probed(_)
            | Event::PageMoved
            | Event::AskRequested
            | Event::SetAside(_)
            | Event::CounterEntered { .. }
            | Event::AlarmRaised(_) => {}
        }
        if !self.askable() {
            if self.intent.terms.return_rule == ReturnRule::Settles {
                may.extend(self.claims.last().copied().map(claimed));
            }
            if let (Event::Probed(_), GatewayKind::Yolcu360) = (event, self.intent.account.gateway) {
                let open = self.probes.iter().filter(|probe| **probe == Probe::StillOpen).count();
                match (self.claims.last(), self.probes.last()) {
                    (Some(Claim::Success), Some(Probe::Gone)) => may.push(Outcome::Approved),
                    (Some(Claim::Failure), Some(Probe::StillOpen)) if open >= 2 => may.push(Outcome::Declined),
                    _ => {}
                }
            }
        }
        may
    }

    /// Holds what the machine did against what it may do.
    pub(crate) fn judge(&mut self, event: &Event, (before, after): (&State, &State), effects: &[Effect], world: u64) {
        if effects.contains(&Effect::OpenBankPage) {
            self.page_opened = Some(world);
        }
        if let Event::PageMoved = event {
            assert!(before == after && effects.is_empty(), "moving a page moved {before:?} to {after:?}");
        }
        self.judge_outcome(event, before, after);
        self.judge_person(event, world);
        if let Event::ReturnArrived(_) = event {
            self.judge_return(before, after, effects, world);
        }
        if let Event::StatusRead { reading, .. } = event
            && reading.answered()
        {
            self.answered_at.push(world);
        }
        self.was_unknown |= matches!(after, State::Unknown(_));
    }

    fn judge_outcome(&mut self, event: &Event, before: &State, after: &State) {
        let outcome = after.outcome();
        let settled = matches!(outcome, Some(Outcome::Approved | Outcome::Declined));
        if before.is_final() {
            let counter = if let Event::CounterEntered { outcome, .. } = event { Some(said(*outcome)) } else { None };
            assert!(outcome == self.outcome || (counter.is_some() && outcome == counter), "a final outcome changed");
        } else if settled {
            let may = self.may_settle(event);
            assert!(may.contains(&outcome.unwrap()), "{event:?} settled as {outcome:?}; it may as {may:?}: {self:?}");
        } else if matches!(outcome, Some(Outcome::NotSent)) {
            assert!(self.answered_401 == 0, "not sent hides a request that left");
            let sent = matches!(event, Event::PayAnswered(PayAnswer::NotSent(_)) | Event::JournalFailed);
            assert!(self.sent == 0 || sent, "not sent after it was sent");
        }
        if self.was_unknown {
            assert!(!matches!(outcome, Some(Outcome::Refused | Outcome::NotSent) | None), "unknown became {after:?}");
        }
        self.outcome = outcome;
    }

    /// A person may settle or set aside only when the page is gone; setting aside wants answered questions too.
    fn judge_person(&self, event: &Event, world: u64) {
        if let Event::Resolved { .. } = event {
            assert!(self.clock_went_back || self.page_is_gone(world), "settled before an open page");
        }
        let Event::SetAside(_) = event else { return };
        if self.clock_went_back {
            return;
        }
        assert!(self.page_is_gone(world), "set aside before an open page");
        let over = match self.place() {
            PagePlace::Window => None,
            PagePlace::Browser => self.page_opened.map(|opened| opened + 600_000),
        };
        let gone = [self.page_gone, over].into_iter().flatten().min();
        let quiet = gone.unwrap_or(self.sent_at + 120_000);
        if self.askable() {
            let answered: Vec<_> = self.answered_at.iter().filter(|at| **at >= quiet).collect();
            assert!(answered.len() >= 3, "set aside after {} answers", answered.len());
            assert!(*answered[answered.len() - 1] >= quiet + 30_000, "set aside too early");
        } else {
            assert!(world >= quiet + 600_000, "set aside blindly too early, at {world}: {self:?}");
        }
    }

    /// Truth 5: returns only cause questions, one in two seconds at most.
    fn judge_return(&mut self, before: &State, after: &State, effects: &[Effect], world: u64) {
        assert!(!effects.contains(&Effect::SendPayment) && !effects.contains(&Effect::OpenBankPage));
        if before.is_final() {
            let asks_or_alarms =
                |effect: &Effect| matches!(effect, Effect::AskStatus | Effect::Raise(Alarm::Contradicted));
            assert!(effects.iter().all(asks_or_alarms), "{effects:?}");
            return;
        }
        if self.intent.terms.status_query == StatusQuery::On {
            let moved = matches!((before, after), (State::AtBank, State::Confirming(_)));
            assert!(before == after || moved, "a return moved {before:?} to {after:?}");
        }
        if effects.contains(&Effect::AskStatus) || effects.contains(&Effect::Probe) {
            let rested = self.last_return_question.is_none_or(|last| world >= last + 2_000);
            assert!(rested || self.clock_went_back, "returns caused two questions within two seconds");
            self.last_return_question = Some(world);
        }
    }
}
