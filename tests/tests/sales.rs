//! `veznectl pay`, played to its end with a scripted customer at the bank. The ledger says what really happened.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::thread;
use std::time::Duration;

use serde_json::Value;
use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::{
    AGENCY, AtTheBank, COUNTER, Desk, SUPERVISOR, SUPERVISOR_PIN, Wishes, card, card_of, card_with,
};
use vezne_tests::run::Ended;
use vezne_tests::sale::{REFERENCE, Sale, from_limit, reason, said, seen, settled};

const PLAIN: &str = "without_3d";

#[track_caller]
fn assert_said(ended: &Ended, code: i32, outcome: &str, about: &str) {
    let (found, word, _, _) = said(ended);
    assert_eq!((found, word.as_str()), (code, outcome), "{about}\n{ended:#?}");
}

#[track_caller]
fn assert_refused(ended: &Ended, why: &str) {
    assert_said(ended, 40, "refused", why);
    assert_eq!((said(ended).2.as_str(), reason(ended).0.as_str()), ("vezne", why), "{ended:#?}");
}

#[track_caller]
fn assert_counts(desk: &Desk, received: u32, charged: u32) {
    let counts = seen(desk);
    assert_eq!((counts.received, counts.charged), (received, charged));
}

fn charged_minor(desk: &Desk) -> Vec<i64> {
    desk.ledger().charges.iter().map(|charge| charge.amount_minor).collect()
}

fn id(ended: &Ended, key: &str) -> String {
    ended.last()[key].as_str().unwrap_or_else(|| panic!("no {key} in {ended:#?}")).to_owned()
}

// Direct sales.

#[test]
fn a_finrota_sale_in_three_installments_costs_what_the_option_said() {
    let desk = Desk::open();
    let options =
        desk.run(&["options", "--account", COUNTER, "--amount", "545.00", "--currency", "TRY", "--bin", "415565"], "");
    assert_eq!(options.code(), 0, "{options:#?}");
    let ended = Sale::of(Gateway::Finrota, PLAIN).with(&["--installments", "3"]).play(&desk);
    assert_said(&ended, 0, "approved", "three installments");
    let ledger = desk.ledger();
    let charge = &ledger.charges[0];
    assert_eq!(charge.installments, 3);
    let amount = format!("{}.{:02}", charge.amount_minor / 100, charge.amount_minor % 100);
    assert_eq!(ended.last()["amount"].as_str(), Some(amount.as_str()));
    assert!(options.stdout.contains(&amount), "{} is not among the options: {}", amount, options.stdout);
}

#[test]
fn a_yolcu360_order_in_three_installments_is_the_document_s_555() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Yolcu360, PLAIN).with(&["--installments", "3"]).play(&desk);
    assert_said(&ended, 0, "approved", "three installments");
    assert_eq!(ended.last()["amount"].as_str(), Some("555.00"));
    assert_eq!(charged_minor(&desk), [55_500]);
}

#[test]
fn cards_of_every_brand_pay_at_both_gateways() {
    thread::scope(|scope| {
        for number in ["4155650100416111", "5528790000000008", "9792096695823360", "374427000000003"] {
            scope.spawn(move || {
                for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
                    let desk = Desk::open();
                    let ended = Sale::by(gateway, number).play(&desk);
                    assert_said(&ended, 0, "approved", number);
                    assert_counts(&desk, 1, 1);
                }
            });
        }
    });
}

#[test]
fn a_gateway_that_does_without_3ds_is_said() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let ended = Sale::of(gateway, PLAIN).play(&desk);
        assert_said(&ended, 0, "approved", "without_3d");
        assert_eq!(desk.show(&ended)["attempts"][0]["without_3ds"], Value::Bool(true), "{gateway:?}");
    }
}

// 3-D Secure: every way back from the bank.

fn comes_back(gateway: Gateway, scene: &'static str, how: &str) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, scene).play(&desk);
    assert_said(&ended, 0, "approved", scene);
    assert_eq!(said(&ended).3, "gateway_status", "a return only leads to a question: {scene}");
    desk.wait_for_customer("\nend");
    let log = desk.customer_log();
    assert!(log.contains(how), "{scene} did not come back as {how:?}:\n{log}");
    assert_counts(&desk, 1, 1);
}

