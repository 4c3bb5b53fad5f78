//! After sales of every kind, no byte of a card number, security code, token, secret or PIN is anywhere: not in the
//! journal, its WAL, the logs, the output or the customer's log.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde_json::json;
use vezne_sandbox::{
    Call, FINROTA_API_KEY, FINROTA_SECRET_KEY, Fault, FaultRule, Gateway, When, YOLCU360_KEY, YOLCU360_SECRET,
};
use vezne_tests::desk::{AtTheBank, Desk, SUPERVISOR, SUPERVISOR_PIN, card_of};
use vezne_tests::sale::{Sale, from_limit};

/// A security code that stands for nothing else anywhere.
const CVC: &str = "907";

fn canary(number: &str, pin: Option<&str>) -> String {
    let mut card = json!({
        "number": number, "holder": "KANARYA DENEME", "expiry_month": 12, "expiry_year": 2030, "cvc": CVC
    });
    if let Some(pin) = pin {
        card["supervisor_pin"] = pin.into();
    }
    card.to_string()
}

/// Every form in which a card number could have been written.
fn forms(number: &str) -> Vec<Vec<u8>> {
    let digits = number.as_bytes();
    let mut forms = vec![digits.to_vec()];
    for separator in [" ", "-", ".", "%20", "+"] {
        let groups: Vec<&str> =
            [number.get(..4), number.get(4..8), number.get(8..12), number.get(12..)].into_iter().flatten().collect();
        forms.push(groups.join(separator).into_bytes());
    }
    // UTF-16, and base64 at each of the three offsets at which it may stand inside a longer text.
    forms.push(digits.iter().flat_map(|digit| [*digit, 0]).collect());
    for offset in 0..3 {
        let padded = [&vec![b'x'; offset], digits].concat();
        let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(padded);
        // The first and last group depend on the neighbours; what lies between does not.
        let middle = text.get(if offset == 0 { 0 } else { 4 }..text.len().saturating_sub(4)).unwrap_or_default();
        forms.push(middle.as_bytes().to_vec());
    }
    forms.push(digits.iter().flat_map(|digit| format!("{digit:02x}").into_bytes()).collect());
    forms.push(digits.iter().rev().copied().collect());
    forms
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.is_symlink() {
            found.push(path);
        }
    }
    found
}

/// What must be nowhere, each with a name, ready to be looked for in one pass.
struct Search {
    needles: Vec<(String, Vec<u8>)>,
    /// The needles by their first two bytes.
    by_start: Vec<Vec<usize>>,
}

impl Search {
    fn for_all(needles: Vec<(String, Vec<u8>)>) -> Self {
        let mut by_start = vec![Vec::new(); 1 << 16];
        for (place, (what, needle)) in needles.iter().enumerate() {
            assert!(needle.len() >= 4, "{what} is too short to mean anything");
            by_start[usize::from(u16::from_be_bytes([needle[0], needle[1]]))].push(place);
        }
        Self { needles, by_start }
    }

    /// The names of those that are there.
    fn found_in(&self, bytes: &[u8]) -> Vec<&str> {
        let mut found = Vec::new();
        for (place, two) in bytes.windows(2).enumerate() {
            for &candidate in &self.by_start[usize::from(u16::from_be_bytes([two[0], two[1]]))] {
                let (what, needle) = &self.needles[candidate];
                if bytes[place..].starts_with(needle) {
                    found.push(what.as_str());
                }
            }
        }
        found
    }
}

/// The security code where it would mean something: as a value of its own, or beside its name.
fn cvc_forms() -> Vec<Vec<u8>> {
    let mut forms: Vec<String> = Vec::new();
    for name in ["cvc", "cvv", "cvv2", "security_code", "Cvc", "Cvv"] {
        for between in ["\":\"", "\": \"", "=", ": ", ":", "\":", " ", "(\"", "\\\":\\\""] {
            forms.push(format!("{name}{between}{CVC}"));
        }
    }
    forms.push(format!("\"{CVC}\""));
    forms.into_iter().map(String::into_bytes).collect()
}

