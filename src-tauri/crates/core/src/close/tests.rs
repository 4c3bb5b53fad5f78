use super::*;
use crate::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use crate::answers::{CannotBeAsked, CouldNotAsk, DeclineReason, Failure, NotSentReason};
use crate::attempt::{
    Alarm, Attempt, CardMeans, Contradiction, Entry, Intent, Means, NotSent, SetAsideBy, State, Subject, ThreeDs,
    Unknown, UnknownCause,
};
use crate::card::CardNumber;
use crate::evidence::{Confirmation, Evidence, SupervisorWord};
use crate::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use crate::limits;
use crate::money::{Currency, Money};
use crate::options::{InstallmentOption, Plan as Chosen};
use crate::reversal::{self, Reversal};
use crate::status::{Mismatch, Reading, Seen};
use crate::time::Millis;

/// 2026-11-21T09:00:00Z.
const START: Timestamp = Timestamp::from_millis(1_795_251_600_000);

fn at(minutes: u64) -> Timestamp {
    START.after(Millis::minutes(minutes))
}

const fn money(minor: i64, currency: Currency) -> Money {
    Money::from_minor(minor, currency)
}

fn operator(n: u8) -> OperatorId {
    OperatorId::from_parts(START, [n; 10])
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

fn attempt(n: u8, total: Money, installments: u8) -> Attempt {
    let option = InstallmentOption { installments, monthly: total, total, commission: None };
    let intent = Intent {
        payment: PaymentId::from_parts(START, [n; 10]),
        attempt: AttemptId::from_parts(START, [n; 10]),
        reference: AttemptReference::from_random([n; 16]),
        account: account(),
        subject: Subject::Reference { reference: format!("REZ-{n}").parse().unwrap(), part: None },
        base: Some(total),
        means: Means::Card(Box::new(CardMeans {
            card: CardNumber::parse("4155650100416111").unwrap().summary(),
            holder: None,
            plan: Chosen { program: None, program_name: None, option },
            three_ds: ThreeDs::Asked,
        })),
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: limits::PAY_DEADLINE,
            page: PagePlace::Window,
        },
        operator: Some(operator(1)),
        overrides: None,
        follows: None,
        behind_decline: false,
    };
    Attempt::open(intent, at(0))
}

fn stands(mut attempt: Attempt, state: State, minutes: u64) -> Attempt {
    attempt.apply(&Entry::Entered(Box::new(state)), at(minutes)).unwrap();
    attempt
}

fn word() -> SupervisorWord {
    SupervisorWord { operator: operator(2), reason: "müşteri bekliyor".parse().unwrap(), saw: None }
}

fn approved() -> State {
    State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Confirmed }
}

fn declined() -> State {
    State::Declined {
        failure: Failure::plain(DeclineReason::CardDeclined),
        evidence: Evidence::PayAnswer,
        confirmation: Confirmation::Confirmed,
    }
}

fn unknown() -> State {
    State::Unknown(Unknown { cause: UnknownCause::NoFinalAnswer })
}

fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Europe/Istanbul").unwrap()
}

fn tally() -> Tally {
    Tally::new(zone())
}

fn returned(of: &Attempt, state: reversal::State) -> Reversal {
    let intent = reversal::Intent {
        reversal: ReversalId::from_parts(START, [9; 10]),
        payment: of.intent.payment,
        attempt: of.intent.attempt,
        account: account(),
        kind: reversal::Kind::Refund,
        amount: money(100, Currency::TRY),
        target: reversal::Target::Transaction {
            number: crate::text::ForeignText::filter("R-1"),
            reference: of.intent.reference.clone(),
        },
        word: word(),
    };
    let mut reversal = Reversal::open(intent, at(5));
    reversal.apply(&reversal::Entry::Entered(Box::new(state)), at(6)).unwrap();
    reversal
}

