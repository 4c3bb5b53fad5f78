//! Who may do what.

use vezne_core::answers::ReversalAnswer;
use vezne_core::record::Record;
use vezne_core::reversal::{Kind, Reversal};
use vezne_core::rights::{Act, Role};
use vezne_core::status::Seen;
use vezne_till::{
    PayError, PayMeans, PayRequest, PortalReturn, ReversalVerdict, ReverseError, ReverseRequest, ReverseSize,
    SettleError, Verdict,
};

use crate::support::*;

fn without_3ds() -> PayRequest {
    let mut request = booking("R-1", 54_500);
    request.means = PayMeans::Card { card: Box::new(card(VISA)), choice: choice(1), shown: None, three_ds: false };
    request
}

fn rights_used(rig: &Rig) -> Vec<Act> {
    let act = |record: &Record| {
        let Record::RightUsed { act, .. } = record else { return None };
        Some(*act)
    };
    rig.journal.lines().iter().filter_map(|(_, record)| act(record)).collect()
}

#[tokio::test(start_paused = true)]
async fn without_3d_secure_a_supervisor_must_agree() {
    let rig = Rig::start().await;
    let error = rig.till().pay(without_3ds()).await.unwrap_err();
    assert!(matches!(error, PayError::NeedsSupervisor(Act::TakeWithout3ds)), "{error:?}");
    for (name, pin) in [("Şefika", "0000"), ("Nobody", "1234")] {
        let mut request = without_3ds();
        request.authority = Some(authority(name, pin));
        let error = rig.till().pay(request).await.unwrap_err();
        assert!(matches!(error, PayError::NotASupervisor), "{error:?}");
    }
    assert_eq!((rig.finrota.pay.count(), rights_used(&rig)), (0, vec![]));
    let mut request = without_3ds();
    request.authority = Some(authority("  şEFİKA ", "1234"));
    rig.pay_until(request, "approved").await;
    assert_eq!(rights_used(&rig), [Act::TakeWithout3ds]);
}

#[tokio::test(start_paused = true)]
async fn a_right_that_was_not_needed_is_not_written_down_as_used() {
    let rig = Rig::start().await;
    let mut request = booking("R-1", 54_500);
    request.authority = Some(supervisor());
    rig.pay_until(request, "approved").await;
    assert_eq!(rights_used(&rig), []);
}

#[tokio::test(start_paused = true)]
async fn a_cashiers_pin_is_no_supervisors() {
    let rig = Rig::start().await;
    rig.till().add_operator(operator("Can", Role::Cashier, 2), Some(supervisor())).await.unwrap();
    let mut request = without_3ds();
    request.authority = Some(authority("Can", "1234"));
    assert!(matches!(rig.till().pay(request).await.unwrap_err(), PayError::NotASupervisor));
}

