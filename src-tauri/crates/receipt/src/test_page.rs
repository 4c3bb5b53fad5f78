//! A printer's test page: whether every letter, width and the knife are as the settings say.

use jiff::tz::TimeZone;
use vezne_core::time::Timestamp;

use crate::block::{Align, Block, Document, Row, Text};
use crate::figures::moment;
use crate::{HeaderLine, Language};

/// What a test page says in one language.
struct Words {
    title: &'static str,
    says: &'static str,
    letters: &'static str,
    amounts: &'static str,
    time: &'static str,
    ends: &'static str,
}

const fn words(language: Language) -> Words {
    match language {
        Language::English => Words {
            title: "Test page",
            says: "If the letters below are right and the last line is above the cut, the printer is set up.",
            letters: "Letters",
            amounts: "Amounts",
            time: "Time",
            ends: "End of the test page",
        },
        Language::Turkish => Words {
            title: "Deneme sayfası",
            says: "Aşağıdaki harfler doğruysa ve son satır kesim yerinin üstündeyse yazıcı hazırdır.",
            letters: "Harfler",
            amounts: "Tutarlar",
            time: "Zaman",
            ends: "Deneme sayfasının sonu",
        },
    }
}

/// The test page: the merchant's header, every Turkish letter, signs that no code page has, a rule, figures.
#[must_use]
pub fn test_page(merchant: &[HeaderLine], at: Timestamp, zone: &TimeZone, language: Language) -> Document {
    let words = words(language);
    let head: Vec<Text> = merchant.iter().map(Text::from).filter(|line| !line.is_empty()).collect();
    let row = |label: &str, value: &str, align| Row {
        label: Text::new(label),
        value: Text::new(value),
        align,
        strong: false,
    };
    let mut blocks = Vec::new();
    if !head.is_empty() {
        blocks.extend([Block::Head(head), Block::Rule]);
    }
    blocks.extend([
        Block::Title(Text::new(words.title)),
        Block::Paragraph(Text::new(words.says)),
        Block::Rows(vec![
            row(words.letters, "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ", Align::Left),
            row(words.letters, "abcçdefgğhıijklmnoöprsştuüvyz", Align::Left),
            row(words.letters, "3 × 185 – “ ” … € ₺", Align::Left),
            row(words.amounts, "1.234.567,89 TRY", Align::Right),
            row(words.time, &moment(at, zone, language), Align::Left),
        ]),
        Block::Rule,
        Block::Strong(Text::new(words.ends)),
    ]);
    Document { language, title: Text::new(words.title), moment: at, blocks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid;

    #[test]
    fn a_test_page_holds_every_turkish_letter_and_the_header() {
        let merchant = [HeaderLine::typed("Işık Oto").unwrap()];
        for (language, title) in [(Language::English, "Test page"), (Language::Turkish, "Deneme sayfası")] {
            let page = test_page(&merchant, Timestamp::from_millis(0), &TimeZone::UTC, language);
            let text = grid::plain_text(&page, 48);
            assert!(text.contains(title) && text.contains("Işık Oto"), "{text}");
            assert!("çğıöşüÇĞİÖŞÜ₺".chars().all(|letter| text.contains(letter)), "{text}");
        }
    }
}