/// Scene and a step that only this way back has.
const WAYS: &[(&str, &str)] = &[
    ("return_form_post", "page \"return\""),
    ("return_302", "302 to http://127.0.0.1"),
    ("return_303", "303 to http://127.0.0.1"),
    ("return_307", "307 to http://127.0.0.1"),
    ("return_script", "a script leads to"),
    ("return_meta_refresh", "a meta refresh leads to"),
    ("return_frame", "the frame leads the window to"),
    ("return_late", "302 to http://127.0.0.1"),
    ("return_twice", "200 in a frame: http://127.0.0.1"),
    ("return_popup", "page \"return_popup\""),
];

fn every_way_back(gateway: Gateway) {
    for some in WAYS.chunks(5) {
        thread::scope(|scope| {
            for &(scene, how) in some {
                scope.spawn(move || comes_back(gateway, scene, how));
            }
        });
    }
}

#[test]
fn finrota_s_customer_comes_back_in_every_way_that_banks_know() {
    every_way_back(Gateway::Finrota);
}

#[test]
fn yolcu360_s_customer_comes_back_in_every_way_that_banks_know() {
    every_way_back(Gateway::Yolcu360);
}

fn never_comes_back(gateway: Gateway) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, "return_never").play(&desk);
    assert_said(&ended, 0, "approved", "no return, so the desk asked by itself");
    assert_counts(&desk, 1, 1);
    assert!(desk.customer_log().contains("page \"end\""), "{}", desk.customer_log());
}

#[test]
fn finrota_s_customer_never_comes_back_and_the_desk_asks_by_itself() {
    never_comes_back(Gateway::Finrota);
}

#[test]
fn yolcu360_s_customer_never_comes_back_and_the_desk_asks_by_itself() {
    never_comes_back(Gateway::Yolcu360);
}

#[test]
fn a_bank_that_declines_and_never_sends_its_customer_back_is_found_out_by_asking() {
    let desk = Desk::open();
    let ended = Sale::of(Gateway::Finrota, "challenge_never_returns_declined").play(&desk);
    assert_said(&ended, 10, "declined", "no return, declined");
    assert_counts(&desk, 1, 0);
}

#[test]
fn the_bank_s_page_may_come_in_base64_or_in_an_array() {
    for scene in ["base64_html", "array_wrapped"] {
        let desk = Desk::open();
        let ended = Sale::of(Gateway::Yolcu360, scene).play(&desk);
        assert_said(&ended, 0, "approved", scene);
        assert!(desk.customer_log().contains("typed 123456"), "{scene}: {}", desk.customer_log());
        assert_counts(&desk, 1, 1);
    }
    let desk = Desk::open();
    assert_said(&Sale::of(Gateway::Finrota, "array_wrapped").play(&desk), 0, "approved", "array_wrapped");
}

#[test]
fn a_challenge_that_leads_nowhere_is_unknown() {
    let table: [(Gateway, &str); 3] = [
        (Gateway::Finrota, "no_address"),
        (Gateway::Yolcu360, "no_address"),
        (Gateway::Yolcu360, "challenge_without_form"),
    ];
    for (gateway, scene) in table {
        let desk = Desk::open();
        let ended = Sale::of(gateway, scene).play(&desk);
        assert_said(&ended, 20, "unknown", scene);
        assert_counts(&desk, 1, 0);
    }
}

// Declines.

#[test]
fn each_reason_of_a_decline_has_its_own_word_at_yolcu360_and_the_bank_s_text_at_finrota() {
    let table = [
        ("decline_2001_402", "card_declined", "Do not honor"),
        ("decline_2002_402", "insufficient_funds", "Insufficient funds"),
        ("decline_2003_402", "expired_card", "Expired card"),
        ("decline_2004_402", "invalid_card_number", "Invalid card number"),
        ("decline_2005_402", "invalid_cvc", "CVV validation error"),
        ("decline_2006_402", "three_ds_failed", "3-D Secure authentication failed"),
        ("decline_2007_402", "limit_exceeded", "Exceeds withdrawal amount limit"),
    ];
    for some in table.chunks(4) {
        thread::scope(|scope| {
            for &(scene, word, text) in some {
                scope.spawn(move || {
                    let desk = Desk::open();
                    let ended = Sale::of(Gateway::Yolcu360, scene).play(&desk);
                    assert_said(&ended, 10, "declined", scene);
                    assert_eq!(reason(&ended).0, word, "{scene}");
                    let ended = Sale::of(Gateway::Finrota, scene).play(&desk);
                    assert_said(&ended, 10, "declined", scene);
                    assert!(reason(&ended).1.contains(text), "{scene}: {:?}", reason(&ended));
                    assert_counts(&desk, 2, 0);
                });
            }
        });
    }
}

