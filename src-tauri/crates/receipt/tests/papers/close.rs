//! A paper that is no receipt: tables and headings, as a day close has them.

use std::collections::BTreeMap;
use std::process::Command;

use vezne_core::account::GatewayKind;
use vezne_core::attempt::Outcome;
use vezne_core::close::{
    About, Anchor, Cell, Closed, Comparison, Covers, DayClose, Difference, Figures, Finding, Label, Late, Listed, Plan,
    Recorded, Standing, Sum, Sums,
};
use vezne_core::ids::{AttemptId, OperatorId, PaymentId};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::MissingSpan;
use vezne_core::time::Millis;
use vezne_receipt::block::{Align, Block, Column, Document, Row, Table, TableRow, Text};
use vezne_receipt::grid::{columns_of, lay_out};
use vezne_receipt::pdf::{self, Paper};
use vezne_receipt::{ClosePaper, HeaderLine, Language, Marks};

use crate::folder;
use crate::pdfs::{assert_line_by_line, extracted};
use crate::samples::{LANGUAGES, at};

pub(crate) fn document() -> Document {
    let column = |head: &str, align| Column { head: Text::new(head), align };
    let row = |cells: &[&str], strong| TableRow { cells: cells.iter().copied().map(Text::new).collect(), strong };
    let row_of = |label: &str, value: &str| Row {
        label: Text::new(label),
        value: Text::new(value),
        align: Align::Right,
        strong: false,
    };
    let table = Table {
        columns: vec![column("Hesap", Align::Left), column("Adet", Align::Right), column("Tutar", Align::Right)],
        rows: vec![
            row(&["Antalya Finrota", "118", "1.204.554,90\u{a0}TRY"], false),
            row(&["Havalimanı Dış Hatlar Yolcu360 acente hesabı", "7", "98.120,00\u{a0}TRY"], false),
            row(&["Toplam", "125", "1.302.674,90\u{a0}TRY"], true),
        ],
    };
    let wide = Table {
        columns: ["Ödeme", "Durum", "Onaylanan", "İade", "Reddedilen", "Gönderilmeyen"]
            .into_iter()
            .map(|head| column(head, if head == "Ödeme" { Align::Left } else { Align::Right }))
            .collect(),
        rows: vec![row(&["RZV-2026-004711", "bilinmiyor", "1.250,00", "0,00", "125.000,00", "17.500,00"], false)],
    };
    let blocks = vec![
        Block::Head(vec![Text::new("Işık Oto Kiralama A.Ş.")]),
        Block::Rule,
        Block::Title(Text::new("Gün sonu 42")),
        Block::Figure(Text::new("1.302.674,90\u{a0}TRY")),
        Block::Rows(vec![row_of("Açılış", "21.11.2026 08:00"), row_of("Kapanış", "21.11.2026 23:10")]),
        Block::Heading(Text::new("Hesaplara göre")),
        Block::Table(table),
        Block::Heading(Text::new("Sonucu bilinmeyenler")),
        Block::Table(wide),
        Block::Gap,
        Block::Small(Text::new("Mali değeri yoktur.")),
    ];
    Document { language: Language::Turkish, title: Text::new("Gün sonu 42"), moment: at(), blocks }
}

#[test]
fn a_table_stands_in_columns_where_there_is_room_and_becomes_lists_where_there_is_none() {
    let lines = |columns| -> Vec<String> { lay_out(&document(), columns).iter().map(|line| line.text()).collect() };
    let wide = lines(80);
    assert!(wide.iter().any(|line| line.starts_with("RZV-2026-004711") && line.ends_with("17.500,00")), "{wide:#?}");
    let narrow = lines(32);
    assert!(narrow.iter().any(|line| line == "RZV-2026-004711"), "{narrow:#?}");
    assert!(narrow.iter().any(|line| line == "Gönderilmeyen          17.500,00"), "{narrow:#?}");
    assert!(narrow.iter().all(|line| columns_of(line) <= 32));
}

#[test]
fn every_figure_of_a_table_is_on_every_paper() {
    for (paper, name) in [(Paper::A4, "close-a4"), (Paper::Roll80, "close-80"), (Paper::Roll58, "close-58")] {
        let text = extracted(name, &pdf::write(&document(), paper).unwrap());
        for figure in ["1.204.554,90 TRY", "98.120,00 TRY", "125.000,00", "17.500,00", "RZV-2026-004711", "acente"] {
            assert!(text.contains(figure), "{name}: {figure} is not in {text}");
        }
    }
}

fn listed(n: u8) -> Listed {
    Listed {
        opened: at(),
        about: About::Attempt(AttemptId::from_parts(at(), [n; 10])),
        payment: PaymentId::from_parts(at(), [n; 10]),
        account: "Havalimanı Dış Hatlar".parse().unwrap(),
        subject: Some(format!("RZV-2026-{n:04}")),
        amount: Some(Money::from_minor(125_000 + i64::from(n), Currency::TRY)),
        last_four: None,
        since: at(),
    }
}

fn cell(account: &str, currency: Currency, plan: Plan, operator: Option<u8>, sums: Sums) -> Cell {
    Cell {
        account: "counter".parse().unwrap(),
        account_name: account.parse().unwrap(),
        gateway: GatewayKind::Finrota,
        currency: Some(currency),
        operator: operator.map(|n| OperatorId::from_parts(at(), [n; 10])),
        plan,
        sums,
    }
}

