//! Card data where none belongs: typed as a reference, a name, a reason; repeated by a gateway, a bank, a forged return. It is
//! nowhere afterwards, neither number nor code.
//!
//! `veznectl` ends with its answer: what it still has in memory while its customer is at the bank is read in `leaks.rs`, and
//! after an outcome there is no process to be read.

use std::time::Duration;

use serde_json::json;
use url::{Url, form_urlencoded};
use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
use vezne_tests::customer::{Customer, Temper};
use vezne_tests::desk::{AGENCY, AtTheBank, COUNTER, Desk, SUPERVISOR, SUPERVISOR_PIN, card_of};
use vezne_tests::http::{self, Request};
use vezne_tests::leaks::canary::Canary;
use vezne_tests::leaks::places::contents;
use vezne_tests::leaks::search::Search;
use vezne_tests::run::Ended;
use vezne_tests::sale::{Sale, assert_counts, assert_said, id};

/// A card that is sent to the bank, and a code that chance finds nowhere else.
const CARD: Canary<'static> = Canary { number: "374427000000003", code: "0836" };

/// As somebody writes it down.
fn spoken(card: Canary<'_>) -> String {
    format!("kart {} cvc {}", card.typed(), card.code)
}

fn input(card: Canary<'_>, holder: &str, pin: Option<&str>) -> String {
    let mut input = json!({
        "number": card.number, "holder": holder, "expiry_month": 12, "expiry_year": 2030, "cvc": card.code
    });
    if let (Some(pin), Some(fields)) = (pin, input.as_object_mut()) {
        fields.insert("supervisor_pin".to_owned(), pin.into());
    }
    input.to_string()
}

/// Nothing of the card is in the home folder, with journal, WAL and logs, nor in what was said.
#[track_caller]
fn assert_nowhere(desk: &Desk, card: Canary<'_>, said: &[Ended]) {
    let search = Search::of(card.on_disk());
    let mut places = contents(&desk.home());
    assert!(places.iter().any(|(name, _)| name.ends_with("journal.db")), "there is a journal");
    for ended in said {
        places.push(("standard output".to_owned(), ended.stdout.clone().into_bytes()));
        places.push(("standard error".to_owned(), ended.stderr.clone().into_bytes()));
    }
    let found: Vec<String> = places
        .iter()
        .flat_map(|(place, bytes)| search.found_in(bytes).into_keys().map(move |form| format!("{place}: {form}")))
        .collect();
    assert!(found.is_empty(), "{found:#?}\n{said:#?}");
}

fn pay<'a>(reference: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let sale = ["pay", "--account", COUNTER, "--amount", "545.00", "--currency", "TRY", "--card-stdin"];
    [&sale[..], &["--reference", reference], more].concat()
}

#[test]
fn a_card_typed_as_reference_name_or_search_is_refused_and_nowhere() {
    let desk = Desk::with_supervisor();
    let words = spoken(CARD);
    let code = format!("cvc {}", CARD.code);
    let plain = input(CARD, "KANARYA DENEME", Some(SUPERVISOR_PIN));
    let by_supervisor = |reason| ["--no-3ds", "--as", SUPERVISOR, "--reason", reason];
    let refused: Vec<(Vec<&str>, String)> = vec![
        (pay(CARD.number, &[]), plain.clone()),
        (pay(&words, &[]), plain.clone()),
        (pay(&code, &[]), plain.clone()),
        (pay("RES-1", &["--operator", &words]), plain.clone()),
        (pay("RES-1", &["--part", CARD.number]), plain.clone()),
        (pay("RES-1", &["--program", CARD.number]), plain.clone()),
        (pay("RES-1", &["--no-3ds", "--as", &words, "--reason", "card is present"]), plain.clone()),
        (pay("RES-1", &by_supervisor(&words)), plain.clone()),
        (pay("RES-1", &by_supervisor(&code)), plain.clone()),
        (pay("RES-1", &[]), input(CARD, &words, None)),
        (pay("RES-1", &[]), input(CARD, CARD.number, None)),
        (vec!["pay", "--account", AGENCY, "--order", CARD.number, "--card-stdin"], plain),
        (vec!["operator", "add", "--name", &words, "--role", "cashier"], "13579246".to_owned()),
    ];
    let mut said = Vec::new();
    for (arguments, input) in refused {
        let ended = desk.run(&arguments, &input);
        assert_ne!(ended.code(), 0, "{arguments:?}");
        said.push(ended);
    }
    said.push(desk.run(&["payment", "list", "--search", CARD.number], ""));
    assert_counts(&desk, 0, 0);
    assert_nowhere(&desk, CARD, &said);
}

