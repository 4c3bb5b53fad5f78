//! One test a sentence of `RULES.md` 6.

use super::{Block, Earlier, GuardKey, Neighbours, Question, ask, sum_paid};
use crate::answers::PayAnswer;
use crate::attempt::tests::samples::{
    START, Story, at, attempt_id, card, card_means, finrota, lira, not_paid, paid, read, success, word, yolcu,
};
use crate::attempt::{Alarm, Event, Intent, Means, PageEnd, Subject, ThreeDs};
use crate::card::CardSummary;
use crate::ids::AttemptId;
use crate::reference::Part;
use crate::status::Reading;
use crate::time::Millis;

fn means() -> Means {
    card_means(lira(55_500), ThreeDs::Asked)
}

fn other_card() -> Means {
    match means() {
        Means::Card(mut means) => {
            means.card = card("54013412", "7891");
            Means::Card(means)
        }
        Means::CreditLimit => Means::CreditLimit,
    }
}

fn card_of(means: &Means) -> Option<&CardSummary> {
    match means {
        Means::Card(means) => Some(&means.card),
        Means::CreditLimit => None,
    }
}

fn question(means: &Means) -> Question<'_> {
    Question {
        card: card_of(means),
        part: None,
        base: Some(lira(54_500)),
        overrides: None,
        twin_confirmed: false,
        window: Millis::minutes(10),
        now: at(3_600),
    }
}

fn part_of(part: Option<Part>) -> Intent {
    let mut intent = finrota();
    intent.subject = Subject::Reference { reference: "R-1001".parse().unwrap(), part };
    intent
}

fn approved(intent: Intent) -> Story {
    Story::answered(intent, PayAnswer::Success(success())).then(2, read(paid(), at(1)))
}

fn set_aside() -> Story {
    let mut story = Story::at_bank(finrota()).then(30, Event::PageGone(PageEnd::ClosedByHand)).then(60, Event::Due);
    for second in [61, 62, 70] {
        story = story.then(second, read(Reading::NoTrace, at(second)));
    }
    story.then(80, Event::SetAside(word()))
}

fn earlier(story: &Story) -> Earlier {
    Earlier::of(&story.attempt, None, false)
}

fn on_key(earlier: Earlier) -> Neighbours {
    Neighbours { same_key: vec![earlier], ..Neighbours::default() }
}

fn with_card(earlier: Earlier) -> Neighbours {
    Neighbours { same_card: vec![earlier], ..Neighbours::default() }
}

fn overriding(means: &Means, attempt: AttemptId) -> Question<'_> {
    Question { overrides: Some(attempt), ..question(means) }
}

#[test]
fn an_orders_key_is_the_gateways_host_and_the_order() {
    let key = |host: &str, order: &str| GuardKey::of(&Subject::Order(order.parse().unwrap()), host);
    assert_eq!(key("Pay.Example", "order_1"), key("pay.example", "order_1"));
    assert_ne!(key("pay.example", "order_1"), key("staging.example", "order_1"));
    assert_ne!(key("pay.example", "order_1"), key("pay.example", "order_2"));
    assert_eq!(yolcu().guard_key().as_str(), "order:pay.example:order_1");
}

#[test]
fn a_references_key_is_folded_and_the_same_over_all_accounts_and_parts() {
    let key = |reference: &str, host: &str, part| {
        GuardKey::of(&Subject::Reference { reference: reference.parse().unwrap(), part }, host)
    };
    assert_eq!(key(" r-1001 ", "a.example", None), key("R-1001", "b.example", Some(Part::Deposit)));
    assert_ne!(key("R-1001", "a.example", None), key("R-1002", "a.example", None));
    assert_ne!(key("order_1", "pay.example", None), yolcu().guard_key(), "a reference is no order");
}

#[test]
fn nothing_before_lets_it_pass() {
    assert_eq!(ask(&Neighbours::default(), &question(&means())), Ok(()));
    let declined = Story::answered(finrota(), PayAnswer::Success(success()));
    let declined = declined.then(2, read(not_paid(), at(1))).then(40, read(not_paid(), at(39)));
    assert_eq!(declined.state(), "declined");
    assert_eq!(ask(&on_key(earlier(&declined)), &question(&means())), Ok(()), "a decline blocks nothing");
}