/// A close as a busy day with a restored backup leaves it: two currencies, sixty open ones, a difference.
fn busy() -> ClosePaper {
    let sum = |count, minor| Sum { count, minor };
    let sums = Sums { approved: sum(118, 120_455_490), reversed: sum(2, 55_000), ..Sums::default() };
    let taken_back = Sums { withdrawn: sum(1, 9_812_000), ..Sums::default() };
    let figures = Figures {
        cells: vec![
            cell("Antalya Finrota", Currency::TRY, Plan::Installments(3), Some(1), sums),
            cell("Yolcu360 acente", Currency::TRY, Plan::CreditLimit, None, taken_back),
            cell(
                "Antalya Finrota",
                Currency::EUR,
                Plan::Installments(1),
                Some(1),
                Sums { approved: sum(3, 214_000), ..Sums::default() },
            ),
        ],
        open: (0..60).map(|n| (Standing::Unknown, listed(n))).collect(),
        late: vec![Late { line: listed(61), outcome: Recorded::Approved }],
        ..Figures::default()
    };
    let day = "2026-11-21".parse().unwrap();
    let close = DayClose {
        number: 42,
        covers: Covers { after: 20, since: Some(at()), tip: 941, tip_hash: "ab".repeat(32) },
        at: at(),
        label: Label { zone: "Europe/Istanbul".to_owned(), from: day, to: day },
        operator: Some(OperatorId::from_parts(at(), [1; 10])),
        missing: Some(MissingSpan { from: at(), until: at().after(Millis::hours(2)) }),
        figures,
    };
    let difference = Difference {
        attempt: AttemptId::from_parts(at(), [4; 10]),
        payment: PaymentId::from_parts(at(), [4; 10]),
        account: "Yolcu360 acente".parse().unwrap(),
        subject: "order_1".to_owned(),
        amount: None,
        ours: Some(Outcome::Approved),
        finding: Finding::NotReturnedThere,
        seen: None,
    };
    let comparison = Comparison {
        number: 42,
        close_seq: 942,
        began: at(),
        ended: at(),
        operator: None,
        agreed: 118,
        unanswered: 0,
        cannot_be_asked: 7,
        nothing_sent: 1,
        left: 0,
        differences: vec![difference],
    };
    let closed = Closed { close, seq: 942, anchor: Anchor::of(42, &[42; 32]), comparisons: vec![comparison] };
    let names = BTreeMap::from([(OperatorId::from_parts(at(), [1; 10]), "Çağla Işık".to_owned())]);
    let merchant = vec![HeaderLine::typed("Işık Oto Kiralama A.Ş.").unwrap()];
    ClosePaper { merchant, closed, names, marks: Marks { training: true, ..Marks::default() } }
}

#[test]
fn a_real_closes_paper_says_line_by_line_what_the_close_says_on_as_many_pages_as_it_needs() {
    for language in LANGUAGES {
        let document = busy().document(language);
        let name = format!("busy-close-{}-a4", language.code());
        assert_line_by_line(&name, &document, &extracted(&name, &pdf::write(&document, Paper::A4).unwrap()));
        // On a roll a long label stands in several lines beside its figures; nothing is left out.
        for (paper, short) in [(Paper::Roll80, "80"), (Paper::Roll58, "58")] {
            let name = format!("busy-close-{}-{short}", language.code());
            let text = extracted(&name, &pdf::write(&document, paper).unwrap());
            let anchor = Anchor::of(42, &[42; 32]).to_string();
            for words in ["RZV-2026-0000", "RZV-2026-0059", "RZV-2026-0061", "order_1", &anchor] {
                assert!(text.contains(words), "{name}: {words} is not in {text}");
            }
        }
    }
    let text = extracted("busy-close", &pdf::write(&busy().document(Language::Turkish), Paper::A4).unwrap());
    for words in [
        "EĞİTİM MODU",
        "Gün sonu no. 42",
        "Çağla Işık",
        "1.204.554,90 TRY",
        "-98.120,00 TRY",
        "2.140,00 EUR",
        "Henüz bilinmiyor (60)",
        "RZV-2026-0059",
        "burada iptal edildi, orada duruyor",
        "Sorulamıyor",
        &Anchor::of(42, &[42; 32]).to_string(),
    ] {
        assert!(text.replace('\u{2212}', "-").contains(words), "{words}: {text}");
    }
}

#[test]
fn the_pages_of_a_close_are_drawn_with_ink_inside_their_margins() {
    let bytes = pdf::write(&busy().document(Language::Turkish), Paper::A4).unwrap();
    extracted("drawn-close", &bytes);
    let pages = folder().join("drawn-close");
    let ended =
        Command::new("pdftoppm").args(["-r", "50", "-gray"]).arg(pages.with_extension("pdf")).arg(&pages).status();
    assert!(ended.expect("pdftoppm (poppler-utils) is needed: scripts/setup.sh test").success());
    for page in ["1", "2"] {
        let drawn = std::fs::read(folder().join(format!("drawn-close-{page}.pgm"))).unwrap();
        // P5, width, height, 255, then one byte for each dot.
        let head: Vec<&[u8]> = drawn.splitn(4, |byte| byte.is_ascii_whitespace()).collect();
        let number = |at: usize| std::str::from_utf8(head[at]).unwrap().parse::<usize>().unwrap();
        let (width, height) = (number(1), number(2));
        let dots = &drawn[drawn.len() - width * height..];
        let ink = dots.iter().filter(|dot| **dot < 128).count();
        assert!(ink > width * height / 200, "page {page} is as good as empty: {ink} of {} dots", dots.len());
        let edge = |place: usize| place % width < 10 || place % width >= width - 10;
        assert!(
            dots.iter().enumerate().all(|(place, dot)| !edge(place) || *dot > 200),
            "page {page} runs off its edge"
        );
    }
}
