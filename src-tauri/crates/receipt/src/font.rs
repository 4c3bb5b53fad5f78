//! The two fonts of papers, measured.

use ttf_parser::{Face, GlyphId};

/// What stands where a font has no letter: a box, so that it is seen that something is missing.
const MISSING: char = '\u{25a1}';

static REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
static SEMIBOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

impl Weight {
    /// The font's file.
    pub(crate) const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::SemiBold => SEMIBOLD,
        }
    }

    /// Its name, as PDF writes names.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Regular => "Inter-Regular",
            Self::SemiBold => "Inter-SemiBold",
        }
    }
}

/// A font in this program can't be read. It was damaged when the program was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a font of the receipts can't be read")]
pub struct FontError;

/// A font, ready to be measured.
pub(crate) struct Font {
    face: Face<'static>,
    missing: GlyphId,
    /// Units of the font in one em.
    em: i32,
}

impl Font {
    fn open(weight: Weight) -> Result<Self, FontError> {
        let face = Face::parse(weight.bytes(), 0).map_err(|_| FontError)?;
        let missing = face.glyph_index(MISSING).unwrap_or_default();
        let em = i32::from(face.units_per_em()).max(1);
        Ok(Self { face, missing, em })
    }

    /// The glyph of a letter; a box where there is none.
    pub(crate) fn glyph(&self, letter: char) -> u16 {
        let letter = if letter == '\u{a0}' { ' ' } else { letter };
        self.face.glyph_index(letter).unwrap_or(self.missing).0
    }

    /// Whether the font has the letter.
    #[cfg(test)]
    pub(crate) fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some()
    }

    /// How far a letter moves on, in thousandths of the em.
    pub(crate) fn advance(&self, letter: char) -> i32 {
        self.units(letter).saturating_mul(1000).div_euclid(self.em)
    }

    fn units(&self, letter: char) -> i32 {
        i32::from(self.face.glyph_hor_advance(GlyphId(self.glyph(letter))).unwrap_or_default())
    }

    /// How wide a text is where its em is `size`, in the unit of `size`.
    pub(crate) fn width(&self, text: &str, size: i32) -> i32 {
        let units: i32 = text.chars().map(|letter| self.units(letter)).fold(0, i32::saturating_add);
        scaled(units, size, self.em)
    }

    /// From the top of the tallest letter to the bottom of the lowest, in units where the em is `size`.
    pub(crate) fn height(&self, size: i32) -> i32 {
        scaled(i32::from(self.face.height()), size, self.em)
    }

    /// Ascent, descent (negative), capitals' height and the bounding box, in thousandths of the em.
    pub(crate) fn metrics(&self) -> Metrics {
        let thousandths = |units: i16| scaled(i32::from(units), 1000, self.em);
        let bounds = self.face.global_bounding_box();
        Metrics {
            ascent: thousandths(self.face.ascender()),
            descent: thousandths(self.face.descender()),
            capitals: thousandths(self.face.capital_height().unwrap_or_else(|| self.face.ascender())),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(thousandths),
        }
    }
}

fn scaled(units: i32, size: i32, em: i32) -> i32 {
    i32::try_from(i64::from(units) * i64::from(size) / i64::from(em)).unwrap_or(i32::MAX)
}

/// What a PDF wants to know of a font, in thousandths of the em.
pub(crate) struct Metrics {
    pub(crate) ascent: i32,
    pub(crate) descent: i32,
    pub(crate) capitals: i32,
    pub(crate) bounds: [i32; 4],
}

/// Both fonts.
pub(crate) struct Fonts {
    regular: Font,
    semibold: Font,
}

impl Fonts {
    pub(crate) fn open() -> Result<Self, FontError> {
        Ok(Self { regular: Font::open(Weight::Regular)?, semibold: Font::open(Weight::SemiBold)? })
    }

    pub(crate) const fn of(&self, weight: Weight) -> &Font {
        match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semibold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fonts_have_every_turkish_letter_and_the_lira() {
        let fonts = Fonts::open().unwrap();
        for weight in [Weight::Regular, Weight::SemiBold] {
            for letter in "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZabcçdefgğhıijklmnoöprsştuüvyzÂâÎîÛû₺€$£×–’“”…·".chars()
            {
                assert!(fonts.of(weight).has(letter), "{letter} in {weight:?}");
            }
        }
    }

    #[test]
    fn every_figure_is_as_wide_as_the_others() {
        let fonts = Fonts::open().unwrap();
        for weight in [Weight::Regular, Weight::SemiBold] {
            let font = fonts.of(weight);
            let widths: Vec<i32> = ('0'..='9').map(|digit| font.advance(digit)).collect();
            assert!(widths.iter().all(|width| *width == widths[0] && *width > 400), "{widths:?}");
            assert_eq!(font.width("1234567890", 1000), font.width("8888888888", 1000));
        }
    }

    #[test]
    fn a_letter_that_no_font_has_is_a_box() {
        let font = Font::open(Weight::Regular).unwrap();
        assert!(!font.has('车') && font.has(MISSING));
        assert_eq!(font.glyph('车'), font.glyph(MISSING));
        assert_eq!(font.glyph('\u{a0}'), font.glyph(' '));
    }
}
