//! What is refused before anything is sent: duplicates, missing rights, bad input, a second desk. And what a supervisor
//! may allow.

use std::time::Duration;

use serde_json::Value;
use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{AGENCY, AtTheBank, COUNTER, Desk, SUPERVISOR, SUPERVISOR_PIN, card, card_of, card_with};
use vezne_tests::sale::{REFERENCE, Sale, assert_counts, assert_refused, assert_said, from_limit, id, reason};

const PLAIN: &str = "without_3d";

// The duplicate guard.

#[test]
fn a_paid_reference_or_order_is_refused_a_second_time() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        assert_said(&Sale::of(gateway, PLAIN).play(&desk), 0, "approved", "first");
        let second = Sale::by(gateway, "5528790000000008").play(&desk);
        assert_refused(&second, "duplicate_paid");
        assert_counts(&desk, 1, 1);
    }
}

#[test]
fn a_reference_in_other_letters_is_the_same_reference() {
    let desk = Desk::open();
    assert_said(&Sale::of(Gateway::Finrota, PLAIN).play(&desk), 0, "approved", "first");
    let mut sale = Sale::by(Gateway::Finrota, "5528790000000008");
    sale.more.clear();
    let folded = format!("  {} ", REFERENCE.to_lowercase());
    let arguments: Vec<&str> =
        sale.arguments().into_iter().map(|word| if word == REFERENCE { folded.as_str() } else { word }).collect();
    assert_refused(&desk.run(&arguments, &card(sale.number)), "duplicate_paid");
    assert_counts(&desk, 1, 1);
}

#[test]
fn a_declined_order_pays_with_the_next_card() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        assert_said(&Sale::of(gateway, "decline_2002_402").play(&desk), 10, "declined", "first card");
        let second = Sale::by(gateway, "5528790000000008").play(&desk);
        assert_said(&second, 0, "approved", "second card");
        assert_counts(&desk, 2, 1);
    }
}

#[test]
fn a_second_part_of_a_reference_is_a_payment_of_its_own() {
    let desk = Desk::open();
    let part = |number, part| Sale::by(Gateway::Finrota, number).with(&["--part", part]).play(&desk);
    assert_said(&part("4155650000001013", "rental"), 0, "approved", "rental");
    assert_said(&part("5528790000000008", "deposit"), 0, "approved", "deposit");
    assert_refused(&part("5571135571135575", "deposit"), "duplicate_paid");
    assert_counts(&desk, 2, 2);
}

#[test]
fn a_supervisor_overrides_one_named_attempt_once() {
    let desk = Desk::with_supervisor();
    let first = Sale::of(Gateway::Finrota, PLAIN).play(&desk);
    assert_said(&first, 0, "approved", "first");
    let attempt = id(&first, "attempt");
    let over = ["--override", attempt.as_str(), "--as", SUPERVISOR, "--reason", "customer pays for a second car"];
    let sale = Sale::by(Gateway::Finrota, "5528790000000008").with(&over);
    let pin = |pin| card_with(sale.number, "123", Some(pin));
    let wrong = desk.run(&sale.arguments(), &pin("000000"));
    assert_eq!((wrong.code(), reason(&wrong).0.as_str()), (40, "not_a_supervisor"), "{wrong:#?}");
    assert_said(&desk.run(&sale.arguments(), &pin(SUPERVISOR_PIN)), 0, "approved", "override");
    let third = desk.run(&sale.arguments(), &pin(SUPERVISOR_PIN));
    assert_eq!(third.code(), 40, "an override is for one use: {third:#?}");
    assert_counts(&desk, 2, 2);
}

#[test]
fn what_is_paid_or_unknown_is_told_before_its_options_are_asked_for() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        for (scene, outcome, why) in [(PLAIN, "approved", "duplicate_paid"), ("cut_after", "unknown", "duplicate_open")]
        {
            let desk = Desk::open();
            let first = Sale::of(gateway, scene).play(&desk);
            assert_eq!(first.last()["outcome"].as_str(), Some(outcome), "{first:#?}");
            let status = if gateway == Gateway::Finrota { Call::Status } else { Call::Order };
            desk.fault(FaultRule::new(gateway, Call::Options, busy()));
            desk.fault(FaultRule::new(gateway, status, busy()));
            assert_refused(&Sale::by(gateway, "5528790000000008").play(&desk), why);
            assert_counts(&desk, 1, 1);
        }
    }
}

// Without 3-D Secure.

#[test]
fn without_3ds_needs_a_supervisor() {
    let desk = Desk::with_supervisor();
    let bare = Sale::of(Gateway::Finrota, "approve").with(&["--no-3ds"]);
    assert_refused(&bare.play(&desk), "needs_supervisor");
    let sale = bare.with(&["--as", SUPERVISOR, "--reason", "card is present"]);
    let ended = desk.run(&sale.arguments(), &card_with(sale.number, "000", Some(SUPERVISOR_PIN)));
    assert_said(&ended, 0, "approved", "with a supervisor");
    assert_eq!(desk.customer_log(), "", "nobody went to the bank");
    assert_counts(&desk, 1, 1);
}

#[test]
fn a_gateway_that_insists_on_3ds_gets_it_although_a_supervisor_wanted_none() {
    let desk = Desk::with_supervisor();
    let sale =
        Sale::of(Gateway::Yolcu360, "forced_3d").with(&["--no-3ds", "--as", SUPERVISOR, "--reason", "card is present"]);
    let ended = desk.run(&sale.arguments(), &card_with(sale.number, "123", Some(SUPERVISOR_PIN)));
    assert_said(&ended, 0, "approved", "forced");
    assert!(desk.customer_log().contains("typed 123456"), "{}", desk.customer_log());
    assert_counts(&desk, 1, 1);
}