#[test]
fn a_card_in_a_supervisor_s_word_is_refused_and_nowhere() {
    let desk = Desk::with_supervisor();
    let unknown = Sale::of(Gateway::Finrota, "cut_before").play(&desk);
    let attempt = id(&unknown, "attempt");
    let approved = Sale::of(Gateway::Yolcu360, "without_3d").play(&desk);
    let payment = id(&approved, "payment");
    let (words, code) = (spoken(CARD), format!("cvc {}", CARD.code));
    let mut said = Vec::new();
    for text in [CARD.number, &words, &code] {
        let by = |reason| ["--as", SUPERVISOR, "--reason", reason];
        let resolve = ["payment", "resolve", &attempt, "--outcome", "declined", "--yes"];
        let set_aside = ["payment", "set-aside", &attempt, "--yes"];
        for act in [&resolve[..], &set_aside[..]] {
            said.push(desk.run(&[act, &by(text)].concat(), SUPERVISOR_PIN));
            said.push(desk.run(&[act, &["--saw", text], &by("customer waits")].concat(), SUPERVISOR_PIN));
        }
        said.push(desk.run(&[&["payment", "void", &payment], &by(text)[..]].concat(), SUPERVISOR_PIN));
        said.push(desk.run(&[&["payment", "refund", &payment], &by(text)[..]].concat(), SUPERVISOR_PIN));
    }
    assert!(said.iter().all(|ended| ended.code() != 0), "{said:#?}");
    assert_nowhere(&desk, CARD, &said);
}

#[test]
fn a_card_in_a_gateway_s_error_or_a_bank_s_message_is_nowhere() {
    let told = Canary { number: card_of("decline_2001_402"), code: "907" };
    for (card, status, when, code) in [(CARD, 400, When::Before, 40), (told, 200, When::After, 10)] {
        let desk = Desk::open();
        let Canary { number, code: cvc } = card;
        let message = format!("{number} (cvv={cvc}): {}, security code {cvc}", spoken(card));
        let body = json!({
            "paymentType": "DirectSale", "success": false, "error": message,
            "card": { "cardNumber": number, "cvv": cvc, "expMonth": 12 }
        });
        let fault = Fault::Status { status, body: Some(body.to_string()), when };
        desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, fault));
        let ended = desk.run(&pay("RES-1", &[]), &input(card, "KANARYA DENEME", None));
        assert_eq!(ended.code(), code, "{ended:#?}");
        let shown = desk.run(&["payment", "show", &id(&ended, "payment")], "");
        assert!(ended.stdout.contains("****"), "the message was not heard: {ended:#?}");
        assert_nowhere(&desk, card, &[ended, shown]);
    }
}

#[test]
fn a_card_in_the_fields_of_a_return_is_nowhere() {
    let desk = Desk::open();
    let sale = pay("RES-1", &[]);
    let running = desk.start(&sale, &input(CARD, "KANARYA DENEME", None), AtTheBank::Leaves);
    desk.wait_for_customer("\nend");
    let challenge = desk.sandbox().challenges().pop().unwrap();
    // Every field that is kept of a return, and some that are not.
    let words = spoken(CARD);
    let pairs = ["status", "success", "orderId", "error", "cvv", "cardNumber"].map(|name| (name, words.as_str()));
    let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let plain = Url::parse(&challenge.return_url).unwrap();
    let mut asked = plain.clone();
    asked.set_query(Some(&fields));
    for (method, url, form) in [("GET", asked, String::new()), ("POST", plain, fields)] {
        let returned = http::send(&Request { method, url, form, destination: "document" }).unwrap();
        assert_eq!(returned.status, 200, "{returned:?}");
    }
    // The customer comes back to the bank after all.
    let log = desk.customer_log();
    let page = log.split_whitespace().find(|word| word.contains("/bank/start/")).unwrap();
    Customer::new(Temper::TypesTheCode, None).unwrap().open(page).unwrap();
    let ended = running.wait(Duration::from_secs(60));
    assert_said(&ended, 0, "approved", "a return is a hint");
    let kept = contents(&desk.home());
    let masked = Search::of(vec![vezne_tests::leaks::canary::Form {
        name: "what is kept of the words".to_owned(),
        bytes: b"kart **** ****** ***** cvc ****".to_vec(),
    }]);
    assert!(kept.iter().any(|(_, bytes)| !masked.found_in(bytes).is_empty()), "the returns were not written down");
    let shown = desk.run(&["payment", "show", &id(&ended, "payment")], "");
    assert_nowhere(&desk, CARD, &[ended, shown]);
}