#[test]
fn open_or_unknown_on_the_key_is_blocked_and_no_override_releases_it() {
    for story in [Story::open(finrota()), Story::sent(finrota()), Story::at_bank(finrota()), Story::unknown(finrota())]
    {
        let neighbours = on_key(earlier(&story));
        let means = other_card();
        for question in [question(&means), overriding(&means, attempt_id(1))] {
            let block = ask(&neighbours, &question).unwrap_err();
            assert!(matches!(block, Block::OpenOrUnknown(_)) && !block.can_be_overridden());
        }
    }
}

#[test]
fn unknown_blocks_the_whole_reference_even_for_a_declared_further_part() {
    let story = Story::unknown(part_of(Some(Part::Rental)));
    let means = other_card();
    let deposit = Question { part: Some(Part::Deposit), ..question(&means) };
    assert!(matches!(ask(&on_key(earlier(&story)), &deposit), Err(Block::OpenOrUnknown(_))));
}

#[test]
fn approved_on_the_key_is_blocked_with_the_sum_paid_until_a_supervisor_names_it() {
    let neighbours = on_key(earlier(&approved(finrota())));
    let means = other_card();
    let block = ask(&neighbours, &question(&means)).unwrap_err();
    assert!(matches!(&block, Block::AlreadyPaid { paid, .. } if *paid == Some(lira(55_500))));
    assert_eq!(block.earlier().map(|earlier| earlier.attempt), Some(attempt_id(1)), "it is shown");
    assert!(block.can_be_overridden());
    assert_eq!(ask(&neighbours, &overriding(&means, attempt_id(1))), Ok(()));
}

#[test]
fn an_override_is_for_one_named_attempt() {
    let neighbours = on_key(earlier(&approved(finrota())));
    let means = other_card();
    assert!(ask(&neighbours, &overriding(&means, attempt_id(2))).is_err(), "another attempt was named");
    let mut declined =
        earlier(&Story::answered(finrota(), PayAnswer::Unauthorised(None)).then(2, Event::TokenUnavailable));
    declined.attempt = attempt_id(2);
    let both = Neighbours { same_key: vec![declined, earlier(&approved(finrota()))], ..Neighbours::default() };
    assert!(ask(&both, &overriding(&means, attempt_id(2))).is_err(), "naming the declined one releases nothing");
    assert_eq!(ask(&both, &overriding(&means, attempt_id(1))), Ok(()));
}

#[test]
fn an_override_is_for_one_use() {
    let used = Earlier { override_used: true, ..earlier(&approved(finrota())) };
    assert!(ask(&on_key(used), &overriding(&other_card(), attempt_id(1))).is_err());
    let unknown = Earlier { override_used: true, ..earlier(&Story::unknown(finrota())) };
    assert!(ask(&with_card(unknown), &overriding(&means(), attempt_id(1))).is_err());
}

#[test]
fn a_declared_further_part_passes_until_that_part_is_paid() {
    let neighbours = on_key(earlier(&approved(part_of(Some(Part::Rental)))));
    let means = other_card();
    let part = |part| Question { part, ..question(&means) };
    assert_eq!(ask(&neighbours, &part(Some(Part::Deposit))), Ok(()));
    assert!(matches!(ask(&neighbours, &part(Some(Part::Rental))), Err(Block::AlreadyPaid { .. })));
    assert!(matches!(ask(&neighbours, &part(None)), Err(Block::AlreadyPaid { .. })));
    let whole = on_key(earlier(&approved(part_of(None))));
    assert_eq!(ask(&whole, &part(Some(Part::Extra))), Ok(()));
}

#[test]
fn what_went_back_wholly_is_not_paid_any_more_and_a_part_of_it_lessens_the_sum() {
    let story = approved(finrota());
    let wholly = Earlier::of(&story.attempt, Some(lira(55_500)), false);
    assert_eq!(ask(&on_key(wholly), &question(&other_card())), Ok(()));
    let partly = Earlier::of(&story.attempt, Some(lira(5_500)), false);
    let block = ask(&on_key(partly.clone()), &question(&other_card())).unwrap_err();
    assert!(matches!(block, Block::AlreadyPaid { paid, .. } if paid == Some(lira(50_000))));
    assert_eq!(sum_paid([&partly, &earlier(&story)].into_iter()), Some(lira(105_500)));
    let unknown_amount = Earlier { total: None, ..partly.clone() };
    assert_eq!(sum_paid([&unknown_amount, &partly].into_iter()), None, "never in a sum");
}

#[test]
fn a_contradicted_outcome_blocks_its_key_until_the_counter_entry() {
    let story = approved(finrota()).then(99, read(not_paid(), at(98)));
    let means = other_card();
    let deposit = Question { part: Some(Part::Deposit), overrides: Some(attempt_id(1)), ..question(&means) };
    let block = ask(&on_key(earlier(&story)), &deposit).unwrap_err();
    assert!(matches!(block, Block::Contradicted(_)) && !block.can_be_overridden());
}

