use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::money::Money;
use crate::time::Timestamp;

/// 2026-11-22T10:00:00Z, a Sunday, 13:00 in Istanbul.
const NOW: Timestamp = Timestamp::from_millis(1_795_341_600_000);

fn istanbul() -> TimeZone {
    TimeZone::get("Europe/Istanbul").unwrap()
}

fn read(line: &str) -> Query {
    let zone = istanbul();
    Query::read(line, Today { now: NOW, zone: &zone })
}

fn one(line: &str) -> Wanted {
    match read(line).conditions() {
        [one] => one.clone(),
        other => panic!("{line}: {other:?}"),
    }
}

fn days(from: &str, until: &str) -> Wanted {
    let at = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    Wanted::Opened { from: at(from), until: at(until) }
}

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

/// What is found of one payment.
fn payment() -> Searched {
    Searched {
        subject: "RES-20261121-0418".to_owned(),
        texts: ["Tezgâh İğdır", "finrota", "visa", "Ayşe Işıl YILDIRIM-ÇAĞLAR", "Ümit"].map(str::to_owned).into(),
        numbers: ["7QK2M4XW8ZT5B3N6C9VD1FG0H2", "41556501", "TX-88213"].map(str::to_owned).into(),
        last_four: Some("6111".to_owned()),
        amounts: vec![lira(54_500), lira(125_050)],
        outcome: Some(Outcome::Declined),
        account: "counter".parse().unwrap(),
        operator: None,
        plan: PlanWanted::Installments(3),
        opened: NOW,
    }
}

#[test]
fn a_payment_is_found_by_what_people_know_of_it_however_they_write() {
    for line in [
        "",
        "RES-20261121-0418",
        "res20261121",
        "res-2026",
        "20261121",
        "0418",
        "res 0418",
        "ayşe",
        "AYŞE",
        "ayse",
        "IŞIL",
        "ışıl",
        "isil",
        "işil",
        "İŞİL",
        "yildirim",
        "YILDIRIM",
        "çağlar",
        "caglar",
        "yıldırım-çağ",
        "ay yil",
        "tezgah igd",
        "IĞDIR",
        "ümit",
        "umit",
        "545",
        "545,00",
        "545.00",
        "545,0",
        "₺545",
        "545tl",
        "545,00 TL",
        "1250,50",
        "1.250,50",
        "1,250.5",
        "1250",
        "6111",
        "•••• 6111",
        "*6111",
        "415565••••6111",
        "415565 6111",
        "7qk2",
        "tx88",
        "tx-88213",
        "declined",
        "reddedildi",
        "decl",
        "REDDED",
        "bugün",
        "today",
        "3x",
        "x3",
        "3 taksit",
        "3 installments",
        "visa",
        "try",
        "ayşe 545,00 declined today",
        "\"ayşe\"",
        "2026-11-22",
        "22.11.2026",
        "22/11",
        "2026-11-01..",
        "..2026-11-22",
    ] {
        assert!(payment().fits(&read(line)), "{line}: {:?}", read(line));
    }
}

#[test]
fn what_was_not_asked_for_is_not_found() {
    for line in [
        "fatma",
        "546",
        "545,10",
        "544,99",
        "54500",
        "1250,51",
        "6112",
        "*0418",
        "approved",
        "onaylandı",
        "yesterday",
        "dün",
        "2x",
        "tek çekim",
        "1121",
        "418",
        "şe",
        "\"declined\"",
        "ayşe fatma",
        "-",
        "%%%",
        "__",
        "7q",
        "2026-11-21",
        "eur",
        "..2026-11-21",
        "not sent",
    ] {
        assert!(!payment().fits(&read(line)), "{line}: {:?}", read(line));
    }
}

#[test]
fn what_is_chosen_beside_the_line_is_held_against_the_payment_too() {
    let [one, other] = [1, 2].map(|n| OperatorId::from_parts(NOW, [n; 10]));
    let paid = Searched { operator: Some(one), outcome: None, ..payment() };
    let fits = |wanted: Wanted| paid.fits(&Query::everything().and(wanted));
    assert!(fits(Wanted::Account("counter".parse().unwrap())) && !fits(Wanted::Account("airport".parse().unwrap())));
    assert!(fits(Wanted::Operator(one)) && !fits(Wanted::Operator(other)));
    // The moment after the last is not in it.
    let until = |until| Wanted::Opened { from: Some(NOW), until: Some(until) };
    assert!(!fits(until(NOW)) && fits(until(NOW.after(crate::time::Millis(1)))));
    // A word that is no outcome's is not found where there is none.
    assert!(paid.fits(&read("ayşe")) && !paid.fits(&read("fatma")));
}

#[test]
fn turkish_letters_are_folded_both_ways() {
    let named = |name: &str| Searched { texts: vec![name.to_owned()], ..payment() };
    for letters in ["İIıi", "ŞşSs", "ĞğGg", "ÇçCc", "ÖöOo", "ÜüUu"] {
        for written in letters.chars() {
            for typed in letters.chars() {
                let (name, line) = (format!("Ka{written}an"), format!("ka{typed}a"));
                assert!(named(&name).fits(&read(&line)), "{line} in {name}");
            }
        }
    }
}

