//! ESC/POS: the bytes that receipt printers understand, as Epson describes them.
//!
//! Every command in these bytes is written by this module, from numbers. Text is written only through a code page, which
//! has printable characters and nothing else, so a text can't be a command. There is no command for a cash drawer in here.

mod page;

pub use page::CodePage;

use crate::block::{Align, Document};
use crate::edge;
use crate::font::{FontError, Fonts, Weight};
use crate::grid::{Line, Look, columns_of, lay_out};
use crate::raster::{Bitmap, Painter, draw};

/// The width of a printer's paper, in letters of its font A, each 12 dots wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Columns {
    /// 80 mm paper, 576 dots.
    C48,
    /// 80 mm paper, 512 dots.
    C42,
    /// 58 mm paper, 384 dots.
    C32,
}

impl Columns {
    /// How many letters stand in a line.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::C48 => 48,
            Self::C42 => 42,
            Self::C32 => 32,
        }
    }

    /// How many dots stand in a line.
    #[must_use]
    pub const fn dots(self) -> u16 {
        match self {
            Self::C48 => 576,
            Self::C42 => 512,
            Self::C32 => 384,
        }
    }
}

/// What cuts the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cutter {
    /// Nothing: it is torn off by hand.
    None,
    /// Leaves a bridge.
    Partial,
    /// Cuts through.
    Full,
}

/// What the printer writes letters with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Letters {
    /// Its own, in a code page. A line that the page can't write is drawn.
    Own {
        /// The page.
        page: CodePage,
        /// The page's number in `ESC t`: printers do not agree on it. [`CodePage::usual_number`] is Epson's.
        number: u8,
    },
    /// Its own as far as ASCII goes. Every other line is drawn: for printers that know no Turkish.
    Ascii,
    /// None: the whole paper is drawn.
    Drawn,
}

/// What must be known of a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Printer {
    /// How wide its paper is.
    pub columns: Columns,
    /// What it writes with.
    pub letters: Letters,
    /// Lines fed before the cut, so that the last one is past the knife.
    pub feed: u8,
    /// What cuts.
    pub cutter: Cutter,
}

/// A printer's letters are 12 × 24 dots.
const LETTER_WIDTH: usize = 12;
const LETTER_HEIGHT: usize = 24;
/// From one line to the next.
const LINE_HEIGHT: usize = 30;
/// Rows that are sent in one picture: what the smallest printers take.
const BAND: usize = 128;

const INITIALISE: &[u8] = b"\x1b@";
/// ASCII as in the United States, so that `#$@[]` are what they are.
const INTERNATIONAL: &[u8] = b"\x1bR\x00";
/// Leaves the mode in which bytes above 127 are halves of Chinese characters.
const NO_CHINESE: &[u8] = b"\x1c.";
const FONT_A: &[u8] = b"\x1bM\x00";

/// The document as a printer's bytes, from its beginning to the cut.
///
/// # Errors
/// When a line must be drawn and a font can't be read, which a build with sound fonts never meets.
pub fn write(document: &Document, printer: Printer) -> Result<Vec<u8>, FontError> {
    let mut bytes = INITIALISE.to_vec();
    match printer.letters {
        Letters::Own { page, number } => {
            bytes.extend([INTERNATIONAL, NO_CHINESE, FONT_A, &[0x1b, b't', number]].concat());
            lines(&mut bytes, document, printer, Some(page))?;
        }
        Letters::Ascii => {
            bytes.extend([INTERNATIONAL, NO_CHINESE, FONT_A].concat());
            lines(&mut bytes, document, printer, None)?;
        }
        Letters::Drawn => picture(&mut bytes, &draw(document, printer.columns.dots())?),
    }
    bytes.extend([0x1b, b'd', printer.feed]);
    match printer.cutter {
        Cutter::None => {}
        Cutter::Full => bytes.extend(b"\x1dVA\x00"),
        Cutter::Partial => bytes.extend(b"\x1dVB\x00"),
    }
    Ok(bytes)
}