#[test]
fn a_bank_that_declines_after_its_page_declines() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        thread::scope(|scope| {
            for scene in
                ["challenge_do_not_honour", "challenge_failed", "authenticated_not_charged", "success_page_not_charged"]
            {
                scope.spawn(move || {
                    let desk = Desk::open();
                    let ended = Sale::of(gateway, scene).play(&desk);
                    assert_said(&ended, 10, "declined", scene);
                    assert_counts(&desk, 1, 0);
                });
            }
        });
    }
}

#[test]
fn a_page_that_says_failed_does_not_undo_a_charge() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let ended = Sale::of(gateway, "failure_page_charged").play(&desk);
        assert_said(&ended, 0, "approved", "the gateway's word counts, not the page's");
        assert_counts(&desk, 1, 1);
    }
}

fn gives_up(gateway: Gateway, at_the_bank: AtTheBank, step: &str) {
    let desk = Desk::open();
    let ended = Sale::of(gateway, "approve").at_the_bank(at_the_bank).play(&desk);
    assert_said(&ended, 10, "declined", step);
    assert!(desk.customer_log().contains(step), "{}", desk.customer_log());
    assert_counts(&desk, 1, 0);
}

#[test]
fn a_customer_who_cancels_at_the_bank_has_not_paid() {
    gives_up(Gateway::Finrota, AtTheBank::Cancels, "pressed cancel");
    gives_up(Gateway::Yolcu360, AtTheBank::Cancels, "pressed cancel");
}

#[test]
fn a_customer_who_types_three_wrong_codes_has_not_paid() {
    gives_up(Gateway::Finrota, AtTheBank::MistypesTheCode, "typed 000000");
    gives_up(Gateway::Yolcu360, AtTheBank::MistypesTheCode, "typed 000000");
}

#[test]
fn forged_returns_never_make_a_payment() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let ended = Sale::of(gateway, "return_302").at_the_bank(AtTheBank::Forges).play(&desk);
        assert_said(&ended, 10, "declined", "forged");
        desk.wait_for_customer("\nend");
        let log = desk.customer_log();
        assert!(log.contains("as a guessed address: 404") && log.contains("as a page: 200"), "{log}");
        assert_counts(&desk, 1, 0);
    }
}

// The credit limit.

#[test]
fn orders_are_paid_from_the_credit_limit() {
    let desk = Desk::open();
    let before = desk.ledger().credit_limit_minor["TRY"];
    for order in ["order_1002", "order_1016", "order_1028"] {
        let ended = from_limit(&desk, order);
        assert_said(&ended, 0, "approved", order);
    }
    assert_counts(&desk, 3, 3);
    assert_eq!(desk.ledger().credit_limit_minor["TRY"], before - charged_minor(&desk).iter().sum::<i64>());
}

#[test]
fn an_order_above_the_limit_is_declined_and_one_without_an_agreement_refused() {
    let desk = Desk::open();
    let ended = from_limit(&desk, "order_1010");
    assert_said(&ended, 10, "declined", "limit");
    assert_eq!(reason(&ended).0, "limit_exceeded");
    let ended = from_limit(&desk, "order_1039");
    assert_said(&ended, 40, "refused", "no agreement");
    assert_eq!(said(&ended).2, "gateway");
    assert_counts(&desk, 2, 0);
}

#[test]
fn an_account_without_credit_limit_sends_nothing() {
    let wishes = Wishes { agency: "credit_limit = false\n".to_owned(), ..Wishes::default() };
    let desk = Desk::with(wishes);
    assert_refused(&from_limit(&desk, "order_1002"), "no_credit_limit");
    assert_counts(&desk, 0, 0);
}

#[test]
fn orders_that_cannot_be_paid_are_refused_before_anything_is_sent() {
    let desk = Desk::open();
    for (order, why) in [
        ("order_1011", "order_already_paid"),
        ("order_1012", "order_cancelled"),
        ("order_1014", "order_cancelled"),
        ("order_1015", "order_not_found"),
    ] {
        let ended = from_limit(&desk, order);
        assert_refused(&ended, why);
    }
    assert_counts(&desk, 0, 0);
}