#[test]
fn days_are_those_of_the_desk() {
    for (line, from, until) in [
        ("today", "2026-11-21T21:00:00Z", "2026-11-22T21:00:00Z"),
        ("Dün", "2026-11-20T21:00:00Z", "2026-11-21T21:00:00Z"),
        ("21.11.2026", "2026-11-20T21:00:00Z", "2026-11-21T21:00:00Z"),
        ("1/12", "2025-11-30T21:00:00Z", "2025-12-01T21:00:00Z"),
        ("21.11.", "2026-11-20T21:00:00Z", "2026-11-21T21:00:00Z"),
        ("2026-11-01..2026-11-21", "2026-10-31T21:00:00Z", "2026-11-21T21:00:00Z"),
        ("2026-11-21..2026-11-01", "2026-10-31T21:00:00Z", "2026-11-21T21:00:00Z"),
        ("01.11.2026-05.11.2026", "2026-10-31T21:00:00Z", "2026-11-05T21:00:00Z"),
        ("2026-11-01..", "2026-10-31T21:00:00Z", ""),
        ("..today", "", "2026-11-22T21:00:00Z"),
    ] {
        assert_eq!(one(line), days(from, until), "{line}");
    }
    for line in [
        "31.02.2026",
        "2026-13-01",
        "..",
        "21.11",
        "0/0",
        "21.11.26",
        "26-11-21",
        "00021.11.2026",
        "+1.11.2026",
        "01.11.2026-21/11",
        "/11",
    ] {
        assert!(!matches!(one_or_none(line), Some(Wanted::Opened { .. })), "{line}");
    }
}

fn one_or_none(line: &str) -> Option<Wanted> {
    read(line).conditions().first().cloned()
}

#[test]
fn a_day_of_23_hours_is_a_day() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let query = Query::read("29.03.2026", Today { now: NOW, zone: &zone });
    assert_eq!(query.conditions(), [days("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]);
}

#[test]
fn who_writes_decimals_means_money() {
    let word = |line: &str| {
        let Wanted::Word(word) = one(line) else { panic!("{line}: {:?}", one(line)) };
        word
    };
    assert_eq!((word("545,00").key, word("545.5").key, word("₺545").key), (None, None, None));
    assert_eq!((word("545").key.as_deref(), word("545").figures.len()), (Some("545"), 1));
    // Thousands, or three decimals: both are looked for.
    let both = word("1.500");
    assert_eq!((both.key.as_deref(), both.figures.len()), (Some("1500"), 2));
    assert!(both.figures[0].fits(&lira(150_000)) && !both.figures[0].fits(&lira(150)));
    // What only looks like money is a word like any other.
    assert_eq!(word("1.2.3tl").key.as_deref(), Some("123tl"));
    assert_eq!(word("007").figures, [Figure { whole: "7".to_owned(), fraction: String::new() }]);
}

#[test]
fn what_is_no_amount_means_none() {
    let meant = |word: &str| figures(word).0.into_iter().map(|one| (one.whole, one.fraction)).collect::<Vec<_>>();
    assert_eq!(meant("999999999999"), [("999999999999".to_owned(), String::new())]);
    for word in ["9999999999999", "5a5", ",5", ".", "1'5", "12'34", "5-5"] {
        assert_eq!(meant(word), [], "{word}");
    }
    assert_eq!(meant("1'250"), [("1250".to_owned(), String::new())]);
}

#[test]
fn a_pasted_link_or_id_names_one_payment_and_nothing_else_counts() {
    let payment = crate::ids::PaymentId::from_parts(NOW, [7; 10]);
    let attempt = crate::ids::AttemptId::from_parts(NOW, [8; 10]);
    let address = link(payment);
    assert_eq!(address, format!("vezne://payment/{payment}"));
    for text in
        [address.clone(), address.to_uppercase(), format!("<{address}>"), format!("{address}/"), payment.to_string()]
    {
        assert_eq!(named(&text), Some(Named::Payment(payment)), "{text}");
        assert_eq!(read(&format!("ayşe {text} today")), Query::Named(Named::Payment(payment)));
    }
    assert_eq!(read(&attempt.to_string()), Query::Named(Named::Attempt(attempt)));
    for text in [
        "vezne://payment/",
        "vezne://void/pay_1",
        "vezne://payment/pay_1",
        "https://payment/x",
        "",
        &format!("{address}?void=1"),
        &format!("{address}/../x"),
        &format!("vezne-return://payment/{payment}"),
    ] {
        assert_eq!(named(text), None, "{text}");
    }
}

#[test]
fn a_reference_is_found_from_each_of_its_parts_on() {
    assert_eq!(starts("RES-2026/0418"), ["res20260418", "20260418", "0418"]);
    assert_eq!(starts("REZ-İ1"), ["rezi1", "i1"]);
    assert_eq!(starts("Ayşe  Nur"), ["ayse", "nur"]);
    assert_eq!(starts("RES0418B12"), ["res0418b12", "0418b12"]);
    assert_eq!(starts("a-b-c-d-e-f-g-h-i-j").len(), STARTS_MOST);
    assert_eq!(starts("— ¡!"), Vec::<String>::new());
    assert_eq!(tails("order_123456789"), ["6789", "56789", "456789"]);
    assert_eq!((tails("6789"), tails("R-6789"), tails("ab")), (vec![], vec!["6789".to_owned()], vec![]));
}

proptest! {
    #[test]
    fn any_line_can_be_read(line in ".{0,80}") {
        let query = read(&line);
        prop_assert!(query.conditions().len() <= WANTED_MOST + 2);
        let _ = payment().fits(&query);
    }

    #[test]
    fn what_a_text_begins_with_finds_it(text in "[a-zA-ZİıĞğŞşÇçÖöÜü0-9 ./-]{1,20}", length in 1_usize..20) {
        for start in starts(&text) {
            let typed: String = start.chars().take(length).collect();
            let query = Query::All(vec![Wanted::Word(Word { key: Some(typed), figures: vec![], currency: None, outcome: None })]);
            let found = Searched { subject: text.clone(), ..payment() };
            prop_assert!(found.fits(&query));
        }
    }
}
