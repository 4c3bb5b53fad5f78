//! A desk, its bank and its customers: random events against the machine, each held against the reference model.

use vezne_core::account::{GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::answers::Probe;
use vezne_core::attempt::{Attempt, Effect, Entry, Event, Outcome, State, next_due, step};
use vezne_core::evidence::{Evidence, SupervisorWord};
use vezne_core::guard::{Earlier, Neighbours, Question, ask};
use vezne_core::ids::OperatorId;
use vezne_core::time::{Millis, Timestamp};

use crate::dice::Dice;
use crate::truth::{Bank, Truth};

/// A card number that texts from outside carry, and nothing may keep.
pub(crate) const CARD: &str = "4155650100416111";
const EPOCH: i64 = 1_800_000_000_000;

pub(crate) fn word() -> SupervisorWord {
    SupervisorWord {
        operator: OperatorId::from_parts(Timestamp::from_millis(EPOCH), [1; 10]),
        reason: "seen in the portal".parse().unwrap(),
        saw: Some("portal 4711".parse().unwrap()),
    }
}

/// One attempt with its history and its truth.
pub(crate) struct Line {
    pub(crate) attempt: Attempt,
    /// Folded from the entries after they went through JSON.
    pub(crate) shadow: Attempt,
    pub(crate) entries: Vec<(Timestamp, Entry)>,
    pub(crate) truth: Truth,
    /// The payment request is under way.
    pub(crate) sending: bool,
    /// The question under way, and when it left.
    pub(crate) question: Option<Timestamp>,
    pub(crate) probing: bool,
}

/// Everything of one sequence.
pub(crate) struct Desk<'a> {
    pub(crate) dice: &'a mut Dice,
    /// The world's time in milliseconds; it never goes back.
    pub(crate) world: u64,
    /// What the desk's clock shows less the world's time.
    pub(crate) offset: i64,
    pub(crate) lines: Vec<Line>,
    pub(crate) gateway: GatewayKind,
    pub(crate) terms: Terms,
    /// The gateway and the pay answers say what is so.
    pub(crate) honest: bool,
    /// A person answered for more than one payment on the key.
    pub(crate) person: bool,
    /// Through JSON, and searched for card numbers.
    pub(crate) thorough: bool,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(dice: &'a mut Dice, thorough: bool) -> Self {
        let gateway = dice.pick(&[GatewayKind::Finrota, GatewayKind::Yolcu360]);
        let terms = Terms {
            status_query: dice.pick(&[StatusQuery::On, StatusQuery::On, StatusQuery::Off]),
            return_rule: dice.pick(&[ReturnRule::Hint, ReturnRule::Hint, ReturnRule::Settles]),
            challenge: Millis::minutes(10),
            pay_deadline: Millis::seconds(120),
            page: dice.pick(&[PagePlace::Window, PagePlace::Browser]),
        };
        let honest = !dice.once_in(3);
        Self { dice, world: 0, offset: 0, lines: Vec::new(), gateway, terms, honest, person: false, thorough }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let world = i64::try_from(self.world).unwrap();
        Timestamp::from_millis(EPOCH + world + self.offset)
    }

    /// Some events, and then a while in which everything that is due is served.
    pub(crate) fn run(mut self) {
        let events = 6 + self.dice.below(24);
        for _ in 0..events {
            self.pass_time();
            match self.dice.below(16) {
                0 | 1 => self.open(),
                2 if self.dice.once_in(3) => self.restart(),
                _ => self.something(),
            }
        }
        for line in 0..self.lines.len() {
            self.serve(line);
        }
        for line in &self.lines {
            assert_eq!(Attempt::fold(line.entries.clone()).unwrap(), line.attempt, "the fold is not the attempt");
        }
    }

    fn pass_time(&mut self) {
        let span = match self.dice.below(10) {
            0..=3 => self.dice.below(1_500),
            4..=6 => self.dice.below(15_000),
            7 | 8 => self.dice.below(150_000),
            _ => self.dice.below(1_000_000),
        };
        self.world += span;
        if self.dice.once_in(150) {
            self.set_clock_back();
        }
    }

    fn set_clock_back(&mut self) {
        let span = self.dice.pick(&[500, 5_000, 60_000, 3_600_000, 31_536_000_000_i64]);
        self.offset -= span;
        for line in &mut self.lines {
            line.truth.clock_went_back = true;
        }
    }

    /// A new attempt on the one key of this sequence, if the guard and the unique index let it.
    fn open(&mut self) {
        let intent = self.intent();
        let same_key: Vec<Earlier> = self.lines.iter().map(|line| Earlier::of(&line.attempt, None, false)).collect();
        let neighbours = Neighbours { same_card: same_key.clone(), same_key, open: 0 };
        let overrides =
            if self.dice.once_in(4) { self.lines.last().map(|line| line.attempt.intent.attempt) } else { None };
        let question = Question {
            card: intent.card(),
            part: None,
            base: intent.base,
            overrides,
            twin_confirmed: self.dice.once_in(2),
            window: Millis::minutes(10),
            now: self.now(),
        };
        if ask(&neighbours, &question).is_err() {
            return;
        }
        // Truth 2: the guard never lets pass what the unique index would refuse.
        assert!(self.lines.iter().all(|line| !line.attempt.state.blocks()), "a second open or unknown attempt");
        self.person |=
            overrides.is_some() || self.lines.iter().any(|line| matches!(line.attempt.state, State::SetAside(_)));
        let now = self.now();
        let attempt = Attempt::open(intent.clone(), now);
        let entries = vec![(now, Entry::Opened(Box::new(intent.clone())))];
        let mut truth = Truth::new(intent);
        truth.clock_went_back = self.offset != 0;
        let shadow = attempt.clone();
        self.lines.push(Line { attempt, shadow, entries, truth, sending: false, question: None, probing: false });
    }

    /// The desk stops, and takes up every attempt again from its entries.
    fn restart(&mut self) {
        // Now and then on a journal that a damage took something of: more is in doubt then, never less.
        let event = if self.dice.once_in(8) { Event::RestartedAfterLoss } else { Event::Restarted };
        for place in 0..self.lines.len() {
            let line = &mut self.lines[place];
            let folded = Attempt::fold(line.entries.clone()).unwrap();
            assert_eq!(folded, line.attempt, "a restart does not know what the desk knew");
            if std::mem::take(&mut line.sending) && line.truth.bank == Bank::Customer {
                // Nobody was ever shown the page that the lost answer carried.
                line.truth.bank = Bank::Failed;
            }
            line.attempt = folded;
            (line.question, line.probing) = (None, false);
            self.take(place, event.clone());
        }
        let blocking = self.lines.iter().filter(|line| line.attempt.state.blocks()).count();
        assert!(blocking <= 1, "{blocking} attempts are open or unknown on one key");
    }

    /// Hands an event to the machine and holds what it does against the truth.
    pub(crate) fn take(&mut self, place: usize, event: Event) -> bool {
        let (now, world) = (self.now(), self.world);
        let line = &mut self.lines[place];
        let before = line.attempt.state.clone();
        let Ok(taken) = step(&line.attempt, event.clone(), now) else {
            return false;
        };
        line.truth.hear(&event, &before, world);
        for entry in taken.entries {
            let kept = if self.thorough {
                assert!(!format!("{entry:?}").contains(CARD), "an entry shows a card number");
                let json = serde_json::to_string(&entry).unwrap();
                assert!(!json.contains(CARD), "an entry keeps a card number");
                serde_json::from_str(&json).unwrap()
            } else {
                entry.clone()
            };
            assert_eq!(kept, entry, "an entry does not survive JSON");
            line.shadow.apply(&kept, now).unwrap();
            line.entries.push((now, kept));
        }
        assert_eq!(line.shadow, taken.attempt, "the fold is not the attempt after {event:?}");
        line.attempt = taken.attempt;
        for effect in &taken.effects {
            assert!(!self.thorough || !format!("{effect:?}").contains(CARD), "an effect shows a card number");
            match effect {
                Effect::SendPayment => {
                    line.truth.sends(&before, world);
                    line.sending = true;
                }
                Effect::AskStatus => line.question = Some(line.question.unwrap_or(now)),
                Effect::Probe => line.probing = true,
                Effect::RenewToken
                | Effect::OpenBankPage
                | Effect::CloseBankPage
                | Effect::Raise(_)
                | Effect::ForgetCvc
                | Effect::ForgetCard
                | Effect::KeepCard => {}
            }
        }
        line.truth.judge(&event, (&before, &line.attempt.state), &taken.effects, world);
        self.hold(place);
        true
    }

    /// What must be true at every moment.
    fn hold(&self, place: usize) {
        let now = self.now();
        let line = &self.lines[place];
        let state = &line.attempt.state;
        let due = next_due(&line.attempt, now);
        let own = matches!(state, State::Ready | State::Sending(_) | State::Reauthorising);
        // Truth 6.
        assert!(
            state.is_final() || own || due.is_some() || line.attempt.needs_attention(now),
            "nobody will ever look at {state:?}"
        );
        let longest = match state {
            State::AtBank if self.terms.status_query == StatusQuery::On => Millis::seconds(20),
            State::AtBank => Millis::minutes(10),
            // Longer only while a second sign is waited for beside a return.
            State::Confirming(_) => Millis::seconds(90),
            State::Unknown(_) | State::SetAside(_) | State::Approved { .. } | State::Declined { .. } => Millis::days(1),
            State::Ready | State::Sending(_) | State::Reauthorising | State::Refused(_) | State::NotSent(_) => {
                assert_eq!(due, None);
                Millis::ZERO
            }
        };
        assert!(due.is_none_or(|due| due <= now.after(longest)), "due {due:?} is too late at {now} in {state:?}");
        let noted = line.entries.iter().filter(|(_, entry)| matches!(entry, Entry::Returned(_))).count();
        assert!(noted <= 20, "{noted} returns are written down");
        if self.honest {
            self.hold_honest(line);
        }
    }

    /// Where nobody lies, no confirmed outcome is wrong, and a key is charged once.
    fn hold_honest(&self, line: &Line) {
        let charged = line.truth.bank == Bank::Charged;
        let by_gateway = match &line.attempt.state {
            State::Approved { evidence, .. } | State::Declined { evidence, .. } => {
                matches!(evidence, Evidence::GatewayStatus(_) | Evidence::PayAnswer)
            }
            State::Refused(_) | State::NotSent(_) => true,
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::AtBank
            | State::Confirming(_)
            | State::Unknown(_)
            | State::SetAside(_) => false,
        };
        if by_gateway {
            let approved = line.attempt.state.outcome() == Some(Outcome::Approved);
            assert_eq!(approved, charged, "{:?} with the bank at {:?}", line.attempt.state, line.truth.bank);
        }
        let by_hand = |line: &Line| {
            let (State::Approved { evidence, .. } | State::Declined { evidence, .. }) = &line.attempt.state else {
                return false;
            };
            !matches!(evidence, Evidence::GatewayStatus(_) | Evidence::PayAnswer)
        };
        if !self.person && !self.lines.iter().any(by_hand) {
            let charged = self.lines.iter().filter(|line| line.truth.bank == Bank::Charged).count();
            assert!(charged <= 1, "the customer was charged {charged} times");
        }
    }

    /// Something happens to one of the attempts.
    fn something(&mut self) {
        if self.lines.is_empty() {
            return self.open();
        }
        let recent = self.lines.len() - 1;
        let place = if self.dice.once_in(4) { self.dice.place(self.lines.len()) } else { recent };
        self.customer(place);
        let solicited = self.dice.below(3) > 0 && self.solicited(place);
        if !solicited {
            let event = self.unsolicited(place);
            self.person |= matches!(event, Event::Resolved { .. } | Event::CounterEntered { .. });
            self.take(place, event);
        }
    }

    /// The customer at the bank's page makes up their mind, as long as the page is there.
    fn customer(&mut self, place: usize) {
        let decides = self.dice.once_in(4);
        let (world, charged) = (self.world, self.dice.once_in(2));
        let line = &mut self.lines[place];
        if line.truth.bank == Bank::Customer && !line.sending {
            let gone = line.truth.page_is_gone(world);
            if gone && decides {
                line.truth.bank = Bank::Failed;
            } else if !gone && decides {
                line.truth.bank = if charged { Bank::Charged } else { Bank::Failed };
            }
        }
    }

    /// An answer to something that the desk asked for.
    fn solicited(&mut self, place: usize) -> bool {
        let line = &self.lines[place];
        match (&line.attempt.state, line.sending, line.question, line.probing) {
            (State::Ready, ..) => {
                let event = self.prepared();
                self.take(place, event)
            }
            (State::Reauthorising, ..) => {
                let event = if self.dice.once_in(4) { Event::TokenUnavailable } else { Event::TokenRenewed };
                self.take(place, event)
            }
            (State::Sending(_), true, ..) => self.answer_payment(place),
            (_, _, Some(asked), _) => {
                let reading = self.reading(place);
                self.lines[place].question = None;
                self.take(place, Event::StatusRead { reading, asked })
            }
            (.., true) => {
                self.lines[place].probing = false;
                let probe = self.dice.pick(&[Probe::StillOpen, Probe::StillOpen, Probe::Gone, Probe::NoAnswer]);
                self.take(place, Event::Probed(probe))
            }
            _ => self.due(place),
        }
    }

    fn due(&mut self, place: usize) -> bool {
        let now = self.now();
        match next_due(&self.lines[place].attempt, now) {
            Some(due) => {
                self.world += due.since(now).as_millis().min(86_400_000);
                self.take(place, Event::Due)
            }
            None => false,
        }
    }

    /// Everything that is due is served, and comes to something: no moment is due for ever.
    fn serve(&mut self, place: usize) {
        if self.dice.once_in(20) {
            self.set_clock_back();
        }
        let mut at_this_moment = 0;
        for _ in 0..12 {
            let now = self.now();
            let Some(due) = next_due(&self.lines[place].attempt, now) else { return };
            let wait = due.since(now).as_millis();
            at_this_moment = if wait == 0 { at_this_moment + 1 } else { 0 };
            assert!(at_this_moment < 6, "always due at {now}: {:?}", self.lines[place].attempt);
            self.world += wait;
            let (entries, question) = (self.lines[place].entries.len(), self.lines[place].question);
            self.lines[place].question = None;
            self.lines[place].probing = false;
            assert!(self.take(place, Event::Due));
            let line = &self.lines[place];
            let moved = line.entries.len() > entries || line.question.is_some() || line.probing;
            assert!(moved || question.is_some(), "due at {} and nothing came of it: {:?}", self.now(), line.attempt);
            self.customer(place);
            if let Some(asked) = self.lines[place].question.take() {
                let reading = self.reading(place);
                self.take(place, Event::StatusRead { reading, asked });
            }
            if std::mem::take(&mut self.lines[place].probing) {
                self.take(place, Event::Probed(Probe::NoAnswer));
            }
        }
    }
}
