//! Everything that can be wrong with what is typed: refused before anything is sent, with words, and never repeated.

use crate::desk::{CARD, Desk, card};

fn nothing_was_sent(desk: &Desk) {
    assert!(desk.sandbox.ledger().counts.is_empty(), "{:?}", desk.sandbox.ledger());
    assert!(desk.sandbox.requests().is_empty(), "{:?}", desk.sandbox.requests());
}

#[test]
fn a_wrong_card_is_refused_by_the_field_that_is_wrong() {
    let desk = Desk::bare("");
    let good = card(CARD);
    for (stdin, reason) in [
        (good.replace("6111", "6112"), "card_number"),
        (good.replace(CARD, "415565010041"), "card_number"),
        (good.replace("2030", "2025"), "card_expiry"),
        (good.replace(":12,", ":13,"), "card_expiry"),
        (good.replace("2030", "2060"), "card_expiry"),
        (good.replace("\"000\"", "\"00\""), "card_cvc"),
        (good.replace("\"000\"", "\"0000\""), "card_cvc"),
        (good.replace(CARD, "374427000000003"), "card_cvc"),
        (good.replace("AYŞE", "A"), "card_holder").clone(),
        (String::new(), "card_unreadable"),
        ("{".to_owned(), "card_unreadable"),
        (good.replace("holder", "name"), "card_unreadable"),
        (format!("{good}{}", " ".repeat(20_000)), "card_unreadable"),
    ] {
        if reason == "card_holder" {
            let holder = stdin.replace(crate::desk::HOLDER, "4").replace("A ÇIĞLI", "4");
            desk.pay("R-1", &holder, &[]).expect(40, "refused", Some(reason));
            continue;
        }
        let run = desk.pay("R-1", &stdin, &[]);
        let last = run.expect(40, "refused", Some(reason));
        assert_eq!(last["refused_by"], "vezne");
        assert!(last["message"].as_str().unwrap().ends_with('.'), "{last}");
    }
    nothing_was_sent(&desk);
}

#[test]
fn a_wrong_amount_currency_order_or_reference_is_refused() {
    let desk = Desk::bare("");
    let amount = |amount, currency| ["--amount", amount, "--currency", currency];
    for (more, reason) in [
        (amount("545.001", "TRY"), "amount"),
        (amount("0", "TRY"), "amount"),
        (amount("0.00", "TRY"), "amount"),
        (amount("-5.00", "TRY"), "amount"),
        (amount("545,00", "TRY"), "amount"),
        (amount("1.500.00", "TRY"), "amount"),
        (amount("", "TRY"), "amount"),
        (amount("99999999999999", "TRY"), "amount"),
        (amount("545.00", "TL"), "currency"),
        (amount("545.00", "XXX"), "currency"),
        (amount("545.00", "try"), "currency"),
        (amount("545.00", "GBP"), "currency_not_taken"),
    ] {
        desk.pay("R-1", &card(CARD), &more).expect(40, "refused", Some(reason));
    }
    for reference in ["", "R\u{200b}1", CARD, &"x".repeat(65)] {
        desk.pay(reference, &card(CARD), &[]).expect(40, "refused", Some("reference"));
    }
    desk.pay("R-1", &card(CARD), &["--part", "half"]).expect(40, "refused", Some("part"));
    for order in ["", "a/b", "..", CARD, "order 1", "ş"] {
        let run = desk.run(&["pay", "--account", "agency", "--order", order, "--from-limit", "--json"], "");
        run.expect(40, "refused", Some("order"));
    }
    let run = desk.run(&["pay", "--account", "counter", "--order", "order_1001", "--from-limit", "--json"], "");
    run.expect(40, "refused", Some("wrong_subject"));
    nothing_was_sent(&desk);
}