#[test]
fn sums_are_kept_apart_by_currency_operator_and_plan() {
    let mut tally = tally();
    let lira = attempt(1, money(55_500, Currency::TRY), 3);
    let more = attempt(2, money(10_000, Currency::TRY), 1);
    let euro = attempt(3, money(7_000, Currency::EUR), 3);
    let mut order = attempt(4, money(0, Currency::TRY), 1);
    order.intent.means = Means::CreditLimit;
    order.intent.base = None;
    for attempt in [lira, more, euro, order] {
        tally.attempt(None, &stands(attempt, approved(), 1));
    }
    let figures = tally.end();
    assert_eq!(figures.cells.len(), 4);
    let totals = figures.totals();
    assert_eq!(totals.len(), 3, "an amount that is not known is in no sum: {totals:?}");
    let of = |currency: Option<Currency>| {
        totals.iter().find(|(found, _)| *found == currency).map(|(_, sums)| sums.approved).unwrap()
    };
    assert_eq!(of(Some(Currency::TRY)), Sum { count: 2, minor: 65_500 });
    assert_eq!(of(Some(Currency::EUR)), Sum { count: 1, minor: 7_000 });
    assert_eq!(of(None), Sum { count: 1, minor: 0 });
    let by_plan = figures.by(|cell| cell.plan);
    assert_eq!(by_plan.len(), 4);
    assert!(by_plan.iter().any(|(plan, currency, _)| *plan == Plan::CreditLimit && currency.is_none()));
}

#[test]
fn a_reversal_is_counted_with_whoever_ordered_it_and_the_plan_it_was_paid_in() {
    let mut tally = tally();
    let paid = stands(attempt(1, money(55_500, Currency::TRY), 3), approved(), 1);
    let back = returned(&paid, reversal::State::Done { proof: reversal::Proof::Answer });
    tally.attempt(Some(&paid), &paid);
    tally.reversal(None, &back, Some(&paid));
    let figures = tally.end();
    let [cell] = &figures.cells[..] else { panic!("{figures:?}") };
    assert_eq!((cell.operator, cell.plan), (Some(operator(2)), Plan::Installments(3)));
    assert_eq!((cell.sums.reversed, cell.sums.net()), (Sum { count: 1, minor: 100 }, -100));
    assert_eq!(figures.hours[0].counts.reversed, 1);
}

#[test]
fn what_is_not_settled_is_listed_once_by_what_weighs_most() {
    let mut tally = tally();
    let one = |n| attempt(n, money(100, Currency::TRY), 1);
    let aside = State::SetAside(SetAsideBy { cause: UnknownCause::NoFinalAnswer, word: word() });
    let mut contradicted = stands(one(4), declined(), 1);
    let contradiction = Contradiction { seen: Seen::default(), paid: true };
    contradicted.apply(&Entry::Contradicted(contradiction), at(2)).unwrap();
    contradicted.apply(&Entry::Alarmed(Alarm::Contradicted), at(2)).unwrap();
    let mut alarmed = stands(one(5), approved(), 1);
    alarmed.apply(&Entry::Alarmed(Alarm::PaidByUnknownCard), at(2)).unwrap();
    let paid = stands(one(6), approved(), 1);
    for attempt in [one(1), stands(one(2), unknown(), 1), stands(one(3), aside, 1), contradicted, alarmed, paid.clone()]
    {
        tally.attempt(None, &attempt);
    }
    tally.reversal(None, &returned(&paid, reversal::State::Sending(crate::attempt::Round::First)), Some(&paid));
    let figures = tally.end();
    let standing: Vec<Standing> = figures.open.iter().map(|(standing, _)| *standing).collect();
    use Standing::{Alarmed, Contradicted, InProgress, SetAside};
    assert_eq!(standing, [Standing::Unknown, SetAside, Contradicted, Alarmed, InProgress, InProgress]);
    assert_eq!(figures.standing(InProgress), 2);
    assert!(matches!(figures.open[5].1.about, About::Reversal { .. }));
}

#[test]
fn a_confirmation_is_no_second_outcome() {
    let weak = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    let before = stands(attempt(1, money(100, Currency::TRY), 1), weak, 1);
    let now = stands(before.clone(), approved(), 90);
    let mut tally = tally();
    tally.attempt(Some(&before), &now);
    assert_eq!(tally.end(), Figures::default());
}

