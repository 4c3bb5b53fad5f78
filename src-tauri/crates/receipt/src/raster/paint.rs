//! Letters and lines, dot by dot.

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale, point};

use super::Bitmap;
use crate::edge::{dots, whole};
use crate::font::{Font, FontError, Weight};

/// How much of a dot a letter must cover to blacken it: a little less than half, because paper shows thin strokes thinner.
const COVERED: f32 = 0.45;

/// Draws letters.
pub(crate) struct Painter {
    regular: FontRef<'static>,
    semibold: FontRef<'static>,
}

impl Painter {
    pub(crate) fn open() -> Result<Self, FontError> {
        let open = |weight: Weight| FontRef::try_from_slice(weight.bytes()).map_err(|_| FontError);
        Ok(Self { regular: open(Weight::Regular)?, semibold: open(Weight::SemiBold)? })
    }

    /// Draws a text from a place on its base line. Place and size are 64ths of a dot.
    pub(crate) fn text(&self, on: &mut Bitmap, at: (i32, i32), with: (&Font, Weight, i32), text: &str) {
        let (font, weight, size) = with;
        let outlines = match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semibold,
        };
        // This library counts a size from the top of the tallest letter to the bottom of the lowest.
        let scale = PxScale::from(dots(font.height(size)));
        // On whole dots a base line keeps its letters equally dark.
        let baseline = dots(at.1.saturating_add(32).div_euclid(64).saturating_mul(64));
        let mut x = at.0;
        for letter in text.chars() {
            let glyph = GlyphId(font.glyph(letter)).with_scale_and_position(scale, point(dots(x), baseline));
            if let Some(outline) = outlines.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                let (left, top) = (whole(bounds.min.x), whole(bounds.min.y));
                outline.draw(|right, down, covered| {
                    if covered >= COVERED {
                        blacken(on, moved(left, right), moved(top, down));
                    }
                });
            }
            x = x.saturating_add(font.width(letter.encode_utf8(&mut [0; 4]), size));
        }
    }
}

fn moved(from: i32, by: u32) -> i32 {
    from.saturating_add_unsigned(by)
}

fn blacken(on: &mut Bitmap, x: i32, y: i32) {
    if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) {
        on.blacken(x, y);
    }
}

/// Blackens a rectangle, given its upper left corner and its width and height in dots.
pub(super) fn fill(on: &mut Bitmap, (left, top): (i32, i32), (wide, high): (i32, i32)) {
    for y in top..top.saturating_add(high) {
        for x in left..left.saturating_add(wide) {
            blacken(on, x, y);
        }
    }
}
