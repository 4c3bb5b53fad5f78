//! Rows at random, with everything in them that has ever broken a table.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use vezne_core::account::GatewayKind;
use vezne_core::attempt::Outcome;
use vezne_core::card::{Bin, CardSummary, LastFour, table};
use vezne_core::ids::{AccountName, AttemptId, AttemptReference, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::reference::{Part, PartNumber};
use vezne_core::reversal::Kind;
use vezne_core::time::Timestamp;

use crate::{Back, Code, EvidenceKind, Head, Language, Means, PaymentRow, RefusedBy, Subject, Total};

/// Texts that a table must survive.
pub(super) const NASTY: [&str; 40] = [
    "",
    " ",
    "=1+1",
    "+905321234567",
    "-2",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\t=1",
    "\r=1",
    "\n=1",
    "\u{200e}=1",
    "\u{feff}=1",
    " \u{a0}=1",
    "=cmd|'/c calc'!A1",
    "x;=1+1",
    "x,=1+1",
    "x\n=1+1",
    "x\",\"=1+1",
    "x,\t ,'=1",
    "'=1",
    "''",
    "'",
    "a,'b;'c",
    "0042",
    "12345678901234567890",
    "1e5",
    "1-2",
    "(5)",
    "1,5",
    "İ I ı i ş ğ ç ö ü",
    "سارة \u{200f}عمر\u{200f}",
    "abc\u{202e}cba\u{202c}",
    "null\u{0}bell\u{7}escape\u{1b}del\u{7f}",
    "a\r\nb\rc\u{2028}d\u{b}e\u{85}f",
    "<x> & \"y\" 'z' ]]> &amp;",
    "_x0041_ _x000D_ _x_ _x005F_x0041_",
    "\u{1f600}\u{fffe}\u{ffff} \u{1d11e}",
];

pub(super) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Za-zğĞşŞıİçÇöÖüÜ ]{1,20}",
        1 => any::<String>(),
        2 => select(&NASTY[..]).prop_map(str::to_owned),
        1 => (select(&NASTY[..]), any::<char>(), select(&NASTY[..])).prop_map(|(a, b, c)| format!("{a}{b}{c}")),
    ]
}

fn account() -> impl Strategy<Value = AccountName> {
    text().prop_map(|text| text.parse().unwrap_or_else(|_| "=agency".parse().unwrap()))
}

fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![4 => Just(Currency::TRY), 1 => select(Currency::EVERY)]
}

/// Amounts that happen, and now and then any that can be counted.
fn minor() -> impl Strategy<Value = i64> {
    prop_oneof![8 => 0..100_000_000_i64, 1 => -100_000_000..100_000_000_000_000_i64, 1 => any::<i64>()]
}

fn total() -> impl Strategy<Value = Total> {
    (minor(), currency(), option::of(minor())).prop_map(|(total, currency, reversed_minor)| Total {
        amount: Money::from_minor(total, currency),
        reversed_minor,
    })
}

pub(super) fn moment() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        6 => 1_700_000_000_000..1_900_000_000_000_i64,
        1 => any::<i64>(),
        // The two nights on which clocks change in Berlin.
        1 => 1_792_886_400_000..1_792_900_800_000_i64,
        1 => 1_774_738_800_000..1_774_753_200_000_i64,
    ]
    .prop_map(Timestamp::from_millis)
}

fn card() -> impl Strategy<Value = CardSummary> {
    ("[0-9]{6}|[0-9]{8}", "[0-9]{4}", select(table().to_vec())).prop_map(|(bin, last_four, rules)| CardSummary {
        brand: rules.brand,
        bin: Bin::parse(&bin).unwrap(),
        last_four: LastFour::parse(&last_four).unwrap(),
    })
}

fn subject() -> impl Strategy<Value = Subject> {
    let part = prop_oneof![
        Just(Part::Rental),
        Just(Part::Deposit),
        Just(Part::Extra),
        (1..=99_u8).prop_map(|number| Part::Number(PartNumber::new(number).unwrap())),
    ];
    prop_oneof![
        text().prop_map(Subject::Order),
        (text(), option::of(part)).prop_map(|(number, part)| Subject::Booking { number, part }),
    ]
}

fn code() -> impl Strategy<Value = Code> {
    "[a-z][a-z0-9_]{0,20}".prop_map(|code| code.parse().unwrap())
}

fn outcome() -> impl Strategy<Value = Option<Outcome>> {
    let all = [Outcome::Approved, Outcome::Declined, Outcome::Refused, Outcome::Unknown, Outcome::NotSent];
    option::of(select(all.to_vec()))
}

prop_compose! {
    fn money_of_row()(owed in option::of((minor(), currency())), total in option::of(total()), same in any::<bool>())
        -> (Option<Money>, Option<Total>) {
        // Mostly both are in one currency, as in life.
        let owed = owed.map(|(minor, currency)| {
            Money::from_minor(minor, total.filter(|_| same).map_or(currency, |total| total.currency()))
        });
        (owed, total)
    }
}

