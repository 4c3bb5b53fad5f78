//! What a window is shown beside the outcome, and what it may ask while a payment is still being keyed in.

use vezne_core::account::{PagePlace, StatusQuery};
use vezne_core::guard::Block;
use vezne_core::time::Millis;
use vezne_till::{Change, GuardQuestion, PayError, PayRequest};

use crate::support::*;

fn question(request: &PayRequest) -> GuardQuestion {
    let PayRequest { account, subject, amount, .. } = request;
    GuardQuestion { account: account.clone(), subject: subject.clone(), amount: *amount }
}

#[tokio::test(start_paused = true)]
async fn the_guard_tells_of_the_earlier_attempt_before_a_card_is_known_and_asks_nobody() {
    let rig = Rig::start().await;
    let till = rig.till();
    assert!(matches!(till.guard(question(&booking("R-1", 100))).await, Ok(None)));
    let mut request = booking("R-1", 100);
    request.operator = Some(operator("Ali", vezne_core::rights::Role::Cashier, 7).id);
    rig.finrota.status.always(paid_transaction);
    let paid = rig.pay_until(request, "approved").await;
    rig.log.clear();
    let block = till.guard(question(&booking(" r-1 ", 200))).await.unwrap();
    let Some(Block::AlreadyPaid { earlier, .. }) = block else { panic!("{block:?}") };
    assert_eq!((earlier.attempt, earlier.payment, earlier.operator), (paid.attempt, paid.payment, paid.operator));
    assert!(matches!(till.guard(question(&booking("R-2", 100))).await, Ok(None)), "another booking");
    assert_eq!(rig.log.lines(), Vec::<String>::new(), "nothing is asked, nothing is written");
}

#[tokio::test(start_paused = true)]
async fn the_guard_says_when_the_account_does_not_fit_the_question() {
    let rig = Rig::start().await;
    let mut wrong = question(&booking("R-1", 100));
    wrong.account = "yolcu360".parse().unwrap();
    assert!(matches!(rig.till().guard(wrong.clone()).await, Err(PayError::WrongSubject(_))));
    wrong.account = "gone".parse().unwrap();
    assert!(matches!(rig.till().guard(wrong).await, Err(PayError::UnknownAccount)));
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_loaded_anew_is_told_of_the_open_attempts_newest_first() {
    let rig = Rig::start().await;
    rig.finrota.status.always(pending_transaction);
    let mut open = Vec::new();
    for reference in ["R-1", "R-2"] {
        rig.finrota.pay.then(|_| challenge());
        let mut request = booking(reference, 100);
        request.means = by_card(if reference == "R-1" { VISA } else { MASTERCARD });
        open.insert(0, rig.pay_until(request, "at_bank").await.attempt);
        rig.pass(1).await;
    }
    rig.finrota.pay.then(|_| failure());
    rig.finrota.status.always(failed_transaction);
    let mut request = booking("R-3", 100);
    request.means = by_card(THIRD_CARD);
    rig.pay_until(request, "declined").await;
    let told: Vec<_> = rig.till().open_attempts().await.iter().map(|view| view.attempt).collect();
    assert_eq!(told, open);
}

#[tokio::test(start_paused = true)]
async fn until_when_the_card_is_kept_is_shown_and_that_it_is_wiped_is_told() {
    for by_lock in [true, false] {
        let rig = Rig::start().await;
        rig.finrota.pay.then(|_| failure());
        rig.finrota.status.always(failed_transaction);
        let view = rig.pay_until(booking("R-1", 100), "declined").await;
        assert_eq!(view.same_card_until, Some(view.since.after(Millis::seconds(120))));
        // Whatever else there is to ask about it is asked in this time.
        rig.pass(100).await;
        let mut changes = rig.till().changes();
        if by_lock {
            rig.till().forget_cards().await;
        }
        rig.pass(20).await;
        let told = changes.try_recv().expect("the wiping is told");
        let Change::Attempt(told) = told else { panic!("{told:?}") };
        assert_eq!((told.attempt, told.same_card_until), (view.attempt, None), "by lock: {by_lock}");
        assert_eq!(rig.view(view.attempt).await.same_card_until, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_view_says_which_account_it_is_and_whether_it_can_be_asked_about() {
    for off in [true, false] {
        let mut rig = Rig::start_with(|rig| {
            if off {
                rig.finrota_account.terms.status_query = StatusQuery::Off;
            }
        })
        .await;
        let view = rig.pay_until(booking("R-1", 100), "approved").await;
        assert_eq!(view.account_id, rig.finrota_account.reference.id);
        assert_eq!((view.can_be_asked, view.set_aside), (!off, false));
        rig.finrota_account.reference.endpoint.key_fingerprint = "other".to_owned();
        rig.restart().await;
        assert!(!rig.view(view.attempt).await.can_be_asked, "the account points elsewhere now");
    }
}

#[tokio::test(start_paused = true)]
async fn a_view_says_where_the_banks_page_is_shown() {
    let rig = Rig::start().await;
    let mut request = booking("R-1", 100);
    request.page = Some(PagePlace::Browser);
    assert_eq!(rig.pay_until(request, "approved").await.place, PagePlace::Browser);
    assert_eq!(rig.pay_until(order("order_1"), "approved").await.place, PagePlace::Window);
    assert_eq!(*rig.pages.places.lock().unwrap(), [PagePlace::Browser, PagePlace::Window], "so are return addresses");
}
