use vezne_core::account::GatewayKind;
use vezne_core::attempt::Outcome;
use vezne_core::card::LastFour;
use vezne_core::close::{
    Anchor, Cell, Covers, Day, DayClose, Difference, Figures, Finding, Label, Late, Listed, Recorded, Standing, Sums,
};
use vezne_core::ids::{AttemptId, PaymentId};
use vezne_core::ports::MissingSpan;

use super::*;
use crate::grid;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn id(n: u8) -> AttemptId {
    AttemptId::from_parts(at("2026-10-25T00:30:00Z"), [n; 10])
}

fn line(n: u8, subject: &str) -> Listed {
    Listed {
        opened: at("2026-10-25T00:30:00Z"),
        about: About::Attempt(id(n)),
        payment: PaymentId::from_parts(at("2026-10-25T00:30:00Z"), [n; 10]),
        account: "Tezgâh".parse().unwrap(),
        subject: Some(subject.to_owned()),
        amount: Some(Money::from_minor(123_450, Currency::TRY)),
        last_four: Some(LastFour::parse("6111").unwrap()),
        since: at("2026-10-25T01:30:00Z"),
    }
}

fn cell(currency: Currency, plan: Plan, sums: Sums) -> Cell {
    Cell {
        account: "counter".parse().unwrap(),
        account_name: "Tezgâh".parse().unwrap(),
        gateway: GatewayKind::Finrota,
        currency: Some(currency),
        operator: None,
        plan,
        sums,
    }
}

const fn sum(count: u32, minor: i64) -> Sum {
    Sum { count, minor }
}

fn paper() -> ClosePaper {
    let sums = Sums { approved: sum(3, 1_234_550), reversed: sum(1, 10_000), declined: sum(2, 500), ..Sums::default() };
    let euros = Sums { approved: sum(1, 7_000), ..Sums::default() };
    let figures = Figures {
        cells: vec![
            cell(Currency::TRY, Plan::Installments(3), sums),
            cell(Currency::EUR, Plan::Installments(1), euros),
        ],
        open: vec![(Standing::Unknown, line(1, "4155650100416111")), (Standing::InProgress, line(2, "REZ-2"))],
        late: vec![Late { line: line(3, "REZ-3"), outcome: Recorded::Approved }],
        ..Figures::default()
    };
    let comparison = Comparison {
        number: 7,
        close_seq: 42,
        began: at("2026-10-25T20:00:00Z"),
        ended: at("2026-10-25T20:01:00Z"),
        operator: None,
        agreed: 4,
        unanswered: 1,
        nothing_sent: 0,
        left: 0,
        differences: vec![Difference {
            attempt: id(4),
            payment: line(4, "").payment,
            account: "Tezgâh".parse().unwrap(),
            subject: "REZ-4".to_owned(),
            amount: None,
            ours: Some(Outcome::Approved),
            finding: Finding::MissingThere,
            seen: None,
        }],
    };
    let day: Day = "2026-10-25".parse().unwrap();
    let close = DayClose {
        number: 7,
        covers: Covers { after: 20, since: Some(at("2026-10-24T20:00:00Z")), tip: 41, tip_hash: "ab".repeat(32) },
        at: at("2026-10-25T19:00:00Z"),
        label: Label { zone: "Europe/Berlin".to_owned(), from: day, to: day },
        operator: None,
        missing: None,
        figures,
    };
    let closed = Closed { close, seq: 42, anchor: Anchor::of(7, &[7; 32]), comparisons: vec![comparison] };
    ClosePaper { merchant: vec![], closed, names: BTreeMap::new(), marks: Marks::default() }
}

fn plain(paper: &ClosePaper, language: Language) -> String {
    grid::plain_text(&paper.document(language), 64).replace('\u{a0}', " ")
}

#[test]
fn a_close_says_its_number_sums_lists_and_anchor_in_both_languages() {
    let english = plain(&paper(), Language::English);
    for words in [
        "Day close no. 7",
        "2026-10-25 (Europe/Berlin)",
        "12,345.50 TRY",
        "12,245.50 TRY",
        "70.00 EUR",
        "Not known yet (1)",
        "In progress (1)",
        "Settled since the last close (1)",
        "approved here, not known there",
        &Anchor::of(7, &[7; 32]).to_string(),
    ] {
        assert!(english.contains(words), "{words}\n{english}");
    }
    let turkish = plain(&paper(), Language::Turkish);
    for words in ["Gün sonu no. 7", "12.345,50 TRY", "Henüz bilinmiyor (1)", "burada onaylı, orada bilinmiyor", "Çapa"]
    {
        assert!(turkish.contains(words), "{words}\n{turkish}");
    }
}

#[test]
fn nothing_on_a_close_shows_more_of_a_card_than_its_last_digits() {
    // A booking number that is a card number: it is masked as everywhere.
    let text = plain(&paper(), Language::English);
    assert!(!text.contains("4155650100416111") && text.contains("6111"), "{text}");
}

#[test]
fn an_empty_close_and_one_after_a_restored_backup_say_so() {
    let mut empty = paper();
    empty.closed.close.figures = Figures::default();
    empty.closed.comparisons.clear();
    empty.closed.close.missing =
        Some(MissingSpan { from: at("2026-10-25T00:30:00Z"), until: at("2026-10-25T01:30:00Z") });
    let text = plain(&empty, Language::English);
    assert!(text.contains("Nothing was recorded."), "{text}");
    // The hour that comes twice is told apart.
    let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("02:30:00 (UTC+02:00) and 25 Oct 2026 02:30:00 (UTC+01:00) is missing here"), "{words}");
}

#[test]
fn training_is_marked() {
    let mut training = paper();
    training.marks.training = true;
    assert_ne!(plain(&training, Language::English), plain(&paper(), Language::English));
}
