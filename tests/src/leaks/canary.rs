//! A card that is looked for, in every form in which a program may have written it down.

use base64::Engine as _;

/// A card whose number and security code stand for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canary<'a> {
    /// The number, digits only.
    pub number: &'a str,
    /// The security code. Four digits can be told from chance anywhere, three only beside a word for them.
    pub code: &'a str,
}

/// Bytes to look for, and what it means to find them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Of which card, and how written: `1013 grouped`.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// So many digits of a number beyond those that may be kept make a find: eight at the front, and four more.
const FRONT: usize = 12;
/// What is a find at the end: four digits that may be kept, and six more.
const BACK: usize = 10;

impl Canary<'_> {
    /// The number in the groups in which people write it.
    #[must_use]
    pub fn typed(&self) -> String {
        grouped(self.number, " ")
    }

    fn form(&self, how: &str, bytes: impl Into<Vec<u8>>) -> Form {
        let last = self.number.get(self.number.len().saturating_sub(4)..).unwrap_or_default();
        Form { name: format!("{last} {how}"), bytes: bytes.into() }
    }

    /// The whole number, written in a dozen ways.
    #[must_use]
    pub fn whole(&self) -> Vec<Form> {
        let digits = self.number;
        let mut forms = vec![self.form("plain", digits), self.form("UTF-16", utf_16(digits))];
        for (separator, name) in
            [(" ", "grouped"), ("-", "hyphens"), (".", "dots"), ("%20", "in a form"), ("+", "plus")]
        {
            forms.push(self.form(name, grouped(digits, separator)));
        }
        forms.push(self.form("no-break spaces", grouped(digits, "\u{a0}")));
        forms.push(self.form("grouped UTF-16", utf_16(&grouped(digits, " "))));
        forms.push(self.form("UTF-32", digits.bytes().flat_map(|digit| [digit, 0, 0, 0]).collect::<Vec<_>>()));
        for offset in 0..3 {
            forms.push(self.form("base64", base64_inside(digits, offset)));
            forms.push(self.form("grouped base64", base64_inside(&grouped(digits, " "), offset)));
        }
        forms.push(self.form("hex", hex(digits)));
        forms.push(self.form("percent", digits.bytes().map(|digit| format!("%{digit:02x}")).collect::<String>()));
        forms.push(self.form("escaped", digits.bytes().map(|digit| format!("\\u00{digit:02x}")).collect::<String>()));
        forms.push(self.form("as numbers", digits.bytes().map(|digit| digit.saturating_sub(b'0')).collect::<Vec<_>>()));
        forms.push(self.form("reversed", digits.chars().rev().collect::<String>()));
        forms
    }

    /// More of the number than may be kept of it: its beginning as it is typed, its end.
    #[must_use]
    pub fn parts(&self) -> Vec<Form> {
        let front = self.number.get(..FRONT).unwrap_or_default();
        let back = self.number.get(self.number.len().saturating_sub(BACK)..).unwrap_or_default();
        let typed = grouped(front, " ");
        vec![
            self.form("front", front),
            self.form("front grouped", typed.clone()),
            self.form("front UTF-16", utf_16(front)),
            self.form("front grouped UTF-16", utf_16(&typed)),
            self.form("end", back),
            self.form("end UTF-16", utf_16(back)),
        ]
    }

    /// The security code where it can mean nothing else: beside a word for it.
    #[must_use]
    pub fn code_named(&self) -> Vec<Form> {
        let mut forms = Vec::new();
        for name in ["cvc", "cvv", "cvv2", "cvc2", "security_code", "securityCode", "Cvc", "Cvv", "CVC", "CVV"] {
            for between in ["\":\"", "\": \"", "=", ": ", ":", "\":", " ", "(\"", "\\\":\\\"", "=\""] {
                forms.push(self.form(&format!("code after {name}{between}"), format!("{name}{between}{}", self.code)));
            }
        }
        forms
    }

    /// The security code by itself, in both widths, to be judged by its surroundings ([`super::search::stands_alone`]). None for
    /// one of three digits: every time of the day with thousandths holds those.
    #[must_use]
    pub fn code_alone(&self) -> Vec<Form> {
        if self.code.len() < 4 {
            return Vec::new();
        }
        vec![self.form("code", self.code), self.form("code UTF-16", utf_16(self.code))]
    }

    /// What must be in no file, output, argument or environment.
    #[must_use]
    pub fn on_disk(&self) -> Vec<Form> {
        let quoted = self.form("code quoted", format!("\"{}\"", self.code));
        [self.in_memory(), vec![quoted]].concat()
    }

    /// What is looked for in memory, beside [`Canary::code_alone`].
    #[must_use]
    pub fn in_memory(&self) -> Vec<Form> {
        [self.whole(), self.parts(), self.code_named()].concat()
    }
}

/// The digits in groups as people write them.
fn grouped(digits: &str, separator: &str) -> String {
    let sizes: &[usize] = if digits.len() == 15 { &[4, 6, 5] } else { &[4; 5] };
    let (mut rest, mut groups) = (digits, Vec::new());
    for size in sizes {
        let (group, after) = rest.split_at_checked(*size).unwrap_or((rest, ""));
        groups.push(group);
        rest = after;
    }
    groups.retain(|group| !group.is_empty());
    groups.join(separator)
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// What base64 makes of a text that stands `offset` bytes behind a multiple of three: the first and last group depend on the
/// neighbours, what lies between does not.
fn base64_inside(text: &str, offset: usize) -> String {
    let padded = [&vec![b'x'; offset], text.as_bytes()].concat();
    let whole = base64::engine::general_purpose::STANDARD_NO_PAD.encode(padded);
    let from = if offset == 0 { 0 } else { 4 };
    whole.get(from..whole.len().saturating_sub(4)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::search::Search;
    use super::*;

    const CARD: Canary<'static> = Canary { number: "4155650000001013", code: "907" };

    #[test]
    fn every_way_of_writing_a_card_is_found_and_what_may_be_kept_is_not() {
        let encode = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
        let search = Search::of(CARD.on_disk());
        for text in [
            "x4155650000001013y".to_owned(),
            "4155 6500 0000 1013".to_owned(),
            "4155-6500-0000-1013".to_owned(),
            "4155%206500%200000%201013".to_owned(),
            "4155 6500 0000 1".to_owned(),
            "****0000001013".to_owned(),
            encode("{\"cardNumber\":\"4155650000001013\"}".to_owned()),
            encode("ab4155650000001013cd".to_owned()),
            encode("4155650000001013".to_owned()),
            "34313535363530303030303031303133".to_owned(),
            r#"{"cvc":"907"}"#.to_owned(),
        ] {
            assert!(!search.found_in(text.as_bytes()).is_empty(), "{text}");
        }
        assert!(!search.found_in(&utf_16("4155 6500 0000 1013")).is_empty());
        assert!(search.found_in(b"415565****1013 41556500 1013 4155650000011021 907").is_empty());
    }

    #[test]
    fn fifteen_digits_are_grouped_as_on_the_card() {
        assert_eq!(grouped("374427000001555", " "), "3744 270000 01555");
        assert_eq!(grouped("4155650000001013", " "), "4155 6500 0000 1013");
    }
}