#[test]
fn arguments_that_cant_be_read_end_with_2_and_a_card_number_among_them_is_not_repeated() {
    let desk = Desk::bare("");
    let run = desk.run(&["pay", "--json", "--card", CARD], "");
    let last = run.expect(2, "refused", Some("arguments"));
    assert!(!last.to_string().contains(CARD) && !run.stderr.contains(CARD));
    assert_eq!(desk.run(&["pay", "--installments", "many"], "").code, 2);
    assert_eq!(desk.run(&["shut"], "").code, 2);
    let help = desk.run(&["--help"], "");
    assert!(help.code == 0 && help.stdout.contains("sandbox") && !help.stdout.contains("pay-list"), "{help:?}");
}

#[test]
fn an_unknown_account_ends_with_2_and_names_those_there_are() {
    let desk = Desk::bare("");
    let run = desk.run(&["pay", "--account", "kasa", "--order", "order_1001", "--from-limit", "--json"], "");
    let last = run.expect(2, "refused", Some("unknown_account"));
    assert!(last["detail"].as_str().unwrap().contains("counter, agency"), "{last}");
}

#[test]
fn a_configuration_that_cant_be_used_ends_with_2_and_names_line_and_key() {
    let desk = Desk::bare("");
    let good = desk.config_text();
    let pay = ["pay", "--account", "agency", "--order", "order_1001", "--from-limit", "--json"];
    for (config, words) in [
        (good.replace("finrota\"\nbase", "finrotta\"\nbase"), "line 3"),
        (format!("{good}[desk]\nlanguage = \"de\"\n"), "language"),
        (format!("{good}[desk]\ncolour = \"red\"\n"), "colour"),
        (good.replace("base_url = \"http://127.0.0.1", "base_url = \"http://gateway.example"), "base_url"),
        ("[[account]\n".to_owned(), "line 1"),
    ] {
        desk.config(&config);
        let last = desk.run(&pay, "").expect(2, "refused", Some("configuration"));
        assert!(last["detail"].as_str().unwrap().contains(words), "{words}: {last}");
    }
    std::fs::remove_file(desk.home().join("config.toml")).unwrap();
    let last = desk.run(&pay, "").expect(2, "refused", Some("configuration"));
    assert!(last["detail"].as_str().unwrap().contains("[[account]]"), "an example is shown: {last}");
    assert!(!desk.home().join("journal.db").exists());
}

#[test]
fn a_large_amount_is_stated_twice_where_the_account_asks_for_it() {
    let desk = Desk::new();
    desk.config(&desk.config_text().replacen("reversals = true", "reversals = true\nconfirm_above = \"500.00\"", 1));
    desk.pay_directly("R-1", CARD, &[]).expect(40, "refused", Some("type_twice"));
    desk.pay_directly("R-1", CARD, &["--confirm-amount", "54.50"]).expect(40, "refused", Some("type_twice"));
    desk.pay_directly("R-1", CARD, &["--confirm-amount", "545.00"]).expect(0, "approved", None);
}

#[test]
fn a_byte_order_mark_before_the_card_or_a_pin_is_no_part_of_it() {
    let desk = Desk::bare("");
    let add = ["operator", "add", "--name", "Deniz", "--role", "supervisor", "--json"];
    assert_eq!(desk.run(&add, &format!("\u{feff}{}\r\n", crate::desk::PIN)).code, 0);
    desk.pay_directly("R-1", CARD, &[]).expect(0, "approved", None);
    let direct = ["--no-3ds", "--as", "Deniz", "--reason", "no phone"];
    let marked = format!("\u{feff}{}", crate::desk::with_pin(&card("5528790000000008")));
    desk.pay("R-2", &marked, &direct).expect(0, "approved", None);
}

#[test]
fn a_day_that_cant_be_read_ends_with_2() {
    let desk = Desk::bare("");
    for verb in [&["payment", "list"][..], &["journal", "export"]] {
        for option in ["--from", "--until"] {
            let run = desk.run(&[verb, &[option, "yesterday", "--json"]].concat(), "");
            run.failed(2, "day");
        }
    }
}
