//! What can happen at a desk: answers, returns, people.

use vezne_core::account::{AccountRef, Endpoint, GatewayKind};
use vezne_core::answers::{
    CannotBeAsked, ChallengeFault, CouldNotAsk, DeclineReason, Failure, GatewayNumbers, GatewayRefusal, NotSentReason,
    OrderFacts, OrderState, PayAnswer, Probe, RefusalReason, SaidAmount, SecureUse, Success, Unclear,
};
use vezne_core::attempt::{
    CardMeans, CounterOutcome, Event, Intent, Means, PageEnd, Preparation, ReturnFields, ReturnHint, Subject, ThreeDs,
};
use vezne_core::card::{Bin, Brand, CardSummary, LastFour};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::status::{Baseline, Mismatch, Reading, Seen};
use vezne_core::text::ForeignText;

use crate::desk::{CARD, Desk, word};
use crate::truth::Bank;

fn text(text: &str) -> ForeignText {
    ForeignText::filter(text)
}

fn seen() -> Seen {
    Seen { word: Some(text(&format!("card {CARD} refused"))), ..Seen::default() }
}

impl Desk<'_> {
    pub(crate) fn intent(&mut self) -> Intent {
        let number = u8::try_from(self.lines.len()).unwrap();
        let total = Money::from_minor(55_500, Currency::TRY);
        let option = InstallmentOption { installments: 1, monthly: total, total, commission: None };
        let card = CardSummary {
            brand: Brand::Visa,
            bin: Bin::parse("41556501").unwrap(),
            last_four: LastFour::parse(self.dice.pick(&["6111", "7222"])).unwrap(),
        };
        let plan = Plan { program: None, program_name: None, option };
        let subject = match self.gateway {
            GatewayKind::Finrota => Subject::Reference { reference: "R-1".parse().unwrap(), part: None },
            GatewayKind::Yolcu360 => Subject::Order("order_1".parse().unwrap()),
        };
        Intent {
            payment: PaymentId::from_parts(self.now(), [number; 10]),
            attempt: AttemptId::from_parts(self.now(), [number; 10]),
            reference: AttemptReference::from_random([number; 16]),
            account: AccountRef {
                id: "agency".parse().unwrap(),
                name: "Agency".parse().unwrap(),
                gateway: self.gateway,
                endpoint: Endpoint {
                    base_url: "https://pay.example".to_owned(),
                    host: "pay.example".to_owned(),
                    key_fingerprint: "f00d".to_owned(),
                },
            },
            subject,
            base: Some(Money::from_minor(54_500, Currency::TRY)),
            means: Means::Card(Box::new(CardMeans { card, holder: None, plan, three_ds: ThreeDs::Asked })),
            terms: self.terms,
            operator: None,
            overrides: None,
            follows: None,
            behind_decline: false,
        }
    }

    pub(crate) fn prepared(&mut self) -> Event {
        let facts = OrderFacts {
            state: OrderState::Pending,
            vendor_cancelled: false,
            payment_id: None,
            updated_at: Some(text("1")),
            payment_type: None,
            price: SaidAmount::NotSaid,
        };
        Event::Prepared(match self.dice.below(10) {
            0 => Preparation::NotSent(NotSentReason::Offline),
            1..=4 => Preparation::Done { baseline: None },
            _ => Preparation::Done { baseline: Some(Baseline::Order(facts)) },
        })
    }

    /// The request was processed, or not; and its answer comes, or not.
    pub(crate) fn answer_payment(&mut self, place: usize) -> bool {
        let success = || PayAnswer::Success(Success { numbers: GatewayNumbers::default(), secure: SecureUse::NotSaid });
        let failure = || PayAnswer::Failure(Failure::plain(DeclineReason::CardDeclined));
        let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: Some(text(CARD)) };
        let (bank, answer) = match self.dice.below(16) {
            0 => (Bank::Nothing, PayAnswer::NotSent(NotSentReason::Offline)),
            1 | 2 => (Bank::Charged, success()),
            3 | 4 => (Bank::Failed, failure()),
            5 => (Bank::Charged, PayAnswer::Order(Reading::Paid(seen()))),
            6 => (Bank::Failed, PayAnswer::Order(Reading::NotPaid(seen()))),
            7 => (Bank::Failed, PayAnswer::ChallengeUnusable(ChallengeFault::NoForm)),
            8 => (Bank::Failed, PayAnswer::Refused(refusal)),
            9 | 10 => (Bank::Nothing, PayAnswer::Unauthorised(Some(text(CARD)))),
            11 => (Bank::Charged, PayAnswer::Unclear(Unclear::TimedOut)),
            12 => (Bank::Failed, PayAnswer::Unclear(Unclear::UnknownWord(text(CARD)))),
            _ => (Bank::Customer, PayAnswer::Challenge),
        };
        let line = &mut self.lines[place];
        line.truth.bank = if self.honest { bank } else { Bank::Nothing };
        line.sending = false;
        self.take(place, Event::PayAnswered(answer))
    }

    pub(crate) fn reading(&mut self, place: usize) -> Reading {
        let mismatch = Mismatch::Card;
        let silent = [
            Reading::NoTrace,
            Reading::CouldNotAsk(CouldNotAsk::TimedOut),
            Reading::CannotBeAsked(CannotBeAsked::Unauthorised),
            Reading::Attention(seen()),
        ];
        if self.honest {
            let truth = self.lines[place].truth.bank;
            // An honest gateway may be silent or late, but what it says is so.
            return match (self.dice.below(4), truth) {
                (0, _) => self.dice.pick(&silent),
                (_, Bank::Charged) => Reading::Paid(seen()),
                (_, Bank::Failed) => Reading::NotPaid(seen()),
                (_, Bank::Nothing | Bank::Customer) => self.dice.pick(&[Reading::NoTrace, Reading::Pending(seen())]),
            };
        }
        let mut any = vec![
            Reading::Paid(seen()),
            Reading::PaidPartlyReturned(seen()),
            Reading::NotPaid(seen()),
            Reading::NotPaid(seen()),
            Reading::Pending(seen()),
            Reading::PaidByUnknownCard(seen()),
            Reading::OwnReversal(seen()),
            Reading::Mismatch { what: mismatch, seen: seen() },
        ];
        any.extend(silent);
        self.dice.pick(&any)
    }

    /// A return, real or forged, for this attempt or with anybody's words.
    pub(crate) fn hint(&mut self, place: usize) -> ReturnHint {
        let own = self.lines[place].attempt.intent.reference.as_str().to_owned();
        let fields = ReturnFields {
            status: Some(text(self.dice.pick(&["success", "failed", "odd"]))),
            success: Some(text(self.dice.pick(&["true", "false", "odd"]))),
            order: Some(text(self.dice.pick(&["order_1", "order_1", "order_2"]))),
            client_reference: Some(text(self.dice.pick(&[own.as_str(), own.as_str(), "VZ0123456789ABCDEF"]))),
            md_status: Some(text("1")),
            error: Some(text(&format!("pan={CARD}"))),
        };
        // Where nobody lies, only what the bank decided comes back as the window's own page.
        let decided = matches!(self.lines[place].truth.bank, Bank::Charged | Bank::Failed);
        ReturnHint { fields, own_page: (!self.honest || decided) && self.dice.once_in(3) }
    }

    /// What people, pages and clocks do without being asked.
    pub(crate) fn unsolicited(&mut self, place: usize) -> Event {
        let outcome = self.dice.pick(&[CounterOutcome::Approved, CounterOutcome::Declined]);
        let ends = [PageEnd::ClosedByHand, PageEnd::GaveUp, PageEnd::ProcessGone, PageEnd::LoadFailed];
        match self.dice.below(23) {
            0 => Event::CancelRequested,
            1..=7 => Event::ReturnArrived(self.hint(place)),
            8 | 9 => Event::PageGone(self.dice.pick(&ends)),
            10..=13 => Event::Due,
            14 | 15 => Event::AskRequested,
            16 | 17 => Event::SetAside(word()),
            18 => Event::Resolved { outcome, word: word() },
            19 => Event::CounterEntered { outcome, word: word() },
            20 => Event::Probed(self.dice.pick(&[Probe::StillOpen, Probe::Gone])),
            21 => Event::PageMoved,
            _ => {
                let line = &self.lines[place];
                // Late, twice, never asked for: an answer about the past.
                let asked = line.attempt.since;
                Event::StatusRead { reading: self.reading(place), asked }
            }
        }
    }
}
