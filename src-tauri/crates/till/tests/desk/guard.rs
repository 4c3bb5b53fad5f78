//! Two at once, and how many.

use vezne_core::answers::{CouldNotAsk, StatusAnswer};
use vezne_core::guard::Block;
use vezne_core::ports::{Clock, MissingSpan, ReadFault};
use vezne_core::record::Record;
use vezne_core::reference::Part;
use vezne_core::rights::Act;
use vezne_core::time::Millis;
use vezne_till::PayError;

use crate::support::*;

fn blocked(error: PayError) -> Block {
    let PayError::Blocked(block) = error else { panic!("not blocked: {error:?}") };
    *block
}

#[tokio::test(start_paused = true)]
async fn of_two_clicks_on_one_reference_one_goes_and_the_other_is_blocked() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let (one, two) = tokio::join!(rig.till().pay(booking("R-1", 54_500)), rig.till().pay(booking(" r-1 ", 54_500)));
    assert_eq!(one.is_ok(), two.is_err());
    let block = blocked(one.err().or(two.err()).unwrap());
    assert!(matches!(block, Block::OpenOrUnknown(_)), "{block:?}");
    gate.release();
    rig.pass(1).await;
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_clicks_on_one_order_one_goes_and_the_other_is_blocked() {
    let rig = Rig::start().await;
    let gate = rig.yolcu.pay.then_held(|_| success());
    let (one, two) = tokio::join!(rig.till().pay(order("order_1")), rig.till().pay(order("order_1")));
    let block = blocked(one.err().or(two.err()).unwrap());
    assert!(matches!(block, Block::OpenOrUnknown(_)), "{block:?}");
    gate.release();
    rig.pass(1).await;
    assert_eq!(rig.yolcu.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn when_somebody_was_quicker_between_the_look_and_the_write_the_index_has_the_last_word() {
    let rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    rig.begin(booking("R-1", 54_500)).await;
    // Neither before the options are asked for nor after.
    rig.journal.guard_sees_nothing(2);
    let error = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
    assert!(matches!(blocked(error), Block::OpenOrUnknown(_)));
    rig.log.assert_order(&["disk refused: ready"]);
    gate.release();
    rig.pass(1).await;
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn three_are_open_at_once_and_the_fourth_is_refused() {
    let rig = Rig::start().await;
    rig.finrota.pay.always(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    for (reference, kurus) in [("R-1", 100), ("R-2", 200), ("R-3", 300)] {
        rig.pay_until(booking(reference, kurus), "at_bank").await;
    }
    let block = blocked(rig.till().pay(booking("R-4", 400)).await.unwrap_err());
    assert_eq!(block, Block::TooManyOpen { open: 3 });
    assert_eq!(rig.finrota.pay.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_next_customer_is_served_while_a_call_hangs_for_100_seconds() {
    let rig = Rig::start().await;
    rig.finrota.pay.then_after(100, |_| success());
    let slow = rig.begin(booking("R-1", 54_500)).await;
    rig.until(slow, "sending").await;
    let mut request = booking("R-2", 100);
    request.means = by_card(MASTERCARD);
    rig.pay_until(request, "approved").await;
    assert_eq!(rig.clock.elapsed(), 0, "without waiting for the slow one");
    rig.until(slow, "approved").await;
    assert_eq!(rig.clock.elapsed(), 100_000);
}

#[tokio::test(start_paused = true)]
async fn options_that_hang_stop_nobody_else() {
    let rig = Rig::start().await;
    let gate = rig.finrota.options.then_held(|_| Err(ReadFault::NotFound));
    let slow = rig.till().clone();
    let slow = tokio::spawn(async move { slow.pay(booking("R-1", 54_500)).await });
    settle_down().await;
    rig.pay_until(order("order_1"), "approved").await;
    gate.release();
    assert!(slow.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn what_is_paid_is_paid_again_only_with_a_supervisors_override_and_that_once() {
    let rig = Rig::start().await;
    let paid = rig.pay_until(booking("R-1", 54_500), "approved").await;
    let again = || {
        let mut request = booking("R-1", 54_500);
        request.means = by_card(MASTERCARD);
        request
    };
    assert!(matches!(blocked(rig.till().pay(again()).await.unwrap_err()), Block::AlreadyPaid { .. }));
    let mut alone = again();
    alone.overrides = Some(paid.attempt);
    let error = rig.till().pay(alone).await.unwrap_err();
    assert!(matches!(error, PayError::NeedsSupervisor(Act::OverrideGuard)), "{error:?}");
    let with_supervisor = || {
        let mut request = again();
        request.overrides = Some(paid.attempt);
        request.authority = Some(supervisor());
        request
    };
    let second = rig.pay_until(with_supervisor(), "approved").await;
    assert_ne!(second.payment, paid.payment, "a paid debt is not gone on with");
    let third = rig.till().pay(with_supervisor()).await.unwrap_err();
    assert!(matches!(blocked(third), Block::AlreadyPaid { .. }));
    assert_eq!(rig.finrota.pay.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_further_part_is_paid_and_a_part_twice_is_not() {
    let rig = Rig::start().await;
    let part = |part, card| {
        let mut request = booking("R-1", 54_500);
        if let vezne_core::attempt::Subject::Reference { part: of, .. } = &mut request.subject {
            *of = Some(part);
        }
        request.means = by_card(card);
        request.twin_confirmed = true;
        request
    };
    let one = rig.pay_until(part(Part::Rental, VISA), "approved").await;
    let two = rig.pay_until(part(Part::Deposit, VISA), "approved").await;
    assert_ne!(one.payment, two.payment);
    let error = rig.till().pay(part(Part::Deposit, MASTERCARD)).await.unwrap_err();
    let Block::AlreadyPaid { paid, .. } = blocked(error) else { panic!("a part is paid once") };
    assert_eq!(paid, Some(lira(109_000)));
}

#[tokio::test(start_paused = true)]
async fn the_same_card_and_amount_a_moment_later_asks_the_cashier() {
    let rig = Rig::start().await;
    rig.pay_until(booking("R-1", 54_500), "approved").await;
    let error = rig.till().pay(booking("R-2", 54_500)).await.unwrap_err();
    assert!(matches!(blocked(error), Block::Twin(_)));
    let mut request = booking("R-2", 54_500);
    request.twin_confirmed = true;
    rig.pay_until(request, "approved").await;
    rig.pass(601).await;
    rig.pay_until(booking("R-3", 54_500), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_payment_with_this_card_and_amount_blocks_other_references_until_an_override_names_it() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let unknown = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    rig.pass(86_400).await;
    let error = rig.till().pay(booking("R-2", 54_500)).await.unwrap_err();
    assert!(matches!(blocked(error), Block::SameCardUnknown(_)));
    let mut request = booking("R-2", 54_500);
    request.overrides = Some(unknown.attempt);
    request.authority = Some(supervisor());
    rig.finrota.status.always(|attempt| match attempt.intent.overrides {
        Some(_) => paid_transaction(attempt),
        None => pending_transaction(attempt),
    });
    rig.pay_until(request, "approved").await;
    let mut on_itself = booking("R-1", 54_500);
    on_itself.overrides = Some(unknown.attempt);
    on_itself.authority = Some(supervisor());
    let error = rig.till().pay(on_itself).await.unwrap_err();
    assert!(matches!(blocked(error), Block::OpenOrUnknown(_)), "nothing releases its own key");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_does_not_fit_the_account_is_refused_before_anybody_is_asked() {
    let rig = Rig::start_with(|rig| {
        rig.finrota_account.confirm_above = Some(lira(100_000));
        rig.yolcu_account.credit_limit = false;
    })
    .await;
    let refused = |request| async {
        let error = rig.till().pay(request).await.unwrap_err();
        format!("{error:?}").split(['(', ' ', '{']).next().unwrap().to_owned()
    };
    let with = |change: &dyn Fn(&mut vezne_till::PayRequest)| {
        let mut request = booking("R-1", 54_500);
        change(&mut request);
        request
    };
    let dollars = vezne_core::money::Money::from_minor(100, vezne_core::money::Currency::USD);
    assert_eq!(refused(with(&|r| r.account = "nobody".parse().unwrap())).await, "UnknownAccount");
    assert_eq!(refused(with(&|r| r.subject = order("o").subject)).await, "WrongSubject");
    assert_eq!(refused(with(&|r| r.account = "yolcu360".parse().unwrap())).await, "WrongSubject");
    assert_eq!(refused(with(&|r| r.amount = None)).await, "WrongSubject");
    assert_eq!(refused(with(&|r| r.amount = Some(dollars))).await, "CurrencyNotTaken");
    assert_eq!(refused(booking("R-1", 100_001)).await, "TypeTwice");
    let mut by_limit = order("order_1");
    by_limit.means = vezne_till::PayMeans::CreditLimit;
    assert_eq!(refused(by_limit).await, "NoCreditLimit");
    assert!(rig.log.lines().is_empty(), "{:?}", rig.log.lines());
    let mut typed_twice = booking("R-1", 100_001);
    typed_twice.amount_again = Some(lira(100_001));
    rig.pay_until(typed_twice, "approved").await;
}

/// A backup was restored: what was paid since it was made can't be seen here (`RULES.md` 8).
async fn restored(mut rig: Rig) -> Rig {
    let from = rig.clock.now();
    rig.journal.miss(MissingSpan { from, until: from.after(Millis::hours(1)) });
    rig.restart().await;
    rig
}

#[tokio::test(start_paused = true)]
async fn after_a_restored_backup_a_reference_needs_a_supervisor_who_is_written_down() {
    let rig = restored(Rig::start().await).await;
    let error = rig.till().pay(booking("R-1", 54_500)).await.unwrap_err();
    assert!(matches!(error, PayError::SpanMissing { .. }), "{error:?}");
    assert_eq!(rig.finrota.options.count(), 0);
    let mut request = booking("R-1", 54_500);
    request.authority = Some(supervisor());
    rig.pay_until(request, "approved").await;
    let used = |record: &Record| matches!(record, Record::RightUsed { act: Act::OverrideGuard, .. });
    assert_eq!(rig.journal.lines().iter().filter(|(_, record)| used(record)).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_restored_backup_an_order_is_paid_on_its_own_word_and_on_nothing_less() {
    let rig = restored(Rig::start().await).await;
    rig.yolcu.order.then(|_| Err(ReadFault::CouldNotAsk(CouldNotAsk::TimedOut)));
    let view = rig.pay_until(order("order_1"), "refused").await;
    assert_eq!(view.reason.unwrap().code, "order_unreadable", "options of a moment ago do not stand in now");
    rig.pay_until(order("order_2"), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_begun_behind_a_front_that_went_away_while_it_waited_for_the_options() {
    let rig = Rig::start().await;
    let gate = rig.finrota.options.then_held({
        let clock = std::sync::Arc::clone(&rig.clock);
        move |question| Ok((list_for(question, &clock), vezne_core::ports::OptionsTicket(7)))
    });
    let till = rig.till().clone();
    let front = tokio::spawn(async move { till.pay(booking("R-1", 54_500)).await });
    settle_down().await;
    assert_eq!(rig.finrota.options.count(), 1);
    front.abort();
    assert!(front.await.unwrap_err().is_cancelled());
    gate.release();
    rig.pass(60).await;
    assert_eq!(rig.log.lines(), ["gateway: options"], "nothing is opened, nothing is got ready, nothing is sent");
    rig.pay_until(booking("R-1", 54_500), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_the_way_is_said_before_the_gateway_is_asked_for_options() {
    let answers: [(fn() -> _, _); 2] = [(success, "approved"), (timed_out, "unknown")];
    for (answer, state) in answers {
        let rig = Rig::start().await;
        rig.finrota.pay.then(move |_| answer());
        rig.yolcu.pay.then(move |_| answer());
        if state == "unknown" {
            rig.finrota.status.always(pending_transaction);
            rig.yolcu.status.always(|_| StatusAnswer::CouldNotAsk(CouldNotAsk::Offline));
        }
        rig.pay_until(booking("R-1", 54_500), state).await;
        let mut other_card = order("order_1");
        other_card.means = by_card(MASTERCARD);
        rig.pay_until(other_card, state).await;
        rig.log.clear();
        for request in [booking("R-1", 54_500), order("order_1")] {
            let block = blocked(rig.till().pay(request).await.unwrap_err());
            assert!(matches!(block, Block::AlreadyPaid { .. } | Block::OpenOrUnknown(_)), "{block:?}");
        }
        assert_eq!(rig.log.count("gateway: options"), 0, "{state}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_kept_card_is_given_back_when_the_guard_stands_in_the_way() {
    let rig = Rig::start().await;
    rig.finrota.status.always(|attempt| match attempt.intent.base.unwrap().minor() {
        100 => paid_transaction(attempt),
        _ => failed_transaction(attempt),
    });
    let mut other = booking("R-2", 100);
    other.means = by_card(MASTERCARD);
    rig.pay_until(other, "approved").await;
    rig.finrota.pay.then(|_| failure());
    let declined = rig.pay_until(booking("R-1", 54_500), "declined").await;
    let held = rig.till().hold_again(declined.attempt, new_cvc()).await.unwrap();
    let again = |reference, kurus| {
        let mut request = booking(reference, kurus);
        request.means = by_held(held);
        request
    };
    let block = blocked(rig.till().pay(again("R-2", 100)).await.unwrap_err());
    assert!(matches!(block, Block::AlreadyPaid { .. }), "{block:?}");
    rig.finrota.status.always(paid_transaction);
    rig.pay_until(again("R-1", 54_500), "approved").await;
}

#[tokio::test(start_paused = true)]
async fn after_a_restored_backup_no_right_is_written_down_for_an_order_that_needs_none() {
    let rig = restored(Rig::start().await).await;
    let mut request = order("order_1");
    request.authority = Some(supervisor());
    rig.pay_until(request, "approved").await;
    let used = |record: &Record| matches!(record, Record::RightUsed { .. });
    assert!(!rig.journal.lines().iter().any(|(_, record)| used(record)));
}
