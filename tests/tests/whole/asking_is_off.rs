//! Accounts whose status nobody can ask: what an answer, a return and a second sign are worth there.

use std::thread;

use vezne_sandbox::Gateway;
use vezne_tests::desk::{AtTheBank, Desk, Wishes};
use vezne_tests::run::Ended;
use vezne_tests::sale::{Sale, assert_counts, assert_said, from_limit, reason, said};

/// A desk without status queries; `return_settles` is what the accounts' owner decided.
fn desk(return_settles: bool) -> Desk {
    let keys = format!("status_query = false\nreturn_settles = {return_settles}\n");
    Desk::with(Wishes { counter: keys.clone(), agency: keys, ..Wishes::default() })
}

#[track_caller]
fn assert_unconfirmed(ended: &Ended, evidence: &str) {
    let last = ended.last();
    let unconfirmed = last.get("unconfirmed").and_then(serde_json::Value::as_bool);
    assert_eq!((unconfirmed, said(ended).3.as_str()), (Some(true), evidence), "{ended:#?}");
}

#[test]
fn a_direct_answer_is_believed_and_marked_unconfirmed() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = desk(false);
        let ended = Sale::of(gateway, "without_3d").play(&desk);
        assert_said(&ended, 0, "approved", "direct success");
        assert_unconfirmed(&ended, "pay_answer");
        assert_counts(&desk, 1, 1);
        let desk = self::desk(false);
        assert_said(&Sale::of(gateway, "decline_2001_200").play(&desk), 10, "declined", "direct failure");
        assert_counts(&desk, 1, 0);
    }
    let desk = desk(false);
    let ended = from_limit(&desk, "order_1002");
    assert_said(&ended, 0, "approved", "limit");
    assert_unconfirmed(&ended, "pay_answer");
}

#[test]
fn a_return_alone_settles_nothing() {
    let desk = desk(false);
    let ended = Sale::of(Gateway::Finrota, "return_302").play(&desk);
    assert_said(&ended, 20, "unknown", "nobody can confirm it");
    assert_eq!(reason(&ended).0, "only_the_return_said_success");
    assert_counts(&desk, 1, 1);
}

#[test]
fn a_return_settles_where_the_owner_said_so_and_is_marked_unconfirmed() {
    let desk = desk(true);
    let ended = Sale::of(Gateway::Finrota, "return_302").play(&desk);
    assert_said(&ended, 0, "approved", "the owner trusts returns");
    assert_unconfirmed(&ended, "return_alone");
    assert_counts(&desk, 1, 1);
    let desk = self::desk(true);
    let ended = Sale::of(Gateway::Finrota, "return_302").at_the_bank(AtTheBank::Cancels).play(&desk);
    assert_said(&ended, 10, "declined", "the owner trusts returns");
    assert_counts(&desk, 1, 0);
}

#[test]
fn an_order_that_is_gone_after_a_return_of_success_is_approved_unconfirmed() {
    let desk = desk(false);
    let ended = Sale::of(Gateway::Yolcu360, "return_script").play(&desk);
    assert_said(&ended, 0, "approved", "success, and no more options for the order");
    assert_unconfirmed(&ended, "return_and_probe");
    assert_counts(&desk, 1, 1);
}

#[test]
fn a_forged_success_is_never_approved_where_nobody_can_be_asked() {
    // Yolcu360 is given its time for a second sign, the longest wait of all tests; so the other goes beside it.
    thread::scope(|scope| {
        for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
            scope.spawn(move || {
                let desk = desk(false);
                let ended = Sale::of(gateway, "return_302").at_the_bank(AtTheBank::Forges).play(&desk);
                assert_said(&ended, 20, "unknown", "the return is forged");
                assert_counts(&desk, 1, 0);
            });
        }
    });
}
