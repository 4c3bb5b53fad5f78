//! What the tests of the machines are made of: accounts, cards, words and moments.

use crate::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use crate::answers::{
    DeclineReason, Failure, GatewayNumbers, OrderFacts, OrderState, PayAnswer, SecureUse, Success, Unclear,
};
use crate::attempt::{
    Attempt, CardMeans, Effect, Entry, Event, Heard, Intent, Means, Preparation, Refusal, ReturnFields, ReturnHint,
    State, Step, Subject, ThreeDs, Unknown, UnknownCause, step,
};
use crate::card::{Bin, Brand, CardSummary, LastFour};
use crate::evidence::{Claim, Confirmation, SupervisorWord};
use crate::ids::{AttemptId, AttemptReference, OperatorId, PaymentId};
use crate::money::{Currency, Money};
use crate::options::{InstallmentOption, Plan};
use crate::status::{Baseline, Reading, Seen};
use crate::text::ForeignText;
use crate::time::{Millis, Timestamp};

pub(crate) const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// So many seconds after the attempt was opened.
pub(crate) fn at(seconds: u64) -> Timestamp {
    START.after(Millis::seconds(seconds))
}

pub(crate) fn text(text: &str) -> ForeignText {
    ForeignText::filter(text)
}

pub(crate) fn attempt_id(number: u8) -> AttemptId {
    AttemptId::from_parts(START, [number; 10])
}

pub(crate) const fn lira(kurus: i64) -> Money {
    Money::from_minor(kurus, Currency::TRY)
}

/// A supervisor's word that names what was seen in the portal.
pub(crate) fn word() -> SupervisorWord {
    SupervisorWord { saw: Some("portal 4711".parse().unwrap()), ..blind_word() }
}

pub(crate) fn blind_word() -> SupervisorWord {
    SupervisorWord {
        operator: OperatorId::from_parts(START, [9; 10]),
        reason: "the customer waits".parse().unwrap(),
        saw: None,
    }
}

pub(crate) fn card(bin: &str, last_four: &str) -> CardSummary {
    CardSummary { brand: Brand::Visa, bin: Bin::parse(bin).unwrap(), last_four: LastFour::parse(last_four).unwrap() }
}

pub(crate) fn card_means(total: Money, three_ds: ThreeDs) -> Means {
    let option = InstallmentOption { installments: 1, monthly: total, total, commission: None };
    Means::Card(Box::new(CardMeans {
        card: card("41556501", "6111"),
        holder: None,
        plan: Plan { program: None, program_name: None, option },
        three_ds,
    }))
}

fn intent(gateway: GatewayKind, subject: Subject) -> Intent {
    Intent {
        payment: PaymentId::from_parts(START, [1; 10]),
        attempt: attempt_id(1),
        reference: AttemptReference::from_random([7; 16]),
        account: AccountRef {
            id: "agency-1".parse().unwrap(),
            name: "Şube 1".parse().unwrap(),
            gateway,
            endpoint: Endpoint {
                base_url: "https://pay.example".to_owned(),
                host: "pay.example".to_owned(),
                key_fingerprint: "f00d".to_owned(),
            },
        },
        subject,
        base: Some(lira(54_500)),
        means: card_means(lira(55_500), ThreeDs::Asked),
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: Millis::seconds(120),
            page: PagePlace::Window,
        },
        operator: None,
        overrides: None,
        follows: None,
        behind_decline: false,
    }
}

/// At Finrota, with the status query on and the bank's page in a window of ours.
pub(crate) fn finrota() -> Intent {
    intent(GatewayKind::Finrota, Subject::Reference { reference: "R-1001".parse().unwrap(), part: None })
}

/// The same at Yolcu360.
pub(crate) fn yolcu() -> Intent {
    intent(GatewayKind::Yolcu360, Subject::Order("order_1".parse().unwrap()))
}

pub(crate) fn not_asked(mut intent: Intent) -> Intent {
    intent.terms.status_query = StatusQuery::Off;
    intent
}

pub(crate) fn return_settles(mut intent: Intent) -> Intent {
    intent.terms.return_rule = ReturnRule::Settles;
    not_asked(intent)
}

pub(crate) fn in_browser(mut intent: Intent) -> Intent {
    intent.terms.page = PagePlace::Browser;
    intent
}

/// The bank's page says so, in a return that is the window's own page and names the attempt.
pub(crate) fn explicit(intent: &Intent, claim: Claim) -> ReturnHint {
    let fields = match (&intent.subject, claim) {
        (Subject::Order(order), claim) => ReturnFields {
            status: Some(text(if claim == Claim::Success { "success" } else { "failed" })),
            order: Some(text(order.as_str())),
            ..ReturnFields::default()
        },
        (Subject::Reference { .. }, claim) => ReturnFields {
            success: Some(text(if claim == Claim::Success { "true" } else { "false" })),
            client_reference: Some(text(intent.reference.as_str())),
            ..ReturnFields::default()
        },
    };
    ReturnHint { fields, own_page: true }
}

