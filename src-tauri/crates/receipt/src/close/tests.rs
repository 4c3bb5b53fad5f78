use proptest::prelude::*;
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
        cannot_be_asked: 0,
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

/// What stands in the tables of a close's paper: the heading, and of each row its label, count and amount.
fn tables(document: &Document) -> Vec<(String, Vec<Vec<String>>)> {
    let mut found = Vec::new();
    let mut heading = String::new();
    for block in &document.blocks {
        match block {
            Block::Heading(text) => text.as_str().clone_into(&mut heading),
            Block::Table(table) => {
                let cells = |row: &TableRow| row.cells.iter().map(|cell| cell.as_str().to_owned()).collect();
                found.push((heading.clone(), table.rows.iter().map(cells).collect()));
            }
            Block::Head(_)
            | Block::Title(_)
            | Block::Mark(_)
            | Block::Strong(_)
            | Block::Paragraph(_)
            | Block::Small(_)
            | Block::Figure(_)
            | Block::Rows(_)
            | Block::Gap
            | Block::Rule => {}
        }
    }
    found
}

/// `1,234.50 TRY` as minor units and currency; nothing for an amount that is not known.
fn read_amount(text: &str) -> Option<(String, i64)> {
    let text = text.replace('\u{a0}', " ").replace('\u{2212}', "-");
    let (figures, currency) = text.rsplit_once(' ')?;
    let digits: String = figures.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    Some((currency.to_owned(), digits.parse().unwrap()))
}

fn sums() -> impl Strategy<Value = Sums> {
    let one = || prop_oneof![2 => Just(Sum::default()), 3 => (1..9_u32, 1..9_999_999_i64).prop_map(|(count, minor)| sum(count, minor))];
    (one(), one(), one(), one(), one()).prop_map(|(approved, reversed, withdrawn, reinstated, declined)| Sums {
        approved,
        reversed,
        withdrawn,
        reinstated,
        declined,
        ..Sums::default()
    })
}

fn cells() -> impl Strategy<Value = Vec<Cell>> {
    let currency = prop_oneof![Just(Some(Currency::TRY)), Just(Some(Currency::EUR)), Just(None)];
    let plan = prop_oneof![(1..4_u8).prop_map(Plan::Installments), Just(Plan::CreditLimit), Just(Plan::NotKnown)];
    let one = (0..4_u8, currency, proptest::option::of(0..3_u8), plan, sums()).prop_map(
        |(account, currency, operator, plan, sums)| Cell {
            account: format!("account-{account}").parse().unwrap(),
            account_name: format!("Hesap {account}").parse().unwrap(),
            operator: operator.map(|n| OperatorId::from_parts(at("2026-10-25T00:30:00Z"), [n; 10])),
            currency,
            ..cell(Currency::TRY, plan, sums)
        },
    );
    proptest::collection::vec(one, 0..20)
}

proptest! {
    /// Whoever adds up a breakdown on paper gets the total on the same paper, for each currency.
    #[test]
    fn every_breakdown_on_paper_adds_up_to_what_came_in(cells in cells()) {
        let mut paper = paper();
        paper.closed.close.figures.cells = cells.clone();
        let tables = tables(&paper.document(Language::English));
        let mut came_in = BTreeMap::new();
        let mut counted = 0_u32;
        for (_, rows) in tables.iter().filter(|(heading, _)| !heading.starts_with("By ")) {
            for row in rows {
                if row[0] == "Came in" {
                    let (currency, minor) = read_amount(&row[2]).unwrap();
                    prop_assert!(came_in.insert(currency, minor).is_none());
                } else if row[0] == "Approved" {
                    counted += row[1].parse::<u32>().unwrap();
                }
            }
        }
        for breakdown in ["By account", "By operator", "By plan"] {
            let mut sums: BTreeMap<String, i64> = BTreeMap::new();
            let mut count = 0_u32;
            for (_, rows) in tables.iter().filter(|(heading, _)| heading == breakdown) {
                for row in rows {
                    count += row[1].parse::<u32>().unwrap();
                    if let Some((currency, minor)) = read_amount(&row[2]) {
                        *sums.entry(currency).or_default() += minor;
                    }
                }
            }
            prop_assert_eq!(count, counted, "{}", breakdown);
            for (currency, minor) in &came_in {
                prop_assert_eq!(sums.get(currency).copied().unwrap_or_default(), *minor, "{} {}", breakdown, currency);
            }
        }
    }
}

#[test]
fn a_later_comparison_that_was_stopped_stands_beside_the_whole_one() {
    let mut stopped = paper();
    stopped.closed.comparisons[0].unanswered = 0;
    let first = stopped.closed.comparisons[0].clone();
    stopped.closed.comparisons.push(Comparison { differences: Vec::new(), agreed: 0, left: 5, ..first });
    let text = plain(&stopped, Language::English);
    assert!(text.contains("approved here, not known there"), "{text}");
    assert!(text.contains("Not asked (stopped)"), "{text}");
}