// Bad input: nothing is sent, and the code says what was wrong.

#[test]
fn bad_input_is_refused_before_anything_is_sent() {
    let desk = Desk::open();
    let finrota = |amount: &str, currency: &str, input: &str| {
        let arguments = [
            "pay",
            "--account",
            COUNTER,
            "--reference",
            REFERENCE,
            "--amount",
            amount,
            "--currency",
            currency,
            "--card-stdin",
        ];
        desk.run(&arguments, input)
    };
    let good = card(card_of(PLAIN));
    for (amount, currency, input, why) in [
        ("545.00", "TRY", card("4155650000001014"), "card_number"),
        ("545.00", "TRY", good.replace("2030", "2020"), "card_expiry"),
        ("545.00", "TRY", good.replace("\"123\"", "\"12\""), "card_cvc"),
        ("545.00", "TRY", "{\"number\":".to_owned(), "card_unreadable"),
        ("545.005", "TRY", good.clone(), "amount"),
        ("0.00", "TRY", good.clone(), "amount"),
        ("545.00", "XXQ", good.clone(), "currency"),
        ("545.00", "GBP", good.clone(), "currency_not_taken"),
    ] {
        let ended = finrota(amount, currency, &input);
        assert_refused(&ended, why);
        assert!(!ended.stdout.contains(card_of(PLAIN)) && !ended.stderr.contains(card_of(PLAIN)), "{why}");
    }
    let odd = desk.run(&["pay", "--account", AGENCY, "--order", "order/../1", "--from-limit"], "");
    assert_refused(&odd, "order");
    let nobody = desk.run(&["pay", "--account", "nobody", "--order", "order_1002", "--from-limit"], "");
    assert_eq!(nobody.code(), 2, "{nobody:#?}");
    assert_counts(&desk, 0, 0);
}

#[test]
fn a_card_without_options_is_refused_before_anything_is_sent() {
    for number in ["5401341234567891", "5456165456165454"] {
        let desk = Desk::open();
        let ended = Sale::by(Gateway::Finrota, number).play(&desk);
        assert_eq!(ended.code(), 40, "{ended:#?}");
        assert_counts(&desk, 0, 0);
    }
}

fn busy() -> Fault {
    Fault::Status { status: 503, body: None, when: When::Before }
}

#[test]
fn options_that_the_gateway_does_not_tell_refuse_the_card_before_anything_is_sent() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        desk.fault(FaultRule::new(gateway, Call::Options, busy()));
        let ended = Sale::of(gateway, PLAIN).play(&desk);
        assert_refused(&ended, "options_unanswered");
        assert_counts(&desk, 0, 0);
        desk.sandbox().clear_faults();
        assert_said(&Sale::of(gateway, PLAIN).play(&desk), 0, "approved", "told again");
        assert_counts(&desk, 1, 1);
    }
}

#[test]
fn a_price_that_changed_since_it_was_shown_is_refused() {
    let desk = Desk::open();
    let arguments = ["pay", "--account", AGENCY, "--order", "order_1036", "--card-stdin"];
    let ended = desk.run(&arguments, &card(card_of(PLAIN)));
    assert_refused(&ended, "price_changed");
    assert_counts(&desk, 0, 0);
}

// Several at once.

#[test]
fn a_second_desk_on_the_same_journal_is_told_who_has_it() {
    let desk = Desk::open();
    let sale = Sale::of(Gateway::Finrota, "approve").at_the_bank(AtTheBank::Leaves);
    let first = desk.start(&sale.arguments(), &card(sale.number), sale.at_the_bank);
    desk.wait_for_customer("closed the window");
    let second = from_limit(&desk, "order_1002");
    assert_eq!(second.code(), 50, "{second:#?}");
    assert!(format!("{}{}", second.stdout, second.stderr).contains(&first.pid().to_string()), "{second:#?}");
    let listed = desk.run(&["payment", "list"], "");
    assert_eq!(listed.code(), 0, "reading goes on beside it: {listed:#?}");
    let killed = first.kill();
    assert_eq!(killed.code, None);
    assert_counts(&desk, 1, 0);
}

#[test]
fn the_sandbox_program_tells_its_addresses_first_and_its_ledger_to_anyone() {
    let desk = Desk::open();
    let mut command = desk.command(&["sandbox", "--port", "0", "--json"], AtTheBank::Pays);
    let running = vezne_tests::run::Running::start(&mut command, "");
    let first = vezne_tests::run::wait_for("the sandbox's first line", Duration::from_secs(20), || {
        let out = running.stdout();
        out.split_once('\n').map(|(line, _)| line.to_owned())
    });
    let addresses: Value = serde_json::from_str(&first).unwrap();
    let ledger = addresses["ledger"].as_str().unwrap_or_else(|| panic!("no ledger in {first}"));
    let url = url::Url::parse(ledger).unwrap();
    let request = vezne_tests::http::Request { method: "GET", url, form: String::new(), destination: "document" };
    let answer = vezne_tests::http::send(&request).unwrap();
    let books: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((answer.status, books["charges"].as_array().map(Vec::len)), (200, Some(0)));
    let ended = running.kill();
    assert_eq!(ended.code, None);
}