prop_compose! {
    fn ids()(made in moment(), random in any::<[u8; 10]>(), reference in any::<[u8; 16]>(), since in moment())
        -> (Timestamp, PaymentId, AttemptId, AttemptReference, Timestamp) {
        let (payment, attempt) = (PaymentId::from_parts(made, random), AttemptId::from_parts(made, random));
        (made, payment, attempt, AttemptReference::from_random(reference), since)
    }
}

fn back() -> impl Strategy<Value = Back> {
    (moment(), any::<[u8; 10]>(), any::<bool>()).prop_map(|(made, random, void)| Back {
        reversal: ReversalId::from_parts(made, random),
        kind: if void { Kind::Void } else { Kind::Refund },
    })
}

pub(super) fn row() -> impl Strategy<Value = PaymentRow> {
    let people = (text(), option::of(text()), option::of(text()), account());
    let paid = (subject(), money_of_row(), option::of(any::<u8>()), option::of(card()), any::<bool>());
    let end = (
        outcome(),
        option::of(select(&RefusedBy::EVERY[..])),
        option::of(select(&EvidenceKind::EVERY[..])),
        option::of(code()),
        vec(code(), 0..3),
        any::<[bool; 4]>(),
        option::of(back()),
    );
    let words = (option::of(text()), option::of(text()), option::of(text()), option::of(text()));
    (ids(), people, paid, end, words).prop_map(|(ids, people, paid, end, words)| {
        // Of an attempt itself it is never lost what it was for.
        let known = end.6.is_none() || end.5[3];
        PaymentRow {
            opened: ids.0,
            since: ids.4,
            reversal: end.6,
            payment: ids.1,
            attempt: ids.2,
            reference: Some(ids.3).filter(|_| known),
            desk: people.0,
            operator: people.1,
            account: people.3,
            gateway: if end.5[0] { GatewayKind::Finrota } else { GatewayKind::Yolcu360 },
            subject: Some(paid.0).filter(|_| known),
            owed: paid.1.0,
            total: paid.1.1,
            installments: paid.2,
            means: Some(if paid.4 { Means::Card } else { Means::CreditLimit }).filter(|_| known),
            card: paid.3,
            holder: people.2,
            outcome: end.0,
            refused_by: end.1,
            evidence: end.2,
            unconfirmed: end.5[1],
            reason: end.3,
            reason_text: words.0,
            gateway_payment: words.1,
            gateway_reference: words.2,
            authorisation: words.3,
            alarms: end.4,
            training: end.5[2],
        }
    })
}

pub(super) fn rows() -> impl Strategy<Value = Vec<PaymentRow>> {
    vec(row(), 0..6)
}

prop_compose! {
    pub(super) fn head()(
        language in select(&Language::EVERY[..]),
        zone in select(&["Europe/Istanbul", "Europe/Berlin", "UTC", "+03:00", "-09:30"][..]),
        from in option::of(moment()),
        until in option::of(moment()),
        made in moment(),
    ) -> Head {
        Head { language, zone: zone.parse().unwrap(), from, until, made }
    }
}

/// One payment as it happens every day.
pub(crate) fn usual() -> PaymentRow {
    let opened: Timestamp = "2026-11-21T20:55:03.123Z".parse().unwrap();
    let bin = Bin::parse("41556501").unwrap();
    PaymentRow {
        opened,
        since: "2026-11-21T20:55:41.007Z".parse().unwrap(),
        reversal: None,
        payment: PaymentId::from_parts(opened, [7; 10]),
        attempt: AttemptId::from_parts(opened, [8; 10]),
        reference: Some(AttemptReference::from_random([9; 16])),
        desk: "Havalimanı 1".to_owned(),
        operator: Some("Ayşe Yılmaz".to_owned()),
        account: "rental".parse().unwrap(),
        gateway: GatewayKind::Finrota,
        subject: Some(Subject::Booking { number: "RZ-2026-17".to_owned(), part: Some(Part::Deposit) }),
        owed: Some(Money::from_minor(54_500, Currency::TRY)),
        total: Some(Total { amount: Money::from_minor(55_500, Currency::TRY), reversed_minor: Some(10_050) }),
        installments: Some(3),
        means: Some(Means::Card),
        card: Some(CardSummary { brand: bin.brand(), bin, last_four: LastFour::parse("0042").unwrap() }),
        holder: Some("İSMAİL IŞIK".to_owned()),
        outcome: Some(Outcome::Approved),
        refused_by: None,
        evidence: Some(EvidenceKind::GatewayStatus),
        unconfirmed: false,
        reason: None,
        reason_text: None,
        gateway_payment: Some("884213".to_owned()),
        gateway_reference: Some("20261121235503123456".to_owned()),
        authorisation: Some("004211".to_owned()),
        alarms: Vec::new(),
        training: false,
    }
}

/// The head of an export in Istanbul.
pub(crate) fn istanbul(language: Language) -> Head {
    Head {
        language,
        zone: "Europe/Istanbul".parse().unwrap(),
        from: None,
        until: None,
        made: "2026-11-22T07:00:00.000Z".parse().unwrap(),
    }
}