fn lines(bytes: &mut Vec<u8>, document: &Document, printer: Printer, page: Option<CodePage>) -> Result<(), FontError> {
    // Opened for the first line that must be drawn.
    let mut artist = None;
    bytes.extend([0x1b, b'3', u8::try_from(LINE_HEIGHT).unwrap_or(u8::MAX)]);
    for line in lay_out(document, printer.columns.count()) {
        match page::encode(&line.text(), page) {
            Some(text) => written(bytes, line.look, &text),
            None => {
                if artist.is_none() {
                    artist = Some(Artist::open()?);
                }
                if let Some(artist) = &artist {
                    picture(bytes, &artist.line(&line, printer.columns.dots()));
                }
            }
        }
    }
    Ok(())
}

/// A line in the printer's letters. What a line turns on it turns off again.
fn written(bytes: &mut Vec<u8>, look: Look, text: &[u8]) {
    let size = match look {
        Look::Plain | Look::Bold => 0x00,
        Look::Tall => 0x01,
        Look::Double => 0x11,
    };
    let bold = !matches!(look, Look::Plain);
    if bold {
        bytes.extend([0x1b, b'E', 1, 0x1d, b'!', size]);
    }
    bytes.extend(text);
    bytes.push(b'\n');
    if bold {
        bytes.extend([0x1d, b'!', 0, 0x1b, b'E', 0]);
    }
}

/// Dots in bands: `GS v 0`, width in bytes and height in rows.
fn picture(bytes: &mut Vec<u8>, bitmap: &Bitmap) {
    let wide = u16::try_from(bitmap.width().div_ceil(8)).unwrap_or(u16::MAX);
    let rows: Vec<&[u8]> = bitmap.rows().collect();
    for band in rows.chunks(BAND) {
        let high = u16::try_from(band.len()).unwrap_or(u16::MAX);
        bytes.extend(b"\x1dv0\x00");
        bytes.extend(wide.to_le_bytes());
        bytes.extend(high.to_le_bytes());
        bytes.extend(band.concat());
    }
}

/// Draws single lines, each piece where the printer's own letters would stand.
struct Artist {
    fonts: Fonts,
    painter: Painter,
}

impl Artist {
    fn open() -> Result<Self, FontError> {
        Ok(Self { fonts: Fonts::open()?, painter: Painter::open()? })
    }

    fn line(&self, line: &Line, dots: u16) -> Bitmap {
        let (wide, high) = match line.look {
            Look::Plain | Look::Bold => (1, 1),
            Look::Tall => (1, 2),
            Look::Double => (2, 2),
        };
        let weight = match line.look {
            Look::Plain => Weight::Regular,
            Look::Bold | Look::Tall | Look::Double => Weight::SemiBold,
        };
        let cell = LETTER_WIDTH.saturating_mul(wide);
        let height = LETTER_HEIGHT.saturating_mul(high).saturating_add(LINE_HEIGHT.saturating_sub(LETTER_HEIGHT));
        let mut bitmap = Bitmap::white(usize::from(dots), height);
        let font = self.fonts.of(weight);
        for span in &line.spans {
            let room = edge::sixty_fourths(span.columns.saturating_mul(cell));
            // As large as the printer's letters, and no wider than they would be; but letters that are only twice as high
            // would be thin, and have the line for themselves.
            let taken = match line.look {
                Look::Tall => room,
                Look::Plain | Look::Bold | Look::Double => {
                    edge::sixty_fourths(columns_of(&span.text).saturating_mul(cell))
                }
            };
            let full = edge::sixty_fourths(LETTER_HEIGHT.saturating_mul(high)).saturating_mul(9).div_euclid(10);
            let natural = font.width(&span.text, full).max(1);
            let size = full.min(full.saturating_mul(taken / 64).div_euclid((natural / 64).max(1)));
            let start = edge::sixty_fourths(span.column.saturating_mul(cell));
            let spare = room.saturating_sub(font.width(&span.text, size));
            let x = match span.align {
                Align::Left => start,
                Align::Centre => start.saturating_add(spare / 2),
                Align::Right => start.saturating_add(spare),
            };
            let baseline = edge::sixty_fourths(LETTER_HEIGHT.saturating_mul(high).saturating_mul(4) / 5);
            self.painter.text(&mut bitmap, (x, baseline), (font, weight, size), &span.text);
        }
        bitmap
    }
}
