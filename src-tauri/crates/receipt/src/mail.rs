//! A mail's draft: the address that opens one in whatever the system writes mail with (RFC 6068).

use std::fmt::Write as _;

use crate::block::Document;
use crate::grid::plain_text;

/// Columns of a mail's text: few enough for the narrow column of a mail program.
const COLUMNS: usize = 48;

/// The address of a draft with the paper's title as subject and its plain text as body. `to` may be empty; nothing in it can
/// add a field or a second recipient.
#[must_use]
pub fn draft(document: &Document, to: &str) -> String {
    let mut address = "mailto:".to_owned();
    encode(&mut address, to.trim(), |byte| byte == b'@');
    address.push_str("?subject=");
    encode(&mut address, document.title.as_str(), |_| false);
    address.push_str("&body=");
    // Lines end as mail's lines do.
    encode(&mut address, &plain_text(document, COLUMNS).replace('\n', "\r\n"), |_| false);
    address
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
    use crate::Language;
    use crate::block::{Block, Text};

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
        assert!(body.starts_with("100%25%20%C3%A7ekildi%3F%0D%0A----"), "{body}");
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
}
