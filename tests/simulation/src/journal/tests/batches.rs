//! Records to append: attempts and reversals in any state, as a till never wrote them in that order.

use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::answers::{DeclineReason, Failure, NotSentReason, Unclear};
use vezne_core::attempt::{
    Alarm, Attempt, CardMeans, Contradiction, Entry, Heard, Intent, Means, NotSent, Round, SetAsideBy, State, Subject,
    ThreeDs, Unknown, UnknownCause,
};
use vezne_core::card::CardNumber;
use vezne_core::evidence::{Confirmation, Evidence, SupervisorWord};
use vezne_core::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId, ReversalId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::ports::CardTrace;
use vezne_core::record::{Batch, Operator, PersonName, Record};
use vezne_core::reversal::{self, Reversal};
use vezne_core::rights::{Act, Role};
use vezne_core::status::Seen;

use super::START;
use crate::dice::Dice;

fn ten(number: u64) -> [u8; 10] {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    [0, 0, a, b, c, d, e, f, g, h]
}

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

fn supervisor() -> OperatorId {
    OperatorId::from_parts(START, ten(1))
}

fn account() -> AccountRef {
    AccountRef {
        id: "counter".parse().unwrap(),
        name: "Tezgâh".parse().unwrap(),
        gateway: GatewayKind::Finrota,
        endpoint: Endpoint {
            base_url: "https://pay.example/api".to_owned(),
            host: "pay.example".to_owned(),
            key_fingerprint: "f1".to_owned(),
        },
    }
}

/// The card of every second attempt.
pub(super) fn card_trace() -> CardTrace {
    let card = CardNumber::parse("4155650100416111").unwrap().summary();
    CardTrace { bin: card.bin, last_four: card.last_four, base: lira(54_500) }
}

pub(super) fn attempt_id(number: u64) -> AttemptId {
    AttemptId::from_parts(START, ten(number))
}

/// Attempt `number` at a reference.
pub(super) fn intent(number: u64, reference: u64, payment: u64) -> Intent {
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total: lira(55_500), commission: None };
    let card = if number.is_multiple_of(2) { "4155650100416111" } else { "5528790000000008" };
    let means = CardMeans {
        card: CardNumber::parse(card).unwrap().summary(),
        holder: None,
        plan: Plan { program: None, program_name: None, option },
        three_ds: ThreeDs::Asked,
    };
    Intent {
        payment: PaymentId::from_parts(START, ten(payment)),
        attempt: attempt_id(number),
        reference: AttemptReference::from_random(u128::from(number).to_be_bytes()),
        account: account(),
        subject: Subject::Reference { reference: format!("REZ-{reference}").parse().unwrap(), part: None },
        base: Some(lira(54_500)),
        means: if number.is_multiple_of(5) { Means::CreditLimit } else { Means::Card(Box::new(means)) },
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: vezne_core::time::Millis::minutes(10),
            pay_deadline: limits::PAY_DEADLINE,
            page: PagePlace::Window,
        },
        operator: Some(supervisor()),
        overrides: None,
        follows: None,
        behind_decline: false,
    }
}

pub(super) fn line(intent: &Intent, entry: Entry) -> Record {
    Record::Attempt { attempt: intent.attempt, payment: intent.payment, entry }
}

pub(super) fn opened(intent: &Intent) -> Record {
    line(intent, Entry::Opened(Box::new(intent.clone())))
}

pub(super) fn batch(records: Vec<Record>) -> Batch {
    Batch { records, names: Vec::new() }
}

fn word() -> SupervisorWord {
    SupervisorWord { operator: supervisor(), reason: "müşteri bekliyor".parse().unwrap(), saw: None }
}

fn any_state(dice: &mut Dice) -> State {
    let cause = UnknownCause::NoFinalAnswer;
    let (evidence, confirmation) = (Evidence::PayAnswer, Confirmation::Unconfirmed);
    match dice.below(9) {
        0 => State::Sending(Round::First),
        1 => State::AtBank,
        2 => State::Confirming(Heard::Nothing),
        3 => State::Unknown(Unknown { cause }),
        4 => State::SetAside(SetAsideBy { cause, word: word() }),
        5 => State::Approved { evidence, confirmation: Confirmation::Confirmed },
        6 => State::Approved { evidence, confirmation },
        7 => State::Declined { failure: Failure::plain(DeclineReason::CardDeclined), evidence, confirmation },
        _ => State::NotSent(NotSent { reason: NotSentReason::Offline }),
    }
}

