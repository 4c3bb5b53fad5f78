//! After sales of every kind, no byte of a card number, security code, token, secret or PIN is anywhere: not in the
//! journal, its WAL, the logs, the output or the customer's log.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::json;
use vezne_sandbox::{
    Call, FINROTA_API_KEY, FINROTA_SECRET_KEY, Fault, FaultRule, Gateway, When, YOLCU360_KEY, YOLCU360_SECRET,
};
use vezne_tests::desk::{AtTheBank, Desk, SUPERVISOR, SUPERVISOR_PIN, card_of};
use vezne_tests::leaks::canary::{Canary, Form};
use vezne_tests::leaks::places::contents;
use vezne_tests::leaks::search::Search;
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
    places.extend(contents(&desk.home()));
    assert!(places.iter().any(|(name, _)| name.ends_with("journal.db")), "there is a journal");
    assert!(places.iter().any(|(name, bytes)| name.contains("logs") && !bytes.is_empty()), "there is a log");

    let mut forms: Vec<Form> = numbers.iter().flat_map(|number| Canary { number, code: CVC }.on_disk()).collect();
    let form = |name: &str, text: &str| Form { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    for secret in [FINROTA_API_KEY, FINROTA_SECRET_KEY, YOLCU360_KEY, YOLCU360_SECRET, SUPERVISOR_PIN] {
        forms.push(form(secret, secret));
    }
    forms.extend([
        form("a token", "Bearer "),
        form("a bank's page", "threeDSForm"),
        form(BANK_ADDRESS, "/bank/start/"),
    ]);
    let search = Search::of(forms);
    for (place, bytes) in &places {
        let mut found = search.found_in(bytes);
        if place == CUSTOMER_LOG {
            // The customer goes to the bank's address, of course.
            found.remove(BANK_ADDRESS);
        }
        assert!(found.is_empty(), "{place} holds {found:?}");
    }
}

const CUSTOMER_LOG: &str = "the customer's log";
const BANK_ADDRESS: &str = "a bank's address";

#[cfg(target_os = "linux")]
mod in_memory {
    use std::os::unix::process::CommandExt as _;
    use std::time::Duration;

    use vezne_tests::leaks::memory::{self, Counts, Process};
    use vezne_tests::run::{Running, wait_for};

    use super::*;

    /// Four digits with a nought in front, which chance finds nowhere else, on a card that is sent to the bank.
    const CARD: Canary<'static> = Canary { number: "374427000000003", code: "0836" };

    fn searched(pid: u32) -> Counts {
        let codes = CARD.code_alone();
        let search = Search::of([CARD.in_memory(), codes.clone()].concat());
        let mut counts = Counts::new();
        let read = memory::search(&Process { pid, name: "veznectl".to_owned() }, &search, &codes, &mut counts);
        assert!(read > 1 << 20, "{read} bytes are not a program's memory");
        counts
    }

    #[test]
    fn while_the_customer_is_at_the_bank_the_code_is_gone_and_the_number_stands_in_one_place() {
        let desk = Desk::open();
        let mut command = desk.command(&Sale::by(Gateway::Finrota, CARD.number).arguments(), AtTheBank::Leaves);
        // A tester who is not the administrator is let read, which only a debug build allows.
        command.env("VEZNE_MEMORY_READABLE", "1");
        let input = json!({
            "number": CARD.number, "holder": "KANARYA DENEME", "expiry_month": 12, "expiry_year": 2030, "cvc": CARD.code
        });
        let running = Running::start(&mut command, &input.to_string());
        desk.wait_for_customer("\nend");
        let found: Vec<(String, usize)> =
            searched(running.pid()).into_iter().map(|(place, count)| (place.form, count)).collect();
        // It may be needed again after a decline.
        assert_eq!(found, [("0003 plain".to_owned(), 1)]);
        let told = Search::of(CARD.on_disk());
        assert!(told.found_in(&memory::told(running.pid())).is_empty(), "its arguments or environment tell");
        assert_eq!(memory::core_limit(running.pid()), Some(0));
        let _ended = running.kill();
    }

    #[test]
    fn another_program_of_the_same_user_may_not_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("veznectl");
        std::fs::copy(vezne_tests::run::program("veznectl"), &copy).unwrap();
        let mut command = std::process::Command::new(&copy);
        // Of the administrator's own processes it can't be told, so the administrator starts it as nobody.
        if std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
            let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(folder.path(), all).unwrap();
            command.uid(65_534).gid(65_534);
        }
        // It goes on until it is ended.
        command.args(["sandbox", "--port", "0"]).current_dir("/").env("HOME", folder.path());
        let running = Running::start(&mut command, "");
        wait_for("a process that its user may not read", Duration::from_secs(10), || {
            (memory::may_be_read_by_its_user(running.pid()) == Some(false)).then_some(())
        });
    }
}
