//! The columns as they are told, and the README's table made of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::tz::{Offset, TimeZone};

use super::samples::istanbul;
use crate::{COLUMNS, Code, EvidenceKind, Language, Zone};

fn columns() -> String {
    let mut text = String::from("| name | English | Turkish | holds |\n|---|---|---|---|\n");
    for column in COLUMNS {
        let [english, turkish] = Language::EVERY.map(|language| column.title_in(language));
        writeln!(text, "| `{}` | {english} | {turkish} | {} |", column.name, column.about).unwrap();
    }
    text
}

#[test]
fn the_readmes_table_is_made_of_the_columns() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (begin, end) = ("<!-- begin columns -->\n", "<!-- end columns -->");
    let (head, rest) = readme.split_once(begin).expect("the README has the marker");
    let (_, tail) = rest.split_once(end).expect("the README has the end marker");
    let current = format!("{head}{begin}\n{}\n{end}{tail}", columns());
    if std::env::var_os("VEZNE_UPDATE_DOCS").is_some() {
        std::fs::write(path, &current).unwrap();
    } else {
        assert_eq!(readme, current, "run VEZNE_UPDATE_DOCS=1 cargo test -p vezne-export");
    }
}

#[test]
fn no_two_columns_can_be_taken_for_each_other() {
    let names: BTreeSet<&str> = COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(names.len(), COLUMNS.len());
    for language in Language::EVERY {
        let titles: BTreeSet<String> = COLUMNS.iter().map(|column| column.title(&istanbul(language))).collect();
        assert_eq!(titles.len(), COLUMNS.len());
    }
}

#[test]
fn a_time_zone_is_found_again_by_its_name() {
    for name in ["Europe/Istanbul", "Europe/Berlin", "UTC", "+03:00", "-09:30", "+05:53:28"] {
        assert_eq!(name.parse::<Zone>().unwrap().name(), name);
    }
    let fixed = TimeZone::fixed(Offset::from_seconds(-12_600).unwrap());
    assert_eq!(Zone::try_from(fixed).unwrap().name(), "-03:30");
    for name in
        ["", "Istanbul", "europe/istanbul", "+3", "+03", "+03:60", "+99:00", "+03:00:00", "+03:00:00:00", "+-3:00"]
    {
        assert!(name.parse::<Zone>().is_err(), "{name}");
    }
    assert!(Zone::try_from(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()).is_err());
}

#[test]
fn a_code_is_never_anything_that_needs_a_mark() {
    for text in ["card_declined", "x", "a1"] {
        assert_eq!(text.parse::<Code>().unwrap().as_str(), text);
    }
    for text in ["", "1a", "_a", "A", "a b", "a=1", "ı", &"a".repeat(65)] {
        assert!(text.parse::<Code>().is_err(), "{text}");
    }
}

#[test]
fn each_kind_of_evidence_has_cores_word() {
    use vezne_core::evidence::{Claim, Evidence, SupervisorWord};
    let word = || SupervisorWord {
        operator: "opr_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
        reason: "slip".parse().unwrap(),
        saw: None,
    };
    let every = [
        Evidence::GatewayStatus(vezne_core::status::Seen::default()),
        Evidence::PayAnswer,
        Evidence::ReturnAndProbe(Claim::Success),
        Evidence::ReturnAlone(Claim::Failure),
        Evidence::Supervisor(word()),
        Evidence::CounterEntry(word()),
    ];
    assert_eq!(every.each_ref().map(EvidenceKind::from), EvidenceKind::EVERY[..6]);
    for evidence in &every {
        assert_eq!(EvidenceKind::from(evidence).word(), evidence.word());
        assert_eq!(EvidenceKind::from_word(evidence.word()), Some(EvidenceKind::from(evidence)));
    }
}
