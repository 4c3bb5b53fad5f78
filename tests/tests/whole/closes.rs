//! The day close: the real `veznectl` over a real file, at times of day that it is told.

use serde_json::Value;
use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{AtTheBank, COUNTER, Desk, Wishes, card, card_of};
use vezne_tests::run::{Ended, wait_for};

fn in_zone(zone: &str) -> Desk {
    let usual = Wishes::default();
    Desk::with(Wishes { timeouts: format!("{}[desk]\ntimezone = \"{zone}\"\n", usual.timeouts), ..usual })
}

fn pay(desk: &Desk, reference: &str, amount: &str, scene: &str) -> Ended {
    let words = [
        "pay",
        "--account",
        COUNTER,
        "--reference",
        reference,
        "--amount",
        amount,
        "--currency",
        "TRY",
        "--card-stdin",
    ];
    desk.run(&words, &card(card_of(scene)))
}

#[track_caller]
fn close(desk: &Desk) -> Value {
    let closed = desk.run(&["close"], "");
    assert_eq!(closed.code(), 0, "{closed:#?}");
    closed.last()
}

/// The gateway answers no question until the faults are cleared.
fn hush(desk: &Desk) {
    let busy = Fault::Status { status: 503, body: None, when: When::Before };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, busy));
}

#[test]
fn a_day_is_closed_with_unknowns_listed_and_settled_in_the_next_close() {
    let desk = Desk::open();
    assert_eq!(pay(&desk, "RES-1", "545.00", "without_3d").code(), 0);
    assert_eq!(pay(&desk, "RES-2", "80.00", "decline_2001_402").code(), 10);
    hush(&desk);
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Cut { at: vezne_sandbox::CutPoint::AfterExecuting }));
    assert_eq!(pay(&desk, "RES-3", "200.00", "without_3d").code(), 20);
    let first = close(&desk);
    assert_eq!((&first["close"], &first["unknown"]), (&1.into(), &1.into()), "{first}");
    let total = &first["totals"][0];
    assert_eq!(
        (&total["approved"]["amount"], &total["declined"]["count"], &total["net"]),
        (&"545.00".into(), &1.into(), &"545.00".into())
    );
    desk.sandbox().clear_faults();
    // Any program that opens the desk asks about it; then it stands in the next close.
    let asked = desk.run(
        &[
            "ask",
            first["lines"].as_array().unwrap().iter().find(|line| line["section"] == "open").unwrap()["payment"]
                .as_str()
                .unwrap(),
        ],
        "",
    );
    assert_eq!(asked.code(), 0, "{asked:#?}");
    let second = close(&desk);
    assert_eq!(
        (&second["close"], &second["unknown"], &second["totals"][0]["net"]),
        (&2.into(), &0.into(), &"200.00".into())
    );
    let late: Vec<&Value> =
        second["lines"].as_array().unwrap().iter().filter(|line| line["section"] == "settled_since").collect();
    assert_eq!((late.len(), &late[0]["subject"]), (1, &"RES-3".into()), "{second}");
    // A day without anything is closed too, and earlier ones are told as they were made.
    assert_eq!(close(&desk)["totals"], Value::Array(Vec::new()));
    let shown = desk.run(&["close", "show", "1"], "").last();
    assert_eq!((&shown["anchor"], &shown["lines"]), (&first["anchor"], &first["lines"]));
    let listed = desk.run(&["close", "list"], "");
    assert_eq!(listed.stdout.lines().count(), 3);
    assert_eq!(desk.run(&["close", "show", "9"], "").code(), 40);
}

#[test]
fn a_printed_anchor_holds_as_long_as_the_journal_says_what_it_said() {
    let desk = Desk::open();
    assert_eq!(pay(&desk, "RES-1", "545.00", "without_3d").code(), 0);
    let anchor = close(&desk)["anchor"].as_str().unwrap().to_owned();
    let verify = |anchor: &str| desk.run(&["journal", "verify", "--anchor", anchor], "");
    let held = verify(&anchor.to_lowercase());
    assert_eq!((held.code(), &held.last()["holds"]), (0, &true.into()), "{held:#?}");
    let last = anchor.chars().last().unwrap();
    let other = format!("{}{}", anchor.trim_end_matches(last), if last == '0' { '1' } else { '0' });
    assert_eq!(verify(&other).code(), 1);
    assert_eq!(verify(&anchor.replacen('1', "7", 1)).code(), 1, "there is no close 7");
    assert_eq!(verify("nothing").code(), 40);
}

