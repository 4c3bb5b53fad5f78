//! A paper that is no receipt: tables and headings, as a day close has them.

use vezne_receipt::Language;
use vezne_receipt::block::{Align, Block, Column, Document, Row, Table, TableRow, Text};
use vezne_receipt::grid::{columns_of, lay_out};
use vezne_receipt::pdf::{self, Paper};

use crate::pdfs::extracted;
use crate::samples::at;

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