/// Plays sales of every kind and returns everything that was said.
fn every_kind_of_sale(desk: &Desk) -> (Vec<&'static str>, Vec<u8>) {
    let scenes = [
        "approve",
        "without_3d",
        "return_form_post",
        "return_307",
        "decline_2001_402",
        "decline_2004_422",
        "cut_after",
        "cut_in_body",
        "not_json_after",
        "error_502_after",
        "forbidden_address",
        "too_many",
        "expired_token",
        "array_wrapped",
        "base64_html",
        "no_address",
        "challenge_failed",
    ];
    let mut said = Vec::new();
    let mut hear = |ended: vezne_tests::run::Ended| {
        said.extend(ended.stdout.into_bytes());
        said.extend(ended.stderr.into_bytes());
    };
    let mut numbers = Vec::new();
    for (place, scene) in scenes.into_iter().enumerate() {
        let number = card_of(scene);
        numbers.push(number);
        let reference = format!("LEAK-{place}");
        let order = format!("order_demo_leak_{place}");
        let finrota =
            ["pay", "--account", "counter", "--reference", &reference, "--amount", "99.90", "--currency", "TRY"];
        let yolcu360 = ["pay", "--account", "agency", "--order", &order];
        for arguments in [&finrota[..], &yolcu360[..]] {
            let all = [arguments, &["--card-stdin"]].concat();
            hear(desk.run(&all, &canary(number, None)));
        }
    }
    hear(from_limit(desk, "order_1002"));
    hear(Sale::of(Gateway::Finrota, "return_302").at_the_bank(AtTheBank::Cancels).play(desk));
    // A supervisor's PIN beside the card, a wrong card, and a text that is no JSON at all.
    let override_3ds = ["--no-3ds", "--as", SUPERVISOR, "--reason", "card is present"];
    let sale = Sale::by(Gateway::Yolcu360, "5528790000000008").with(&override_3ds);
    hear(desk.run(&sale.arguments(), &canary("5528790000000008", Some(SUPERVISOR_PIN))));
    numbers.push("5528790000000008");
    hear(desk.run(&sale.arguments(), &canary("4155650000001014", Some(SUPERVISOR_PIN))));
    numbers.push("4155650000001014");
    hear(desk.run(&sale.arguments(), &canary("4155650000001013", None).replace('}', "")));
    (numbers, said)
}

#[test]
fn nothing_secret_is_anywhere_after_sales_of_every_kind() {
    let desk = Desk::with_supervisor();
    // A gateway that repeats the card and the security code in its error, as careless ones do.
    let body = format!(
        r#"{{"success":false,"error":"Card 4155 6500 0000 1013 (cvv={CVC}) was not accepted, 4155650000001013"}}"#
    );
    let careless = Fault::Status { status: 400, body: Some(body), when: When::Before };
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, careless).on_card("1013"));
    let (numbers, said) = every_kind_of_sale(&desk);
    desk.wait_for_customer("\nend");

    let mut places: Vec<(String, Vec<u8>)> = vec![("what was printed".to_owned(), said)];
    places.push((CUSTOMER_LOG.to_owned(), desk.customer_log().into_bytes()));
    for path in files(&desk.home()) {
        places.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    assert!(places.iter().any(|(name, _)| name.ends_with("journal.db")), "there is a journal");
    assert!(places.iter().any(|(name, bytes)| name.contains("logs") && !bytes.is_empty()), "there is a log");

    let mut needles: Vec<(String, Vec<u8>)> = Vec::new();
    for number in numbers {
        needles.extend(forms(number).into_iter().map(|form| (named("the card", &form), form)));
    }
    needles.extend(cvc_forms().into_iter().map(|form| (named("the security code", &form), form)));
    for secret in [FINROTA_API_KEY, FINROTA_SECRET_KEY, YOLCU360_KEY, YOLCU360_SECRET, SUPERVISOR_PIN] {
        needles.push((named("the secret", secret.as_bytes()), secret.as_bytes().to_vec()));
    }
    for (what, text) in [("a token", "Bearer "), ("a bank's page", "threeDSForm"), ("a bank's address", "/bank/start/")]
    {
        needles.push((what.to_owned(), text.as_bytes().to_vec()));
    }
    let search = Search::for_all(needles);
    for (place, bytes) in &places {
        let mut found = search.found_in(bytes);
        if place == CUSTOMER_LOG {
            // The customer goes to the bank's address, of course.
            found.retain(|what| *what != "a bank's address");
        }
        assert!(found.is_empty(), "{place} holds {found:?}");
    }
}

const CUSTOMER_LOG: &str = "the customer's log";

fn named(what: &str, form: &[u8]) -> String {
    format!("{what} as {:?}", String::from_utf8_lossy(form))
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let number = "4155650000001013";
    let encode = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
    let search = Search::for_all(forms(number).into_iter().map(|form| (named("the card", &form), form)).collect());
    for text in [
        format!("x{number}y"),
        "4155 6500 0000 1013".to_owned(),
        "4155-6500-0000-1013".to_owned(),
        "4155%206500%200000%201013".to_owned(),
        encode(format!("{{\"cardNumber\":\"{number}\"}}")),
        encode(format!("ab{number}cd")),
        encode(number.to_owned()),
        "34313535363530303030303031303133".to_owned(),
    ] {
        assert!(!search.found_in(text.as_bytes()).is_empty(), "{text}");
    }
    let codes = Search::for_all(cvc_forms().into_iter().map(|form| (named("the code", &form), form)).collect());
    assert!(!codes.found_in(br#"{"cvc":"907"}"#).is_empty());
    assert!(search.found_in(b"415565 1013 4155650000001021").is_empty());
}
