//! The code pages in which printers know Turkish.

/// A code page: what a printer draws for the bytes above 127.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodePage {
    /// IBM 857.
    Cp857,
    /// Windows 1254.
    Windows1254,
}

/// The characters of bytes 128 to 255; NUL stands for a byte without one.
const CP857: &str = "ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
ºªÊËÈ\0ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\0×ÚÛÙìÿ¯´\0±\0¾¶§÷¸°¨·¹³²■\0";
const WINDOWS_1254: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0\0\0\0‘’“”•–—˜™š›œ\0\0Ÿ\0¡¢£¤¥¦§¨©ª«¬\0®¯°±²³´µ¶·¸¹º»¼½¾¿\
ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ";

impl CodePage {
    /// The number by which Epson's printers select it (`ESC t`).
    #[must_use]
    pub const fn usual_number(self) -> u8 {
        match self {
            Self::Cp857 => 13,
            Self::Windows1254 => 48,
        }
    }

    const fn table(self) -> &'static str {
        match self {
            Self::Cp857 => CP857,
            Self::Windows1254 => WINDOWS_1254,
        }
    }

    /// The byte of a character.
    fn byte(self, wanted: char) -> Option<u8> {
        let place = self.table().chars().position(|c| c == wanted && c != '\0')?;
        u8::try_from(place).ok()?.checked_add(128)
    }
}

/// What is printed for a mark of typography that a page does not have. Letters are never exchanged.
const fn plain(mark: char) -> Option<u8> {
    Some(match mark {
        '\u{a0}' | '\u{2009}' | '\u{202f}' => b' ',
        '‐' | '‑' | '–' | '—' | '−' => b'-',
        '‘' | '’' | '‚' => b'\'',
        '“' | '”' | '„' => b'"',
        '×' => b'x',
        _ => return None,
    })
}

/// A line in a page's bytes, without one the page's ASCII half alone. None when a character is in neither, so that the line
/// must be drawn: nothing is left out and no letter is exchanged for another.
pub(super) fn encode(text: &str, page: Option<CodePage>) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| match c {
            ' '..='~' => u8::try_from(c).ok(),
            c => page.and_then(|page| page.byte(c)).or_else(|| plain(c)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_table_has_128_places() {
        assert_eq!(CP857.chars().count(), 128);
        assert_eq!(WINDOWS_1254.chars().count(), 128);
    }

    #[test]
    fn both_pages_write_turkish() {
        let of = |page| encode("şğıİçöüŞĞÇÖÜ", Some(page)).unwrap();
        assert_eq!(of(CodePage::Cp857), [0x9f, 0xa7, 0x8d, 0x98, 0x87, 0x94, 0x81, 0x9e, 0xa6, 0x80, 0x99, 0x9a]);
        assert_eq!(of(CodePage::Windows1254), [0xfe, 0xf0, 0xfd, 0xdd, 0xe7, 0xf6, 0xfc, 0xde, 0xd0, 0xc7, 0xd6, 0xdc]);
    }

    #[test]
    fn what_a_page_does_not_have_is_never_exchanged_for_another_letter() {
        assert_eq!(encode("₺", Some(CodePage::Cp857)), None);
        assert_eq!(encode("Łódź", Some(CodePage::Windows1254)), None);
        assert_eq!(encode("ş", None), None);
        assert_eq!(encode("3\u{a0}×\u{a0}185", None), Some(b"3 x 185".to_vec()));
        assert_eq!(encode("can’t – “x”", Some(CodePage::Cp857)), Some(b"can't - \"x\"".to_vec()));
        assert_eq!(encode("–’", Some(CodePage::Windows1254)), Some(vec![0x96, 0x92]));
    }

    proptest! {
        #[test]
        fn no_byte_of_a_text_is_a_command(text in any::<String>(), page in prop::option::of(prop_oneof![Just(CodePage::Cp857), Just(CodePage::Windows1254)])) {
            if let Some(bytes) = encode(&text, page) {
                prop_assert!(bytes.iter().all(|byte| (0x20..0x7f).contains(byte) || *byte >= 0x80));
                prop_assert_eq!(bytes.len(), text.chars().count());
            }
        }
    }
}
