//! What a printer makes of the bytes, held against the plain text.

use unicode_normalization::char::is_combining_mark;
use vezne_receipt::Receipt;
use vezne_receipt::block::{Block, Document, Text};
use vezne_receipt::escpos::{CodePage, Columns, Cutter, Letters, Printer, write};
use vezne_receipt::grid::{Look, lay_out};
use vezne_receipt::raster;

use crate::printer::{Out, drawn, print};
use crate::samples::{LANGUAGES, every, plain};
use crate::{close, folder};

pub(crate) const COLUMNS: [Columns; 3] = [Columns::C48, Columns::C42, Columns::C32];

pub(crate) fn own(page: CodePage) -> Letters {
    Letters::Own { page, number: page.usual_number() }
}

pub(crate) fn printer(columns: Columns, letters: Letters) -> Printer {
    Printer { columns, letters, feed: 4, cutter: Cutter::Partial }
}

/// What a line of plain text becomes on a printer that lacks some marks of typography.
fn plainer(text: &str) -> String {
    text.replace(['–', '−'], "-").replace(['‘', '’'], "'").replace('×', "x")
}

/// Each line in its order: in letters as it is written, or drawn.
pub(crate) fn assert_printed(document: &Document, columns: Columns, out: &[Out]) -> usize {
    let mut pictures = 0;
    let lines = lay_out(document, columns.count());
    assert_eq!(out.len(), lines.len() + 2, "{out:#?}");
    for (line, printed) in lines.iter().zip(out) {
        match printed {
            Out::Line { text, bold, wide, high } => {
                assert_eq!(plainer(text), plainer(&line.text()));
                let look = match (wide, high) {
                    (1, 1) if *bold => Look::Bold,
                    (1, 1) => Look::Plain,
                    (1, 2) => Look::Tall,
                    (2, 2) => Look::Double,
                    other => panic!("{other:?}"),
                };
                assert_eq!(look, line.look);
            }
            Out::Dots(rows) => {
                pictures += 1;
                assert_eq!(rows[0].len(), usize::from(columns.dots()));
                assert!(line.spans.iter().any(|span| !span.text.trim().is_empty()));
                // A mark without a letter to stand on is nothing to see.
                let to_see = line.text().chars().any(|c| !c.is_whitespace() && !is_combining_mark(c));
                assert!(!to_see || rows.iter().flatten().any(|black| *black), "nothing is drawn of {:?}", line.text());
                // The uppermost and lowest rows are the gap to the next lines.
                assert!(rows.last().unwrap().iter().all(|black| !black), "{:?} is cut off below", line.text());
            }
            Out::Feed(_) | Out::Cut(_) => panic!("{printed:?} amid the text"),
        }
    }
    assert_eq!(out[lines.len()..], [Out::Feed(4), Out::Cut(b'B')]);
    pictures
}

#[test]
fn every_receipt_is_printed_line_by_line_as_its_plain_text() {
    for (name, receipt) in every() {
        for language in LANGUAGES {
            let document = receipt.document(language);
            for columns in COLUMNS {
                for (page, letters) in
                    [("857", own(CodePage::Cp857)), ("1254", own(CodePage::Windows1254)), ("ascii", Letters::Ascii)]
                {
                    let bytes = write(&document, printer(columns, letters)).unwrap();
                    let out = print(&bytes, columns.count());
                    let pictures = assert_printed(&document, columns, &out);
                    assert_eq!(pictures > 0, page == "ascii", "{name}: {pictures} lines are drawn with {page}");
                    // Pictures take their time: some, for looking at.
                    let shown = ["approved", "worst", "declined", "unknown"].contains(&name) && columns != Columns::C42;
                    if shown && page != "1254" && language == LANGUAGES[1] {
                        let file = format!("{name}-{}-{page}.png", columns.count());
                        std::fs::write(folder().join(file), drawn(&out, usize::from(columns.dots()))).unwrap();
                    }
                }
            }
        }
    }
}

#[test]
fn a_sum_of_many_columns_is_printed_too() {
    for columns in COLUMNS {
        let bytes = write(&close::document(), printer(columns, own(CodePage::Cp857))).unwrap();
        let out = print(&bytes, columns.count());
        assert_eq!(assert_printed(&close::document(), columns, &out), 0);
        let file = folder().join(format!("close-{}.png", columns.count()));
        std::fs::write(file, drawn(&out, usize::from(columns.dots()))).unwrap();
    }
}

