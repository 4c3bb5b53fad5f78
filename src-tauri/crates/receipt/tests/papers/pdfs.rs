//! PDFs, read by poppler.

use std::process::Command;

use vezne_receipt::block::{Block, Document, Text};
use vezne_receipt::grid::plain_text;
use vezne_receipt::pdf::{self, Paper};

use crate::folder;
use crate::samples::{LANGUAGES, every, plain, worst};

const PAPERS: [(Paper, &str); 3] = [(Paper::A4, "a4"), (Paper::Roll80, "80"), (Paper::Roll58, "58")];

/// The text of a PDF as poppler extracts it, page by page as it lies on the paper.
pub(crate) fn extracted(name: &str, bytes: &[u8]) -> String {
    let file = folder().join(format!("{name}.pdf"));
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&file).arg("-").output();
    let output = output.expect("pdftotext (poppler-utils) is needed: scripts/setup.sh test");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The lines that a paper without an end to its width would have, without what only columns are drawn with.
fn meant(document: &Document) -> Vec<String> {
    let text = plain_text(document, 400);
    let lines = text.lines().map(|line| bare(line).trim_matches('*').to_owned());
    lines.filter(|line| !line.chars().all(|c| c == '-')).collect()
}

/// Each meant line is one line of the page or several whole ones, in order, and nothing else is on the page but its number.
pub(crate) fn assert_line_by_line(name: &str, document: &Document, text: &str) {
    let mut found = text.lines().map(bare).filter(|line| !line.is_empty() && !is_page_number(line));
    for line in meant(document) {
        let mut joined = String::new();
        while joined.chars().count() < line.chars().count() {
            joined += &found.next().unwrap_or_else(|| panic!("{name}: {line} is missing after {joined}"));
        }
        assert_eq!(joined, line, "{name}");
    }
    assert_eq!(found.next(), None, "{name}: more than was meant");
}

fn is_page_number(line: &str) -> bool {
    let rest = line.strip_prefix("Sayfa").or_else(|| line.strip_prefix("Page"));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[test]
fn every_receipt_says_in_its_pdf_what_it_says_in_plain_text() {
    for (name, receipt) in every() {
        for language in LANGUAGES {
            let document = receipt.document(language);
            for (paper, short) in PAPERS {
                let name = format!("{name}-{}-{short}", language.code());
                let text = extracted(&name, &pdf::write(&document, paper).unwrap());
                assert_line_by_line(&name, &document, &text);
            }
        }
    }
}

fn info(name: &str) -> String {
    let output = Command::new("pdfinfo").arg(folder().join(format!("{name}.pdf"))).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_roll_is_one_page_of_its_width_and_a4_turns_its_pages() {
    let mut document = worst().document(LANGUAGES[1]);
    for place in 0..120 {
        document.blocks.push(Block::Paragraph(Text::from(format!("Satır {place}"))));
    }
    extracted("long-80", &pdf::write(&document, Paper::Roll80).unwrap());
    let roll = info("long-80");
    // 226.77 points are 80 mm.
    assert!(roll.contains("Pages:           1\n") && roll.contains("Page size:       226.77 x "), "{roll}");
    let text = extracted("long-a4", &pdf::write(&document, Paper::A4).unwrap());
    assert_line_by_line("long-a4", &document, &text);
    let pages = info("long-a4");
    assert!(pages.contains("Page size:       595.28 x 841.89 pts (A4)\n"), "{pages}");
    assert!(text.contains("Sayfa 1/") && text.contains("Satır 119"), "{text}");
    assert!(pages.contains("Title:           Ödeme onaylandı\n"), "{pages}");
}

#[test]
fn the_fonts_are_inside_cut_down_and_tell_their_letters() {
    let bytes = pdf::write(&plain().document(LANGUAGES[1]), Paper::A4).unwrap();
    extracted("fonts", &bytes);
    let output = Command::new("pdffonts").arg(folder().join("fonts.pdf")).output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    let fonts: Vec<&str> = table.lines().skip(2).collect();
    assert_eq!(fonts.len(), 2, "{table}");
    for font in fonts {
        // emb, sub, uni
        assert!(font.starts_with("VEZNER+Inter-") && font.contains("yes yes yes"), "{table}");
    }
    assert!(bytes.len() < 40_000, "{} bytes", bytes.len());
}

#[test]
fn the_same_receipt_gives_the_same_file() {
    let document = plain().document(LANGUAGES[0]);
    assert_eq!(pdf::write(&document, Paper::A4).unwrap(), pdf::write(&document, Paper::A4).unwrap());
}

#[test]
fn letters_that_the_font_does_not_have_can_still_be_copied() {
    let mut document = plain().document(LANGUAGES[0]);
    document.blocks.push(Block::Paragraph(Text::new("Ж车Ω₺Ł")));
    let text = extracted("foreign", &pdf::write(&document, Paper::A4).unwrap());
    assert!(text.contains("Ж车Ω₺Ł"), "{text}");
}
