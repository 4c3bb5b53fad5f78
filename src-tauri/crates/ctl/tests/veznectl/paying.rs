//! Payments from beginning to end.

use crate::browser::{self, Customer};
use crate::desk::{CARD, Desk, HOLDER, card, text};

#[test]
fn a_card_payment_without_3d_is_approved_by_the_gateways_own_word_and_charged_once() {
    let desk = Desk::new();
    let run = desk.pay_directly("R-1", CARD, &["--installments", "3", "--operator", "deniz"]);
    let last = run.expect(0, "approved", None);
    assert_eq!((text(&last, "amount"), text(&last, "currency")), ("555.00", "TRY"));
    assert_eq!((text(&last, "evidence"), last["unconfirmed"].as_bool()), ("gateway_status", Some(false)));
    let reference = text(&last["view"], "reference").to_owned();
    let ledger = desk.sandbox.ledger();
    assert_eq!((ledger.net_minor(&reference), ledger.counts_of(&reference).received), (55_500, 1));
    let steps: Vec<_> = run.stdout.lines().filter(|line| line.contains("\"progress\":\"sending\"")).collect();
    assert_eq!(steps.len(), 1, "{}", run.stdout);
}

#[test]
fn a_person_reads_what_happened_whether_money_moved_and_in_which_steps() {
    let desk = Desk::new();
    let run = desk.run(
        &[
            "pay",
            "--account",
            "counter",
            "--reference",
            "R-1",
            "--amount",
            "545.00",
            "--currency",
            "TRY",
            "--card-stdin",
            "--no-3ds",
            "--as",
            "Deniz",
            "--reason",
            "no phone",
        ],
        &crate::desk::with_pin(&card(CARD)),
    );
    assert_eq!(run.code, 0, "{run:?}");
    for words in
        ["Written down", "Sent; waiting", "APPROVED  545.00 TRY", "Money moved", "415565…6111", "payment       pay_"]
    {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    assert!(!run.stdout.contains('{') && run.stderr.is_empty(), "{run:?}");
}

/// Pays with 3-D Secure and a customer at the bank.
fn with_customer(arguments: &[&str], customer: Customer, number: &str) -> (Desk, crate::desk::Run, browser::Seen) {
    let desk = Desk::bare("");
    let (browser, following) = browser::wait_for(&desk, customer);
    let mut command = desk.command(arguments);
    command.env("BROWSER", browser);
    let child = desk.start(command, &card(number));
    let run = desk.finish(child);
    (desk, run, following.join().unwrap())
}

const AT_FINROTA: [&str; 11] = [
    "pay",
    "--account",
    "counter",
    "--reference",
    "R-1",
    "--amount",
    "545.00",
    "--currency",
    "TRY",
    "--card-stdin",
    "--json",
];
const AT_YOLCU360: [&str; 9] =
    ["pay", "--account", "agency", "--order", "order_1001", "--card-stdin", "--installments", "3", "--json"];

#[test]
fn a_customer_who_confirms_at_finrotas_bank_comes_back_to_a_page_that_says_so_and_has_paid() {
    let (desk, run, seen) = with_customer(&AT_FINROTA, Customer::Confirms, CARD);
    let last = run.expect(0, "approved", None);
    assert!(seen.last.contains("close this window") && seen.last.contains("kapatabilirsiniz"), "{}", seen.last);
    // The bank's address is not among what the browser was started with.
    assert!(seen.started_with.path().starts_with("/bank/") && seen.started_with.query().is_none(), "{seen:?}");
    assert_ne!(seen.started_with.port(), Some(desk.sandbox.port()));
    assert_eq!(desk.sandbox.ledger().net_minor(text(&last["view"], "reference")), 54_500);
    assert!(run.stdout.contains("\"progress\":\"at_bank\""), "{}", run.stdout);
}

#[test]
fn a_customer_who_confirms_at_yolcu360s_bank_has_paid_the_order_in_three_installments() {
    let (desk, run, _) = with_customer(&AT_YOLCU360, Customer::Confirms, CARD);
    let last = run.expect(0, "approved", None);
    assert_eq!(text(&last, "amount"), "555.00");
    assert_eq!(desk.sandbox.ledger().net_minor("order_1001"), 55_500);
}

#[test]
fn a_customer_who_gives_up_at_the_bank_has_not_paid_and_it_is_never_called_paid() {
    let (desk, run, _) = with_customer(&AT_FINROTA, Customer::Cancels, CARD);
    let last = run.last();
    assert_eq!((run.code, text(&last, "outcome")), (10, "declined"), "{run:?}");
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[test]
fn the_browser_inherits_no_secret() {
    let desk = Desk::bare("");
    let (browser, following) = browser::wait_for(&desk, Customer::Confirms);
    let seen = desk.beside("browser.environment");
    // The same browser, after it has written down what it was given.
    let script = std::fs::read_to_string(&browser).unwrap();
    let dumping = script.replace("#!/bin/sh\n", &format!("#!/bin/sh\nenv > '{}'\n", seen.display()));
    std::fs::write(&browser, dumping).unwrap();
    let mut command = desk.command(&AT_FINROTA);
    command
        .env("BROWSER", browser)
        .env("VEZNE_PASSPHRASE", "a passphrase for the browser")
        .env("VEZNE_CHAIN_KEY", "5e".repeat(32))
        .env("SHOWN_TO_THE_BROWSER", "yes");
    let run = desk.finish(desk.start(command, &card(CARD)));
    run.expect(0, "approved", None);
    following.join().unwrap();
    let seen = std::fs::read_to_string(seen).unwrap();
    assert!(seen.contains("SHOWN_TO_THE_BROWSER=yes"), "{seen}");
    for secret in
        ["a passphrase for", "5e5e5e5e", "VEZNE_PASSPHRASE", "VEZNE_CHAIN_KEY", "TEST_finrota", "TEST_yolcu360"]
    {
        assert!(!seen.contains(secret), "{secret}: {seen}");
    }
}

#[test]
fn what_opens_a_page_is_hidden_and_opens_only_an_address_of_this_machine() {
    let desk = Desk::bare("");
    assert!(!desk.run(&["--help"], "").stdout.contains("open-page"));
    let dump = desk.beside("opened");
    let mut command = desk.command(&["open-page"]);
    command.env("BROWSER", format!("touch {}", dump.display()));
    let run = desk.finish(desk.start(command, "https://bank.example/"));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(!dump.exists());
}

#[test]
fn without_a_browser_the_address_is_told_and_opens_the_banks_page_once() {
    use std::io::{BufRead, BufReader};
    let desk = Desk::bare("");
    let mut command = desk.command(&AT_FINROTA);
    // Nothing on this path can open an address.
    command.env("BROWSER", "/nowhere/browser").env("PATH", "/nowhere");
    let mut child = desk.start(command, &card(CARD));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines.by_ref().map(Result::unwrap).find(|line| line.contains("open_bank_page")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let address = text(&told, "address").to_owned();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    let payment = text(&told, "payment").to_owned();
    // The person ends it instead: it may have been sent, so nobody may call it anything but unknown.
    terminate(&child);
    let last = lines.map(Result::unwrap).last().unwrap();
    let last: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!((text(&last, "outcome"), text(&last, "reason")), ("unknown", "interrupted"));
    assert!(text(&last, "next").contains(&format!("payment ask {payment}")), "{last}");
    assert_eq!(child.wait().unwrap().code(), Some(20));
}

#[test]
fn a_payment_that_is_stopped_before_it_left_is_cancelled_and_safe_to_repeat() {
    use std::io::{BufRead, BufReader};
    use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
    let desk = Desk::bare("");
    // The sign-in is not answered, so the payment waits before it is sent.
    desk.fault(FaultRule::new(Gateway::Yolcu360, Call::SignIn, Fault::Hold { when: When::Before }));
    let pay = ["pay", "--account", "agency", "--order", "order_1002", "--from-limit", "--json"];
    let mut child = desk.start(desk.command(&pay), "");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.by_ref().any(|line| line.contains("\"preparing\"")));
    terminate(&child);
    let last: serde_json::Value = serde_json::from_str(&lines.last().unwrap()).unwrap();
    assert_eq!((text(&last, "outcome"), text(&last, "reason")), ("not_sent", "cancelled"), "{last}");
    assert_eq!(child.wait().unwrap().code(), Some(30));
    desk.sandbox.clear_faults();
    desk.run(&pay, "").expect(0, "approved", None);
}

fn terminate(child: &std::process::Child) {
    signal(child, "-TERM");
}

fn signal(child: &std::process::Child, name: &str) {
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// Waits until the process hears of signals itself: from then on none of them ends it without a word.
#[cfg(target_os = "linux")]
fn wait_until_it_listens(child: &std::process::Child) {
    const INTERRUPT: u64 = 1 << 1;
    let path = format!("/proc/{}/status", child.id());
    let caught = || -> u64 {
        let status = std::fs::read_to_string(&path).unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(mask.trim(), 16).unwrap()
    };
    while caught() & INTERRUPT == 0 {
        std::thread::yield_now();
    }
}

/// The signal of a closed terminal; where these tests themselves run under `nohup`, their children rightly ignore it, and
/// the one that ends programs takes its place.
fn hang_up() -> &'static str {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    if ignored & 1 == 1 { "-TERM" } else { "-HUP" }
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_stops_it_while_the_card_is_awaited_hears_that_nothing_was_sent() {
    let desk = Desk::new();
    let refund = ["refund", "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "--as", "Deniz", "--reason", "x", "--json"];
    for (name, arguments) in
        [("-INT", &AT_FINROTA[..]), (hang_up(), &AT_FINROTA), ("-TERM", &AT_FINROTA), (hang_up(), &refund)]
    {
        let mut child = desk.command(arguments).spawn().unwrap();
        // Standard input stays open: the card never comes.
        let open = child.stdin.take().unwrap();
        wait_until_it_listens(&child);
        signal(&child, name);
        let run = desk.finish(child);
        run.expect(30, "not_sent", Some("cancelled"));
        drop(open);
    }
    assert!(desk.sandbox.requests().is_empty());
}

#[test]
fn whoever_stops_it_while_the_options_are_awaited_hears_that_it_was_cancelled() {
    use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
    let desk = Desk::bare("[timeouts]\noptions_seconds = 2\n");
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Options, Fault::Hold { when: When::Before }));
    let child = desk.start(desk.command(&AT_FINROTA), &card(CARD));
    // Before there is an attempt: the sandbox has been asked for the options, and does not answer.
    while desk.sandbox.requests().is_empty() {
        std::thread::yield_now();
    }
    signal(&child, hang_up());
    desk.finish(child).expect(30, "not_sent", Some("cancelled"));
    assert!(desk.sandbox.ledger().counts.is_empty());
}

#[test]
fn an_order_is_paid_from_the_credit_limit() {
    let desk = Desk::bare("");
    let run = desk.run(&["pay", "--account", "agency", "--order", "order_1002", "--from-limit", "--json"], "");
    let last = run.expect(0, "approved", None);
    assert_eq!(text(&last, "amount"), "1250.00");
    assert_eq!(desk.sandbox.ledger().net_minor("order_1002"), 125_000);
}

#[test]
fn an_order_above_the_credit_limit_is_declined_and_the_card_is_offered() {
    let desk = Desk::bare("");
    let run = desk.run(&["pay", "--account", "agency", "--order", "order_1010", "--from-limit", "--json"], "");
    let last = run.expect(10, "declined", Some("limit_exceeded"));
    assert!(text(&last, "next").contains("by card"), "{last}");
    assert!(desk.sandbox.ledger().charges.is_empty());
}

#[test]
fn an_order_that_is_paid_or_gone_already_is_refused_before_sending() {
    let desk = Desk::bare("");
    for (order, reason) in
        [("order_1011", "order_already_paid"), ("order_1012", "order_cancelled"), ("order_1015", "order_not_found")]
    {
        let run = desk.run(&["pay", "--account", "agency", "--order", order, "--from-limit", "--json"], "");
        let last = run.expect(40, "refused", Some(reason));
        assert_eq!(last["refused_by"], "vezne");
        assert_eq!(desk.sandbox.ledger().counts_of(order).received, 0);
    }
}

#[test]
fn a_declined_card_says_why_and_moves_no_money() {
    let desk = Desk::new();
    let run = desk.pay_directly("R-1", "4155654020020029", &[]);
    let last = run.last();
    assert_eq!((run.code, text(&last, "outcome")), (10, "declined"), "{run:?}");
    assert!(last["reason"].is_string() && last["evidence"].is_string(), "{last}");
    assert!(desk.sandbox.ledger().charges.is_empty());
    // The same reference may be paid at once with another card.
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
}

#[test]
fn a_payment_of_unknown_outcome_is_told_as_such_and_asking_finds_what_became_of_it() {
    let desk = Desk::new();
    // Charged, and the connection is cut before a byte of the answer.
    let run = desk.pay_directly("R-1", "4155650000001252", &[]);
    let last = run.last();
    assert!(matches!(run.code, 0 | 20), "{run:?}");
    let payment = text(&last, "payment");
    if run.code == 20 {
        assert!(text(&last, "next").contains(&format!("veznectl payment ask {payment}")), "{last}");
        assert!(text(&last["view"], "state") == "unknown");
    }
    let asked = desk.run(&["payment", "ask", payment, "--json"], "");
    let last = asked.expect(0, "approved", None);
    assert_eq!(text(&last, "payment"), payment);
    assert_eq!(desk.sandbox.ledger().charges.len(), 1);
}

#[test]
fn the_holders_name_is_kept_for_the_payments_page_only() {
    let desk = Desk::new();
    let last = desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    assert!(!last.to_string().contains(HOLDER));
    let shown = desk.run(&["payment", "show", text(&last, "payment")], "");
    assert!(shown.stdout.contains(HOLDER) && shown.stdout.contains("415565…6111"), "{}", shown.stdout);
}