#[test]
fn what_was_open_at_the_last_close_is_settled_since_and_what_was_final_is_corrected() {
    let mut tally = tally();
    let one = |n| attempt(n, money(100, Currency::TRY), 1);
    let was_unknown = stands(one(1), unknown(), 1);
    let was_paid = stands(one(2), approved(), 1);
    tally.attempt(Some(&was_unknown), &stands(was_unknown.clone(), declined(), 70));
    tally.attempt(Some(&was_paid), &stands(was_paid.clone(), declined(), 70));
    tally.attempt(None, &stands(one(3), State::NotSent(NotSent { reason: NotSentReason::Offline }), 70));
    let figures = tally.end();
    assert_eq!(figures.late.len(), 1);
    assert_eq!(figures.corrected.len(), 1);
    let sums = figures.totals()[0].1;
    assert_eq!((sums.declined.count, sums.withdrawn.count, sums.not_sent.count), (2, 1, 1));
    // 70 minutes after 12:00 in Istanbul.
    assert_eq!(figures.hours.len(), 1);
    assert_eq!(figures.hours[0].start, at(60));
}

#[test]
fn the_order_of_counting_makes_no_difference() {
    let attempts: Vec<Attempt> = (1..20)
        .map(|n| {
            let state = match n % 4 {
                0 => approved(),
                1 => declined(),
                2 => unknown(),
                _ => State::AtBank,
            };
            stands(attempt(n, money(i64::from(n) * 100, Currency::TRY), n % 3 + 1), state, u64::from(n) * 37)
        })
        .collect();
    let count = |attempts: &mut dyn Iterator<Item = &Attempt>| {
        let mut tally = tally();
        attempts.for_each(|attempt| tally.attempt(None, attempt));
        tally.end()
    };
    assert_eq!(count(&mut attempts.iter()), count(&mut attempts.iter().rev()));
}

#[test]
fn a_picture_holds_three_days_at_most_and_the_sums_hold_everything() {
    let mut tally = tally();
    for hour in 0..100_u8 {
        let one = attempt(hour, money(100, Currency::TRY), 1);
        tally.attempt(None, &stands(one, approved(), u64::from(hour) * 60));
    }
    let figures = tally.end();
    assert_eq!(figures.hours.len(), 72);
    assert_eq!(figures.hours[71].start, at(99 * 60));
    assert_eq!(figures.totals()[0].1.approved.count, 100);
    assert_eq!((figures.first, figures.last), (Some(at(0)), Some(at(99 * 60))));
}

fn close() -> DayClose {
    let covers = Covers { after: 0, since: None, tip: 7, tip_hash: "ab".repeat(32) };
    let mut tally = tally();
    tally.attempt(None, &stands(attempt(1, money(55_500, Currency::TRY), 3), unknown(), 1));
    tally.attempt(None, &stands(attempt(2, money(500, Currency::TRY), 3), approved(), 1));
    Basis { number: 1, covers, missing: None, figures: tally.end() }.close(at(200), &zone(), Some(operator(1)))
}

#[test]
fn a_close_survives_its_text() {
    let close = close();
    let text = serde_json::to_string(&close).unwrap();
    assert_eq!(serde_json::from_str::<DayClose>(&text).unwrap(), close, "{text}");
    assert!(text.contains("\"from\":\"2026-11-21\"") && !text.contains("declined"), "{text}");
}

#[test]
fn closes_fit_one_behind_the_other() {
    let first = close();
    assert_eq!(first.misfit(8, None), None);
    assert_eq!(first.misfit(9, None), Some(Misfit::End));
    assert_eq!(first.misfit(8, Some((1, 5))), Some(Misfit::Number { expected: 2 }));
    let second = DayClose { number: 2, covers: Covers { after: 8, tip: 8, ..first.covers.clone() }, ..first };
    assert_eq!(second.misfit(9, Some((1, 8))), None);
    assert_eq!(second.misfit(9, Some((1, 7))), Some(Misfit::Begin { expected: 7 }));
}