#[test]
fn a_printer_without_letters_prints_the_whole_paper_as_the_preview_shows_it() {
    for (name, receipt) in every() {
        let document = receipt.document(LANGUAGES[1]);
        for columns in COLUMNS {
            let out = print(&write(&document, printer(columns, Letters::Drawn)).unwrap(), columns.count());
            let mut rows = Vec::new();
            for piece in &out[..out.len() - 2] {
                let Out::Dots(band) = piece else { panic!("{piece:?}") };
                rows.extend(band.iter().cloned());
            }
            let preview = raster::draw(&document, columns.dots()).unwrap();
            assert_eq!((rows[0].len(), rows.len()), (preview.width(), preview.height()));
            for (y, row) in rows.iter().enumerate() {
                let same = row.iter().enumerate().all(|(x, black)| *black == preview.is_black(x, y));
                assert!(same, "row {y} differs");
            }
            let file = folder().join(format!("{name}-{}-drawn.png", columns.count()));
            std::fs::write(file, preview.png().unwrap()).unwrap();
        }
    }
}

#[test]
fn a_line_with_a_letter_that_the_page_lacks_is_drawn_and_its_neighbours_are_not() {
    let mut document = plain().document(LANGUAGES[1]);
    document.blocks = vec![
        Block::Paragraph(Text::new("Şarj 100 TL")),
        Block::Paragraph(Text::new("Şarj ₺100")),
        Block::Figure(Text::new("₺100")),
        Block::Paragraph(Text::new("Ödendi")),
    ];
    let bytes = write(&document, printer(Columns::C48, own(CodePage::Cp857))).unwrap();
    let out = print(&bytes, 48);
    assert_eq!(assert_printed(&document, Columns::C48, &out), 2);
    assert!(matches!((&out[0], &out[1], &out[3]), (Out::Line { .. }, Out::Dots(_), Out::Line { .. })), "{out:?}");
    std::fs::write(folder().join("lira-48.png"), drawn(&out, 576)).unwrap();
}

#[test]
fn the_cut_is_the_one_that_was_asked_for_and_no_drawer_is_opened() {
    for (cutter, cut) in [(Cutter::None, None), (Cutter::Full, Some(b'A')), (Cutter::Partial, Some(b'B'))] {
        let wanted = Printer { cutter, feed: 7, ..printer(Columns::C32, own(CodePage::Windows1254)) };
        let bytes = write(&plain().document(LANGUAGES[0]), wanted).unwrap();
        let out = print(&bytes, 32);
        let end: Vec<Out> = [Some(Out::Feed(7)), cut.map(Out::Cut)].into_iter().flatten().collect();
        assert_eq!(out[out.len() - end.len()..], end);
        // ESC p, and DLE DC4, which open a drawer.
        assert!(!bytes.windows(2).any(|pair| pair == b"\x1bp" || pair == b"\x10\x14"));
    }
}

#[test]
fn a_code_page_by_another_number_is_selected_by_that_number() {
    let letters = Letters::Own { page: CodePage::Cp857, number: 29 };
    let bytes = write(&plain().document(LANGUAGES[1]), printer(Columns::C48, letters)).unwrap();
    assert!(bytes.windows(3).any(|three| three == [0x1b, b't', 29]));
}

#[test]
fn commands_in_a_name_come_out_as_letters() {
    let attack = "\u{1b}p\u{0}\u{19}\u{fa}\n\u{1d}V\u{0}\u{10}\u{14}\u{1}\u{9b}\u{1c}&";
    let receipt = Receipt {
        merchant: vec![crate::samples::line(attack)],
        operator: Some(crate::samples::said(attack)),
        ..plain()
    };
    for letters in [own(CodePage::Cp857), own(CodePage::Windows1254), Letters::Ascii, Letters::Drawn] {
        let bytes = write(&receipt.document(LANGUAGES[0]), printer(Columns::C48, letters)).unwrap();
        // The played printer stops at every command that the writer has no business to send.
        assert!(print(&bytes, 48).len() > 2);
    }
}