fn any_entry(dice: &mut Dice) -> Entry {
    match dice.below(8) {
        0 => Entry::PageOpened,
        1 => Entry::Alarmed(Alarm::PaidByUnknownCard),
        2 => Entry::Contradicted(Contradiction { seen: Seen::default(), paid: true }),
        _ => Entry::Entered(Box::new(any_state(dice))),
    }
}

fn refund(number: u64, of: &Intent) -> reversal::Intent {
    reversal::Intent {
        reversal: ReversalId::from_parts(START, ten(number)),
        payment: of.payment,
        attempt: of.attempt,
        account: account(),
        kind: reversal::Kind::Refund,
        amount: lira(10_000),
        target: reversal::Target::Transaction {
            number: vezne_core::text::ForeignText::filter("R-1"),
            reference: of.reference.clone(),
        },
        word: word(),
    }
}

fn reversal_line(intent: &reversal::Intent, entry: reversal::Entry) -> Record {
    Record::Reversal { reversal: intent.reversal, payment: intent.payment, attempt: intent.attempt, entry }
}

fn any_reversal_entry(dice: &mut Dice) -> reversal::Entry {
    let cause = reversal::UnknownCause::Unclear(Unclear::TimedOut);
    let state = match dice.below(5) {
        0 => reversal::State::Sending(Round::First),
        1 | 2 => reversal::State::Done { proof: reversal::Proof::Answer },
        3 => reversal::State::Unknown { cause },
        _ => return reversal::Entry::Alarmed(cause),
    };
    reversal::Entry::Entered(Box::new(state))
}

fn operator_added(number: u64) -> Record {
    // Every seventh has the name of another one.
    Record::OperatorAdded(Operator {
        id: OperatorId::from_parts(START, ten(number)),
        name: format!("Ümit {}", number % 7).parse().unwrap(),
        role: if number.is_multiple_of(2) { Role::Cashier } else { Role::Supervisor },
        pin_hash: "$argon2id$secret".to_owned(),
    })
}

/// A new attempt, with the name of its holder, an override or a line more.
fn opening(dice: &mut Dice, attempts: &[Attempt], number: u64) -> Batch {
    let reference = dice.below(6);
    let mut one = intent(number, reference, 1_000 + reference);
    let mut names = Vec::new();
    if let (Means::Card(card), 0) = (&mut one.means, dice.below(3)) {
        let id = NameId::from_parts(START, ten(number));
        card.holder = Some(id);
        names.push((id, PersonName::new("ÇAĞLA IŞIK")));
    }
    if let (Some(other), 0) = (attempts.first(), dice.below(3)) {
        one.overrides = Some(other.intent.attempt);
    }
    let mut records = vec![opened(&one)];
    records.extend((0..dice.below(3)).map(|_| line(&one, any_entry(dice))));
    Batch { records, names }
}

/// Any batch about what is there, or about something new; now and then one that must be refused.
pub(super) fn any_batch(dice: &mut Dice, attempts: &[Attempt], reversals: &[Reversal], number: u64) -> Batch {
    let place = |dice: &mut Dice, count: usize| usize::try_from(dice.below(u64::try_from(count).unwrap())).unwrap();
    let one = (!attempts.is_empty()).then(|| attempts[place(dice, attempts.len())].intent.clone());
    let back = (!reversals.is_empty()).then(|| reversals[place(dice, reversals.len())].intent.clone());
    match (dice.below(12), one, back) {
        (0, _, _) => batch(vec![operator_added(number)]),
        (1, Some(one), _) => {
            let reason = "erken dönüş".parse().unwrap();
            let right =
                Record::RightUsed { operator: supervisor(), act: Act::Refund, reason, about: Some(one.attempt) };
            batch(vec![right, line(&one, any_entry(dice))])
        }
        (2, Some(one), _) => {
            let back = refund(number, &one);
            batch(vec![reversal_line(&back, reversal::Entry::Opened(Box::new(back.clone())))])
        }
        (3 | 4, _, Some(back)) => batch(vec![reversal_line(&back, any_reversal_entry(dice))]),
        // Opened twice, or never.
        (5, Some(one), _) if dice.once_in(3) => batch(vec![opened(&one)]),
        (5, _, _) if dice.once_in(3) => batch(vec![line(&intent(number, 1, 1), Entry::PageOpened)]),
        (6..=8, Some(one), _) => batch((0..=dice.below(3)).map(|_| line(&one, any_entry(dice))).collect()),
        (9, _, _) => Batch::default(),
        (_, _, _) => opening(dice, attempts, number),
    }
}
