//! A mail's draft: the address that opens one in whatever the system writes mail with (RFC 6068).

use std::fmt::Write as _;

use crate::Language;
use crate::block::{Block, Document};
use crate::words::words;

/// The most characters of a draft's address: Windows passes no longer ones on.
const MOST: usize = 1_900;

/// The address of a draft with the paper's title as subject and its text as body. `to` may be empty; nothing in it can add a field or
/// a second recipient.
///
/// Other programs of the same machine can see such an address, so nothing of the card or its holder stands in it: that is in the PDF.
/// What is too long for an address is left out from the end, and the marks and the small print are not.
#[must_use]
pub fn draft(document: &Document, to: &str) -> String {
    let mut address = "mailto:".to_owned();
    encode(&mut address, to.trim(), |byte| byte == b'@');
    address.push_str("?subject=");
    encode(&mut address, document.title.as_str(), |_| false);
    address.push_str("&body=");
    let lines: Vec<(bool, String)> = document.blocks.iter().flat_map(|block| lines(block, document.language)).collect();
    let encoded = |line: &str| {
        let mut text = String::new();
        // Lines end as mail's lines do.
        encode(&mut text, &format!("{line}\r\n"), |_| false);
        text
    };
    let must: usize = lines.iter().filter(|(must, _)| *must).map(|(_, line)| encoded(line).len()).sum();
    let mut room = MOST.saturating_sub(address.len()).saturating_sub(must);
    let mut left_out = false;
    for (must, line) in &lines {
        let line = encoded(line);
        if !must {
            left_out = left_out || line.len() > room;
            room = room.saturating_sub(line.len());
        }
        if *must || !left_out {
            address.push_str(&line);
        }
    }
    address
}

/// The lines of a block, and whether they must be told.
fn lines(block: &Block, language: Language) -> Vec<(bool, String)> {
    let labels = &words(language).labels;
    match block {
        Block::Mark(text) | Block::Title(text) | Block::Figure(text) | Block::Strong(text) | Block::Small(text) => {
            vec![(true, text.as_str().to_owned())]
        }
        Block::Head(texts) => texts.iter().map(|text| (false, text.as_str().to_owned())).collect(),
        Block::Heading(text) | Block::Paragraph(text) => vec![(false, text.as_str().to_owned())],
        Block::Rows(rows) => rows
            .iter()
            .filter(|row| ![labels.card, labels.holder].contains(&row.label.as_str()))
            .map(|row| (false, format!("{}: {}", row.label.as_str(), row.value.as_str())))
            .collect(),
        Block::Table(_) => Vec::new(),
        Block::Rule | Block::Gap => vec![(false, String::new())],
    }
}

/// Percent-encodes everything but letters, digits and the four marks that never mean anything in an address.
fn encode(address: &mut String, text: &str, also: impl Fn(u8) -> bool) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') || also(byte) {
            address.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            write!(address, "%{byte:02X}").ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use vezne_core::time::Timestamp;

    use super::*;
    use crate::block::{Align, Row, Text};

    fn document() -> Document {
        Document {
            language: Language::Turkish,
            title: Text::new("Ödeme & iade"),
            moment: Timestamp::from_millis(0),
            blocks: vec![Block::Paragraph(Text::new("100% çekildi?")), Block::Rule],
        }
    }

    #[test]
    fn subject_and_text_are_encoded_whole() {
        let draft = draft(&document(), "ayse@example.com");
        let (head, body) = draft.split_once("&body=").unwrap();
        assert_eq!(head, "mailto:ayse@example.com?subject=%C3%96deme%20%26%20iade");
        assert!(body.starts_with("100%25%20%C3%A7ekildi%3F%0D%0A"), "{body}");
        assert!(draft.is_ascii());
    }

    #[test]
    fn a_recipient_adds_no_fields_and_no_second_one() {
        let draft = draft(&document(), "a@example.com?bcc=b@example.com,c@example.com&x");
        assert!(
            draft.starts_with("mailto:a@example.com%3Fbcc%3Db@example.com%2Cc@example.com%26x?subject="),
            "{draft}"
        );
    }

    #[test]
    fn nothing_of_the_card_or_its_holder_is_in_an_address() {
        let row = |label: &str, value: &str| Row {
            label: Text::new(label),
            value: Text::new(value),
            align: Align::Left,
            strong: false,
        };
        let labels = &words(Language::Turkish).labels;
        let rows = vec![
            row(labels.card, "Visa 41556501 **** 6111"),
            row(labels.holder, "İPEK ŞAĞLAM"),
            row(labels.payment, "pay_1"),
        ];
        let draft = draft(&Document { blocks: vec![Block::Rows(rows)], ..document() }, "");
        assert!(draft.contains("pay_1"), "{draft}");
        assert!(!draft.contains("41556501") && !draft.contains("6111") && !draft.contains("PEK"), "{draft}");
    }

    #[test]
    fn an_address_is_never_longer_than_any_system_takes_and_keeps_what_must_be_told() {
        let long = Block::Paragraph(Text::new(&"ğüşıöç ".repeat(60)));
        let mut blocks = vec![Block::Mark(Text::new("KOPYA 2")), Block::Title(Text::new("Ödeme onaylandı"))];
        blocks.extend(std::iter::repeat_n(long, 5));
        blocks.push(Block::Small(Text::new("Mali")));
        let draft = draft(&Document { blocks, ..document() }, "a@example.com");
        assert!(draft.len() <= MOST, "{}", draft.len());
        assert!(draft.contains("KOPYA%202") && draft.contains("onayland") && draft.contains("Mali"), "{draft}");
    }
}