#[test]
fn each_answer_against_each_outcome() {
    use crate::close::Finding as F;
    let seen = Seen::default;
    let (all, less) = (money(100, Currency::TRY), money(60, Currency::TRY));
    let amount = |found| Reading::Mismatch { what: Mismatch::Amount { expected: all, found }, seen: seen() };
    let other_currency = money(100, Currency::EUR);
    let approved = stands(attempt(1, all, 1), approved(), 1);
    let declined = stands(attempt(1, all, 1), declined(), 1);
    let open = stands(attempt(1, all, 1), unknown(), 1);
    let differs = Compared::Differs;
    let silent = Reading::CouldNotAsk(CouldNotAsk::Offline);
    let unheard = Compared::NotAsked(NotAsked::CouldNotAsk(CouldNotAsk::Offline));
    let off = Compared::NotAsked(NotAsked::CannotBeAsked(CannotBeAsked::Off));
    for (reading, of_approved, of_declined, of_open) in [
        (Reading::Paid(seen()), Compared::Agrees, differs(F::PaidThere), differs(F::SettledThere)),
        (Reading::PaidPartlyReturned(seen()), Compared::Agrees, differs(F::PaidThere), differs(F::SettledThere)),
        (Reading::NotPaid(seen()), differs(F::NotPaidThere), Compared::Agrees, differs(F::SettledThere)),
        (Reading::NoTrace, differs(F::MissingThere), Compared::Agrees, differs(F::StillOpen)),
        (Reading::Pending(seen()), differs(F::NotFinalThere), differs(F::NotFinalThere), differs(F::StillOpen)),
        (Reading::OwnReversal(seen()), Compared::Agrees, Compared::Agrees, differs(F::StillOpen)),
        (Reading::Attention(seen()), differs(F::Attention), differs(F::Attention), differs(F::Attention)),
        (
            amount(less),
            differs(F::ReturnedThere { expected: all, found: less }),
            differs(F::PaidThere),
            differs(F::OtherAmount { expected: all, found: less }),
        ),
        (
            amount(other_currency),
            differs(F::OtherAmount { expected: all, found: other_currency }),
            differs(F::PaidThere),
            differs(F::OtherAmount { expected: all, found: other_currency }),
        ),
        (silent, unheard.clone(), unheard.clone(), unheard),
        (Reading::CannotBeAsked(CannotBeAsked::Off), off.clone(), off.clone(), off),
    ] {
        assert_eq!(compare(&approved, false, &reading), of_approved, "approved, {reading:?}");
        assert_eq!(compare(&declined, false, &reading), of_declined, "declined, {reading:?}");
        assert_eq!(compare(&open, false, &reading), of_open, "open, {reading:?}");
    }
}

#[test]
fn an_order_that_was_cancelled_here_and_stands_there_differs() {
    let order = |mut one: Attempt| {
        one.intent.subject = Subject::Order("YLC-1".parse().unwrap());
        one
    };
    let transaction = stands(attempt(1, money(100, Currency::TRY), 1), approved(), 1);
    let paid = Reading::Paid(Seen::default());
    let cancelled = order(transaction.clone());
    assert_eq!(compare(&cancelled, true, &paid), Compared::Differs(Finding::NotReturnedThere));
    assert_eq!(compare(&cancelled, false, &paid), Compared::Agrees);
    assert_eq!(compare(&cancelled, true, &Reading::OwnReversal(Seen::default())), Compared::Agrees);
    // Of a transaction the amount that is expected tells it.
    assert_eq!(compare(&transaction, true, &paid), Compared::Agrees);
}

fn compared(unanswered: u32, left: u32) -> Comparison {
    Comparison {
        number: 1,
        close_seq: 8,
        began: at(1),
        ended: at(2),
        operator: None,
        agreed: 1,
        unanswered,
        cannot_be_asked: 3,
        nothing_sent: 0,
        left,
        differences: Vec::new(),
    }
}