#[tokio::test(start_paused = true)]
async fn a_cashiers_right_pin_gives_no_money_back_and_settles_nothing() {
    let rig = Rig::start().await;
    rig.till().add_operator(operator("Can", Role::Cashier, 2), Some(supervisor())).await.unwrap();
    let can = || authority("Can", "1234");
    rig.finrota.before_reversal.always(|_| Ok(remaining(54_500)));
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    let request = |kind, authority| ReverseRequest {
        payment: view.payment,
        attempt: Some(view.attempt),
        kind,
        size: ReverseSize::Whole,
        shown_left: None,
        authority,
    };
    for kind in [Kind::Void, Kind::Refund] {
        let error = rig.till().reverse(request(kind, can())).await.unwrap_err();
        assert!(matches!(error, ReverseError::NotASupervisor), "{error:?}");
    }
    let portal = PortalReturn {
        payment: view.payment,
        attempt: Some(view.attempt),
        kind: Kind::Refund,
        size: ReverseSize::Whole,
        shown_left: None,
        saw: "portal 4711".parse().unwrap(),
        authority: can(),
    };
    let error = rig.till().record_return(portal).await.unwrap_err();
    assert!(matches!(error, ReverseError::NotASupervisor), "{error:?}");
    assert_eq!((rig.finrota.before_reversal.count(), rig.finrota.reverse.count()), (0, 0), "nobody was even asked");

    rig.finrota.reverse.then(|_| ReversalAnswer::Done { last_amount: Some(lira(100)) });
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(100)), Seen::default()));
    let back = rig.till().reverse(request(Kind::Refund, supervisor())).await.unwrap();
    rig.until_reversal(back.reversal, "unknown").await;
    let say = |verdict, authority| rig.till().settle_reversal(back.reversal, verdict, authority, slip());
    for verdict in [ReversalVerdict::Done, ReversalVerdict::NotDone] {
        assert!(matches!(say(verdict, can()).await.unwrap_err(), SettleError::NotASupervisor));
    }
    // Settled by asking, with the alarm still standing: neither is that a cashier's to answer, nor the counter-entry.
    rig.finrota.reversal_status.always(|one: &Reversal| one.read_remaining(Some(lira(0)), Seen::default()));
    rig.until_reversal(back.reversal, "done").await;
    for verdict in [ReversalVerdict::Seen, ReversalVerdict::NotDone] {
        assert!(matches!(say(verdict, can()).await.unwrap_err(), SettleError::NotASupervisor));
    }
    assert!(rig.reversal(back.reversal).await.needs_attention);
    assert!(!say(ReversalVerdict::Seen, supervisor()).await.unwrap().needs_attention);
}

#[tokio::test(start_paused = true)]
async fn a_supervisors_word_needs_a_supervisor() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    for (name, pin) in [("Şefika", "12345"), ("", "1234")] {
        let mut request = verdict(view.attempt, Verdict::Declined);
        request.authority = authority(name, pin);
        assert!(matches!(rig.till().settle(request).await.unwrap_err(), SettleError::NotASupervisor));
    }
    assert_eq!(rig.view(view.attempt).await.state, "unknown");
}

#[tokio::test(start_paused = true)]
async fn the_first_operator_needs_nobody_and_later_ones_a_supervisor() {
    let rig = Rig::start().await;
    let add = |authority| rig.till().add_operator(operator("Can", Role::Cashier, 2), authority);
    assert!(matches!(add(None).await.unwrap_err(), SettleError::NotASupervisor));
    assert!(matches!(add(Some(authority("Şefika", "9"))).await.unwrap_err(), SettleError::NotASupervisor));
    add(Some(supervisor())).await.unwrap();
    assert_eq!(rights_used(&rig), [Act::AddOperator]);
    let by_cashier = rig.till().add_operator(operator("Efe", Role::Cashier, 3), Some(authority("Can", "1234"))).await;
    assert!(matches!(by_cashier.unwrap_err(), SettleError::NotASupervisor));
}

#[tokio::test(start_paused = true)]
async fn when_every_supervisors_pin_is_lost_with_its_key_a_new_one_needs_nobody() {
    let rig = Rig::start().await;
    let add = |name, number| rig.till().add_operator(operator(name, Role::Supervisor, number), None);
    let added = add("Yeni", 7).await;
    assert!(matches!(added, Err(SettleError::NotASupervisor)), "one whose PIN can be checked must agree");
    rig.journal.lose_pins(LOST);
    add("Yeni", 7).await.unwrap();
    let added = add("Biri", 8).await;
    assert!(matches!(added, Err(SettleError::NotASupervisor)), "the new one must agree from now on");
}

#[tokio::test(start_paused = true)]
async fn a_name_is_taken_however_it_is_written() {
    let rig = Rig::start().await;
    rig.till().add_operator(operator("Işıl İnci", Role::Cashier, 2), Some(supervisor())).await.unwrap();
    for name in ["Işıl İnci", "IŞIL İNCİ", "ışıl inci", " işil ınci "] {
        let error = rig.till().add_operator(operator(name, Role::Cashier, 3), Some(supervisor())).await.unwrap_err();
        assert!(matches!(error, SettleError::NameTaken), "{name}: {error:?}");
    }
    rig.till().add_operator(operator("Işıl İnce", Role::Cashier, 3), Some(supervisor())).await.unwrap();
}