#[test]
fn an_order_that_failed_before_can_be_paid() {
    let desk = Desk::open();
    assert_said(&from_limit(&desk, "order_1013"), 0, "approved", "failed before");
    assert_counts(&desk, 1, 1);
}

// Unknown, and what becomes of it.

#[test]
fn an_unknown_outcome_settles_by_asking_and_is_never_charged_again() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let unknown = Sale::of(gateway, "cut_after").play(&desk);
        assert_said(&unknown, 20, "unknown", "cut");
        // Whoever opens the till asks about it at once; nobody answers yet.
        let call = if gateway == Gateway::Finrota { Call::Status } else { Call::Order };
        desk.fault(FaultRule::new(gateway, call, Fault::Status { status: 503, body: None, when: When::Before }));
        let again = Sale::of(gateway, "approve").play(&desk);
        assert_refused(&again, "duplicate_open");
        desk.sandbox().clear_faults();
        let asked = settled(&desk, unknown);
        assert_said(&asked, 0, "approved", "asked");
        assert_refused(&Sale::of(gateway, "approve").play(&desk), "duplicate_paid");
        assert_counts(&desk, 1, 1);
    }
}

#[test]
fn an_unknown_from_the_limit_settles_by_asking() {
    let desk = Desk::open();
    for order in ["order_1020", "order_1021", "order_1023", "order_1025", "order_1035"] {
        let unknown = from_limit(&desk, order);
        assert_said(&unknown, 20, "unknown", order);
        assert_said(&settled(&desk, unknown), 0, "approved", order);
    }
    assert_counts(&desk, 5, 5);
}

#[test]
fn a_bank_that_declined_behind_a_lost_answer_is_found_out_by_asking() {
    for gateway in [Gateway::Finrota, Gateway::Yolcu360] {
        let desk = Desk::open();
        let unknown = Sale::of(gateway, "cut_after_declined").play(&desk);
        assert_said(&unknown, 20, "unknown", "cut_after_declined");
        assert_said(&settled(&desk, unknown), 10, "declined", "cut_after_declined");
        assert_counts(&desk, 1, 0);
    }
}

#[test]
fn a_timed_out_payment_of_code_2008_is_never_sent_again() {
    let desk = Desk::open();
    let charged = Sale::of(Gateway::Yolcu360, "code_2008_charged").play(&desk);
    assert_said(&charged, 20, "unknown", "2008, charged");
    assert_said(&settled(&desk, charged), 0, "approved", "2008, charged");
    assert_counts(&desk, 1, 1);
    let desk = Desk::open();
    let not_charged = Sale::of(Gateway::Yolcu360, "code_2008_not_charged").play(&desk);
    assert_said(&not_charged, 20, "unknown", "2008, not charged");
    assert_said(&settled(&desk, not_charged), 20, "unknown", "2008, not charged");
    assert_counts(&desk, 1, 0);
}

#[test]
fn a_supervisor_settles_what_the_gateway_never_answers() {
    let desk = Desk::with_supervisor();
    let unknown = Sale::of(Gateway::Finrota, "cut_before").play(&desk);
    assert_said(&unknown, 20, "unknown", "cut_before");
    let attempt = id(&unknown, "attempt");
    let mut arguments = vec!["payment", "resolve", &attempt, "--outcome", "declined", "--saw", "portal shows nothing"];
    let nobody = desk.run(&[&arguments[..], &["--yes"]].concat(), "");
    assert_eq!((nobody.code(), reason(&nobody).0.as_str()), (40, "needs_supervisor"), "{nobody:#?}");
    arguments.extend(["--as", SUPERVISOR, "--reason", "customer waits"]);
    let unconfirmed = desk.run(&arguments, SUPERVISOR_PIN);
    assert_eq!((unconfirmed.code(), reason(&unconfirmed).0.as_str()), (40, "not_confirmed"), "{unconfirmed:#?}");
    arguments.push("--yes");
    let wrong_pin = desk.run(&arguments, "111222");
    assert_eq!((wrong_pin.code(), reason(&wrong_pin).0.as_str()), (40, "not_a_supervisor"), "{wrong_pin:#?}");
    let resolved = desk.run(&arguments, SUPERVISOR_PIN);
    assert_said(&resolved, 10, "declined", "a supervisor's word");
    assert_eq!(said(&resolved).3, "supervisor");
    assert_said(&Sale::by(Gateway::Finrota, "5528790000000008").play(&desk), 0, "approved", "another card");
    assert_counts(&desk, 2, 1);
}

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
