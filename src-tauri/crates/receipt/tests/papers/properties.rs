//! What holds for every receipt, whatever is written into it from outside.

use proptest::prelude::*;
use vezne_core::card::CardNumber;
use vezne_receipt::escpos::{CodePage, Letters, write};
use vezne_receipt::grid::{Look, columns_of, lay_out, plain_text};
use vezne_receipt::pdf::{self, Paper};
use vezne_receipt::raster;
use vezne_receipt::{HeaderLine, Means, Numbers, Plan, Receipt, RefusedBy, Subject, Told};

use crate::printer::print;
use crate::prints::{COLUMNS, assert_printed, own, printer};
use crate::samples::{LANGUAGES, plain, said};

/// A receipt with that text in every field that comes from outside.
fn filled(text: &str, decline: bool) -> Receipt {
    let told = Told::Refused { amount: None, by: RefusedBy::Gateway, said: Some(said(text)) };
    let receipt = plain();
    let Means::Card { card, .. } = receipt.means.clone() else { panic!("a card") };
    Receipt {
        merchant: HeaderLine::typed(text).into_iter().collect(),
        desk: Some(said(text)),
        operator: Some(said(text)),
        subject: Subject::Booking { reference: said(text), part: None },
        means: Means::Card {
            card,
            holder: Some(said(text)),
            plan: Plan { installments: 2, monthly: None },
            secure: None,
        },
        numbers: Numbers { payment: Some(said(text)), reference: Some(said(text)), authorisation: Some(said(text)) },
        told: if decline { told } else { receipt.told.clone() },
        ..receipt
    }
}

/// A card number that passes Luhn, with the digits that no paper may hold.
fn card() -> impl Strategy<Value = String> {
    prop::collection::vec(0..10_u8, 14).prop_filter_map("a number of a card", |digits| {
        let head: String = digits.iter().map(u8::to_string).collect();
        (0..10_u8).map(|check| format!("4{head}{check}")).find(|number| CardNumber::parse(number).is_ok())
    })
}

fn separated(number: &str, separator: &str, every: usize) -> String {
    let letters: Vec<char> = number.chars().collect();
    letters.chunks(every).map(|piece| piece.iter().collect::<String>()).collect::<Vec<_>>().join(separator)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_receipt_holds_more_of_a_card_than_its_first_digits_and_last_four(
        number in card(), separator in "[ .-]{0,2}", every in 1..8_usize, before in "[A-ZĞŞ ]{0,12}", decline: bool,
    ) {
        let text = format!("{before}{}", separated(&number, &separator, every));
        let receipt = filled(&text, decline);
        for language in LANGUAGES {
            for line in plain_text(&receipt.document(language), 400).lines() {
                let digits: String = line.chars().filter(char::is_ascii_digit).collect();
                // Nine in a row are more than a BIN of eight.
                prop_assert!(!number.as_bytes().windows(9).any(|nine| digits.contains(std::str::from_utf8(nine).unwrap())), "{}", line);
            }
        }
    }

    #[test]
    fn every_line_fits_its_width_and_nothing_of_the_text_is_lost(text in "\\PC{0,120}", columns in 16..90_usize) {
        for language in LANGUAGES {
            let document = filled(&text, true).document(language);
            let mut written = String::new();
            for line in lay_out(&document, columns) {
                let most = if line.look == Look::Double { columns / 2 } else { columns };
                prop_assert!(columns_of(&line.text()) <= most, "{:?} of {}", line, most);
                written += &line.text();
            }
            let bare = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
            let reference = vezne_receipt::block::Text::new(said(&text).as_str());
            prop_assert!(bare(&written).contains(&bare(reference.as_str())));
        }
    }

    #[test]
    fn whatever_is_written_a_printer_prints_every_line_and_obeys_nothing_in_it(text in any::<String>(), page in 0..3_usize) {
        let letters = [own(CodePage::Cp857), own(CodePage::Windows1254), Letters::Ascii][page];
        let document = filled(&text, false).document(LANGUAGES[1]);
        for columns in COLUMNS {
            let bytes = write(&document, printer(columns, letters)).unwrap();
            let out = print(&bytes, columns.count());
            assert_printed(&document, columns, &out);
        }
        prop_assert!(pdf::write(&document, Paper::Roll58).unwrap().starts_with(b"%PDF-"));
        prop_assert!(raster::draw(&document, 384).unwrap().height() > 100);
    }
}