#[test]
fn a_comparison_that_was_stopped_hides_nothing_of_the_whole_one_before_it() {
    let closed =
        |comparisons: Vec<Comparison>| Closed { close: close(), seq: 8, anchor: Anchor::of(1, &[7; 32]), comparisons };
    let (whole, silent, stopped) = (compared(0, 0), compared(1, 0), compared(0, 9));
    assert!(whole.is_whole(), "what can't be asked about at all is missed every time");
    for (made, told) in [
        (vec![], vec![]),
        (vec![stopped.clone()], vec![stopped.clone()]),
        (vec![silent.clone(), stopped.clone()], vec![silent.clone(), stopped.clone()]),
        (vec![silent.clone(), whole.clone(), stopped.clone()], vec![whole.clone(), stopped.clone()]),
        (vec![whole.clone(), stopped, whole.clone()], vec![whole]),
    ] {
        assert_eq!(closed(made).telling(), told);
    }
}

#[test]
fn an_outcome_stands_in_the_hour_in_which_it_was_recorded_not_in_that_of_its_confirmation() {
    let weak = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    let paid = stands(attempt(1, money(100, Currency::TRY), 1), weak, 1);
    let mut tally = tally();
    tally.attempt(None, &stands(paid, approved(), 90));
    let figures = tally.end();
    assert_eq!((figures.first, figures.last), (Some(at(1)), Some(at(1))));
    assert_eq!(figures.hours[0].start, at(0));
}

#[test]
fn what_exports_and_papers_call_a_thing_is_what_its_event_calls_it() {
    let written = |value: serde_json::Value| {
        let word = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str));
        word.unwrap_or_default().to_owned()
    };
    let recorded = [
        Recorded::Approved,
        Recorded::Declined,
        Recorded::Refused,
        Recorded::NotSent,
        Recorded::Reversed,
        Recorded::NotReversed,
    ];
    for one in recorded {
        assert_eq!(written(serde_json::to_value(one).unwrap()), one.word());
    }
    let standings =
        [Standing::Unknown, Standing::SetAside, Standing::Contradicted, Standing::Alarmed, Standing::InProgress];
    for one in standings {
        assert_eq!(written(serde_json::to_value(one).unwrap()), one.word());
    }
    let lira = |minor| money(minor, Currency::TRY);
    let findings = [
        Finding::MissingThere,
        Finding::NotPaidThere,
        Finding::NotReturnedThere,
        Finding::OtherAmount { expected: lira(1), found: lira(2) },
        Finding::AmountUnreadable,
        Finding::OtherCard,
        Finding::PaidThere,
        Finding::NotFinalThere,
        Finding::Attention,
        Finding::PaidByUnknownCard,
        Finding::SettledThere,
        Finding::StillOpen,
    ];
    for one in findings {
        assert_eq!(written(serde_json::to_value(&one).unwrap()), one.word());
    }
}

#[test]
fn money_moves_where_any_of_the_four_sums_is_not_empty() {
    let sum = Sum::default().plus(100);
    assert!(!Sums { declined: sum, ..Sums::default() }.moves_money());
    for sums in [
        Sums { approved: sum, ..Sums::default() },
        Sums { reversed: sum, ..Sums::default() },
        Sums { withdrawn: sum, ..Sums::default() },
        Sums { reinstated: sum, ..Sums::default() },
    ] {
        assert!(sums.moves_money(), "{sums:?}");
    }
}

/// Comparisons that were written before there was this figure are read, and written again as they were.
#[test]
fn a_comparison_says_how_many_cannot_be_asked_only_where_there_are_some() {
    let none = Comparison { cannot_be_asked: 0, ..compared(0, 0) };
    let text = serde_json::to_string(&none).unwrap();
    assert!(!text.contains("cannot_be_asked"), "{text}");
    assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), none);
    let some = Comparison { cannot_be_asked: 2, ..none };
    let text = serde_json::to_string(&some).unwrap();
    assert!(text.contains(r#""cannot_be_asked":2"#), "{text}");
    assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), some);
}