#[test]
fn an_order_paid_by_an_unknown_card_blocks_even_when_the_attempt_is_set_aside() {
    let story = set_aside();
    assert_eq!(ask(&on_key(earlier(&story)), &question(&other_card())), Ok(()));
    let story = story.then(90, read(Reading::PaidByUnknownCard(crate::status::Seen::default()), at(89)));
    assert_eq!(story.attempt.alarms, [Alarm::PaidByUnknownCard]);
    assert!(matches!(ask(&on_key(earlier(&story)), &question(&other_card())), Err(Block::Contradicted(_))));
}

#[test]
fn set_aside_blocks_its_key_for_the_very_same_card_only() {
    let neighbours = on_key(earlier(&set_aside()));
    assert_eq!(ask(&neighbours, &question(&other_card())), Ok(()));
    let same = means();
    let block = ask(&neighbours, &question(&same)).unwrap_err();
    assert!(matches!(block, Block::SetAsideSameCard(_)));
    assert_eq!(ask(&neighbours, &overriding(&same, attempt_id(1))), Ok(()));
    assert_eq!(ask(&neighbours, &question(&Means::CreditLimit)), Ok(()));
}

#[test]
fn an_unknown_attempt_with_the_same_card_and_amount_blocks_however_old() {
    let neighbours = with_card(earlier(&Story::unknown(finrota())));
    let same = means();
    let year_later = Question { now: START.after(Millis::days(365)), ..question(&same) };
    let block = ask(&neighbours, &year_later).unwrap_err();
    assert!(matches!(block, Block::SameCardUnknown(_)));
    assert!(ask(&neighbours, &Question { twin_confirmed: true, ..question(&same) }).is_err());
    assert_eq!(ask(&neighbours, &overriding(&same, attempt_id(1))), Ok(()));
    assert!(ask(&neighbours, &overriding(&same, attempt_id(2))).is_err());
    let other = Question { base: Some(lira(1)), ..question(&same) };
    assert_eq!(ask(&neighbours, &other), Ok(()), "another amount");
    assert_eq!(ask(&neighbours, &question(&other_card())), Ok(()), "another card");
    assert!(ask(&with_card(earlier(&set_aside())), &question(&same)).is_err(), "set aside counts as unknown");
}

#[test]
fn eight_and_six_first_digits_of_one_card_are_one_card() {
    let mut six = earlier(&Story::unknown(finrota()));
    six.card = Some(card("415565", "6111"));
    assert!(ask(&with_card(six), &question(&means())).is_err());
    let mut other_end = earlier(&Story::unknown(finrota()));
    other_end.card = Some(card("41556501", "6112"));
    assert_eq!(ask(&with_card(other_end), &question(&means())), Ok(()));
}

#[test]
fn the_same_card_approved_within_ten_minutes_asks_the_cashier() {
    let story = approved(finrota());
    let neighbours = with_card(earlier(&story));
    let same = means();
    let after = |millis: Millis| Question { now: story.attempt.since.after(millis), ..question(&same) };
    let block = ask(&neighbours, &after(Millis::minutes(10))).unwrap_err();
    assert!(matches!(block, Block::Twin(_)) && !block.can_be_overridden());
    assert_eq!(ask(&neighbours, &after(Millis(600_001))), Ok(()));
    let confirmed = Question { twin_confirmed: true, ..after(Millis::minutes(1)) };
    assert_eq!(ask(&neighbours, &confirmed), Ok(()));
    assert_eq!(ask(&neighbours, &Question { base: Some(lira(1)), ..after(Millis::minutes(1)) }), Ok(()));
}

#[test]
fn ten_minutes_count_from_the_approval_not_from_the_opening() {
    let slow = Story::at_bank(finrota()).then(599, read(paid(), at(598)));
    let same = means();
    let question = Question { now: at(700), ..question(&same) };
    assert!(matches!(ask(&with_card(earlier(&slow)), &question), Err(Block::Twin(_))));
}

#[test]
fn three_open_attempts_are_as_many_as_a_desk_can_watch() {
    let open = |open| Neighbours { open, ..Neighbours::default() };
    assert_eq!(ask(&open(2), &question(&means())), Ok(()));
    let block = ask(&open(3), &question(&means())).unwrap_err();
    assert_eq!((block.earlier(), &block), (None, &Block::TooManyOpen { open: 3 }));
}
