//! Papers with letters of every width and size: what a PDF's pages and a printer's dots have in common.
//!
//! Everything is counted in hundredths of a point from the upper left corner.

mod flow;
mod table;

pub(crate) use flow::lay_out;

use crate::font::Weight;

/// How dark something is drawn, where the paper knows more than black.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    /// Labels and lines.
    Grey,
}

/// Something drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Op {
    Text { x: i32, baseline: i32, size: i32, weight: Weight, ink: Ink, text: String },
    Fill { x: i32, y: i32, width: i32, height: i32, ink: Ink },
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) ops: Vec<Op>,
}

/// How large letters are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) small: i32,
    pub(crate) body: i32,
    pub(crate) head: i32,
    pub(crate) title: i32,
    pub(crate) figure: i32,
}

/// A paper and how things stand on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet {
    pub(crate) width: i32,
    /// None: as long as what stands on it.
    pub(crate) height: Option<i32>,
    /// Left and right.
    pub(crate) side: i32,
    /// Above and below.
    pub(crate) end: i32,
    pub(crate) sizes: Sizes,
    /// Everything is centred, labels stand far from their values: a roll of paper.
    pub(crate) narrow: bool,
}

/// The dots of a thermal printer: 8 in a millimetre.
const HUNDREDTHS_IN_127_DOTS: i32 = 4_500;

impl Sheet {
    pub(crate) const A4: Self = Self {
        width: 59_528,
        height: Some(84_189),
        side: 5_669,
        end: 5_669,
        sizes: Sizes { small: 850, body: 1_000, head: 1_150, title: 1_600, figure: 3_000 },
        narrow: false,
    };

    pub(crate) const ROLL_80: Self = Self {
        width: 22_677,
        height: None,
        side: 1_134,
        end: 1_700,
        sizes: Sizes { small: 740, body: 850, head: 960, title: 1_200, figure: 2_200 },
        narrow: true,
    };

    pub(crate) const ROLL_58: Self = Self {
        width: 16_441,
        height: None,
        side: 1_417,
        end: 1_700,
        sizes: Sizes { small: 680, body: 760, head: 850, title: 1_000, figure: 1_700 },
        narrow: true,
    };

    /// A roll of which a printer can blacken that many dots a line, without margins: the printer has its own.
    pub(crate) fn of_dots(dots: u16) -> Self {
        let roll = if dots < 450 { Self::ROLL_58 } else { Self::ROLL_80 };
        let width = i32::from(dots).saturating_mul(HUNDREDTHS_IN_127_DOTS).div_euclid(127);
        Self { width, side: 0, end: 0, ..roll }
    }

    /// What can be written on, from side to side.
    pub(crate) const fn inner(&self) -> i32 {
        self.width.saturating_sub(self.side.saturating_mul(2))
    }
}

/// A length on paper in dots of a thermal printer, in 64ths of one.
pub(crate) fn dots64(hundredths: i32) -> i32 {
    let scaled = i64::from(hundredths).saturating_mul(127 * 64).div_euclid(i64::from(HUNDREDTHS_IN_127_DOTS));
    i32::try_from(scaled).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_of_576_dots_is_72_millimetres_wide() {
        let sheet = Sheet::of_dots(576);
        assert!((sheet.width - 20_409).abs() < 3, "{}", sheet.width);
        assert!((dots64(sheet.width) - 576 * 64).abs() <= 64);
        assert!(Sheet::of_dots(384).sizes.body < sheet.sizes.body);
    }
}