/// The same words out of an image or hidden frame: anybody can write them.
pub(crate) fn forged(intent: &Intent, claim: Claim) -> ReturnHint {
    ReturnHint { own_page: false, ..explicit(intent, claim) }
}

pub(crate) fn seen(word: &str) -> Seen {
    Seen { word: Some(text(word)), ..Seen::default() }
}

pub(crate) fn paid() -> Reading {
    Reading::Paid(seen("paid"))
}

pub(crate) fn not_paid() -> Reading {
    Reading::NotPaid(seen("failed"))
}

pub(crate) fn pending() -> Reading {
    Reading::Pending(seen("pending"))
}

pub(crate) fn read(reading: Reading, asked: Timestamp) -> Event {
    Event::StatusRead { reading, asked }
}

pub(crate) fn success() -> Success {
    Success { numbers: GatewayNumbers::default(), secure: SecureUse::NotSaid }
}

pub(crate) fn failure() -> Failure {
    Failure::plain(DeclineReason::InsufficientFunds)
}

pub(crate) fn order(state: OrderState, payment_id: Option<&str>, updated_at: &str) -> OrderFacts {
    OrderFacts {
        state,
        vendor_cancelled: false,
        payment_id: payment_id.map(text),
        updated_at: Some(text(updated_at)),
        payment_type: Some(text("creditCard")),
        price: lira(54_500).into(),
    }
}

/// A story of one attempt: each line is an event and its time.
pub(crate) struct Story {
    pub(crate) attempt: Attempt,
    /// Every entry with its time, to fold again.
    pub(crate) entries: Vec<(Timestamp, Entry)>,
    /// The effects of the last event.
    pub(crate) effects: Vec<Effect>,
    /// Every effect so far.
    pub(crate) all_effects: Vec<Effect>,
}

impl Story {
    pub(crate) fn open(intent: Intent) -> Self {
        let entries = vec![(START, Entry::Opened(Box::new(intent.clone())))];
        Self { attempt: Attempt::open(intent, START), entries, effects: Vec::new(), all_effects: Vec::new() }
    }

    /// As far as the payment request being on its way.
    pub(crate) fn sent(intent: Intent) -> Self {
        let baseline = match intent.account.gateway {
            GatewayKind::Finrota => None,
            GatewayKind::Yolcu360 => Some(Baseline::Order(order(OrderState::Pending, None, "1"))),
        };
        Self::open(intent).then(0, Event::Prepared(Preparation::Done { baseline }))
    }

    pub(crate) fn answered(intent: Intent, answer: PayAnswer) -> Self {
        Self::sent(intent).then(1, Event::PayAnswered(answer))
    }

    /// As far as the customer standing before the bank's page, since second 1.
    pub(crate) fn at_bank(intent: Intent) -> Self {
        Self::answered(intent, PayAnswer::Challenge)
    }

    /// As far as unknown without a bank's page, since second 1.
    pub(crate) fn unknown(intent: Intent) -> Self {
        Self::answered(intent, PayAnswer::Unclear(Unclear::TimedOut))
    }

    pub(crate) fn then(self, seconds: u64, event: Event) -> Self {
        self.then_at(at(seconds), event)
    }

    pub(crate) fn then_at(mut self, now: Timestamp, event: Event) -> Self {
        let shown = format!("{event:?}");
        let taken: Step =
            step(&self.attempt, event, now).unwrap_or_else(|refusal| panic!("{shown} was refused: {refusal}"));
        self.entries.extend(taken.entries.into_iter().map(|entry| (now, entry)));
        assert_eq!(Attempt::fold(self.entries.clone()).unwrap(), taken.attempt, "after {shown}");
        self.attempt = taken.attempt;
        self.effects.clone_from(&taken.effects);
        self.all_effects.extend(taken.effects);
        self
    }

    pub(crate) fn refused(&self, seconds: u64, event: Event) -> Refusal {
        step(&self.attempt, event, at(seconds)).expect_err("it must be refused")
    }

    pub(crate) fn state(&self) -> &'static str {
        self.attempt.state.word()
    }

    pub(crate) fn asks(&self) -> bool {
        self.effects.contains(&Effect::AskStatus)
    }

    /// The cause, of an attempt that is unknown.
    pub(crate) fn cause(&self) -> UnknownCause {
        let State::Unknown(Unknown { cause }) = &self.attempt.state else {
            panic!("not unknown: {:?}", self.attempt.state);
        };
        cause.clone()
    }

    pub(crate) fn heard(&self) -> Option<&Heard> {
        self.attempt.heard.as_ref()
    }

    /// The evidence's word and whether it is confirmed, of an attempt that is approved or declined.
    pub(crate) fn outcome(&self) -> (&'static str, &'static str, bool) {
        let (State::Approved { evidence, confirmation } | State::Declined { evidence, confirmation, .. }) =
            &self.attempt.state
        else {
            panic!("not settled: {:?}", self.attempt.state);
        };
        (self.state(), evidence.word(), *confirmation == Confirmation::Confirmed)
    }
}
