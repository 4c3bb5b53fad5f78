//! Papers as black and white dots: what any printer can print, and a picture for the screen.

mod paint;

pub(crate) use paint::Painter;

use crate::block::Document;
use crate::font::{FontError, Fonts};
use crate::paper::{Op, Sheet, dots64, lay_out};

/// Black and white dots in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    height: usize,
    /// Eight dots a byte, the leftmost in the highest bit, one is black; each row begins with a byte of its own.
    bytes: Vec<u8>,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The PNG could not be written.
    #[error("the picture can't be written as PNG: {0}")]
    Encoding(#[from] png::EncodingError),
    /// The picture is larger than PNG can say.
    #[error("the picture is too large for PNG")]
    TooLarge,
}

impl Bitmap {
    /// White dots.
    #[must_use]
    pub fn white(width: usize, height: usize) -> Self {
        Self { width, height, bytes: vec![0; width.div_ceil(8).saturating_mul(height)] }
    }

    /// Dots in a row.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// The rows as bytes, eight dots in each, one is black.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks(self.width.div_ceil(8).max(1))
    }

    /// Whether a dot is black; outside it is white.
    #[must_use]
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        self.place(x, y).and_then(|(at, bit)| self.bytes.get(at).map(|byte| byte & bit != 0)).unwrap_or(false)
    }

    /// Makes a dot black; outside nothing happens.
    pub(crate) fn blacken(&mut self, x: usize, y: usize) {
        if let Some((at, bit)) = self.place(x, y)
            && let Some(byte) = self.bytes.get_mut(at)
        {
            *byte |= bit;
        }
    }

    fn place(&self, x: usize, y: usize) -> Option<(usize, u8)> {
        let inside = x < self.width && y < self.height;
        let at = y.checked_mul(self.width.div_ceil(8))?.checked_add(x / 8)?;
        inside.then_some((at, 0x80_u8 >> (x % 8)))
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// When it is larger than PNG can say.
    pub fn png(&self) -> Result<Vec<u8>, PngError> {
        let size = |dots: usize| u32::try_from(dots).map_err(|_| PngError::TooLarge);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, size(self.width)?, size(self.height)?);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        // In PNG one is white.
        let turned: Vec<u8> = self.bytes.iter().map(|byte| !byte).collect();
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&turned)?;
        writer.finish()?;
        Ok(file)
    }
}

/// The whole paper, `dots` wide, as a thermal printer of 8 dots a millimetre prints it.
///
/// # Errors
/// When a font can't be read, which a build with sound fonts never meets.
pub fn draw(document: &Document, dots: u16) -> Result<Bitmap, FontError> {
    let fonts = Fonts::open()?;
    let painter = Painter::open()?;
    let pages = lay_out(document, Sheet::of_dots(dots), &fonts);
    let place = |hundredths: i32| dots64(hundredths).div_euclid(64);
    let mut whole = Bitmap::white(usize::from(dots), 0);
    for page in pages {
        let height = usize::try_from(place(page.height)).unwrap_or_default();
        let mut bitmap = Bitmap::white(usize::from(dots), height);
        for op in &page.ops {
            match op {
                Op::Text { x, baseline, size, weight, text, .. } => {
                    let at = (dots64(*x), dots64(*baseline));
                    painter.text(&mut bitmap, at, (fonts.of(*weight), *weight, dots64(*size)), text);
                }
                Op::Fill { x, y, width, height, .. } => {
                    let (left, top) = (place(*x), place(*y));
                    // The thinnest line is one dot.
                    let (wide, high) = (place(*width).max(1), place(*height).max(1));
                    paint::fill(&mut bitmap, (left, top), (wide, high));
                }
            }
        }
        whole.height = whole.height.saturating_add(bitmap.height);
        whole.bytes.extend(bitmap.bytes);
    }
    Ok(whole)
}