#[test]
fn a_comparison_finds_what_the_gateway_has_otherwise_and_keeps_it_with_the_close() {
    let desk = Desk::open();
    for (reference, amount) in [("RES-1", "545.00"), ("RES-2", "120.00")] {
        assert_eq!(pay(&desk, reference, amount, "without_3d").code(), 0);
    }
    close(&desk);
    let agrees = desk.run(&["close", "compare", "1"], "");
    assert_eq!((agrees.code(), &agrees.last()["agreed"]), (0, &2.into()), "{agrees:#?}");
    // Two tries each, and then nothing is known there of one of them.
    let nothing = Fault::Status { status: 404, body: None, when: When::Before };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, nothing));
    let differs = desk.run(&["close", "compare", "1"], "");
    assert_eq!(differs.code(), 1, "{differs:#?}");
    let found = differs.last()["differences"].clone();
    assert!(found.as_array().unwrap().iter().any(|one| one["finding"] == "missing_there"), "{found}");
    let kept = desk.run(&["close", "show", "1"], "").last();
    assert_eq!(kept["comparisons"].as_array().unwrap().len(), 2);
    assert_eq!(desk.run(&["close", "compare", "4"], "").code(), 40);
    assert_eq!(desk.run(&["journal", "verify"], "").code(), 0);
}

#[test]
fn on_the_days_on_which_berlins_clocks_change_each_close_has_the_day_on_the_wall() {
    // 02:30 comes twice on one of them and not at all on the other.
    for (day, times, last) in [
        ("2026-10-25", ["2026-10-25 00:30:00", "2026-10-25 01:30:00"], "2026-10-25 22:59:30"),
        ("2026-03-29", ["2026-03-29 00:30:00", "2026-03-29 01:30:00"], "2026-03-29 21:59:30"),
    ] {
        let desk = in_zone("Europe/Berlin");
        for (number, moment) in times.iter().enumerate() {
            desk.set_clock(moment);
            let paid = pay(&desk, &format!("RES-{number}"), &format!("{}.00", 100 + number), "without_3d");
            assert_eq!(paid.code(), 0, "{paid:#?}");
        }
        desk.set_clock(last);
        let closed = close(&desk);
        assert_eq!((&closed["day"], &closed["from_day"]), (&day.into(), &day.into()), "{closed}");
        assert_eq!(closed["totals"][0]["net"], "201.00");
        // Half a minute later midnight has passed on the wall.
        desk.set_clock(&last.replace("59:30", "59:58"));
        assert_eq!(pay(&desk, "RES-9", "9.00", "without_3d").code(), 0);
        let next = if day == "2026-10-25" {
            ("2026-10-25 23:00:10", "2026-10-26")
        } else {
            ("2026-03-29 22:00:10", "2026-03-30")
        };
        desk.set_clock(next.0);
        let closed = close(&desk);
        assert_eq!(
            (&closed["day"], &closed["from_day"]),
            (&next.1.into(), &day.into()),
            "a shift over midnight names both: {closed}"
        );
        assert_eq!(desk.run(&["journal", "verify"], "").code(), 0);
    }
}

#[test]
fn istanbuls_day_ends_at_nine_in_the_evening_by_utc_all_year() {
    for (moment, day) in [
        ("2026-07-01 20:59:00", "2026-07-01"),
        ("2026-07-01 21:00:10", "2026-07-02"),
        ("2026-12-01 20:59:00", "2026-12-01"),
        ("2026-12-01 21:00:10", "2026-12-02"),
    ] {
        let desk = in_zone("Europe/Istanbul");
        desk.set_clock(moment);
        assert_eq!(close(&desk)["day"], day, "{moment}");
    }
}

#[test]
fn a_desk_in_use_is_read_beside_and_closed_by_nobody_else() {
    let desk = Desk::open();
    close(&desk);
    let running = desk.start(
        &["pay", "--account", COUNTER, "--reference", "R", "--amount", "1.00", "--currency", "TRY", "--card-stdin"],
        &card(card_of("return_never")),
        AtTheBank::Leaves,
    );
    wait_for("the payment request", std::time::Duration::from_secs(30), || {
        desk.sandbox().requests().iter().any(|request| request.path.ends_with("/b2c/payment")).then_some(())
    });
    assert_eq!(desk.run(&["close", "list"], "").code(), 0);
    assert_eq!(desk.run(&["close", "show"], "").code(), 0);
    let refused = desk.run(&["close"], "");
    assert_eq!(refused.code(), 50, "{refused:#?}");
    let _ended = running.kill();
}
