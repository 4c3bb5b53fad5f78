//! Where whole numbers meet libraries that want floats. Only places on paper pass here, never money.

/// A hundredth of a point as points.
#[expect(clippy::float_arithmetic, reason = "PDF counts in points with decimals; a place on paper, never money")]
pub(crate) fn points(hundredths: i32) -> f32 {
    let whole = i16::try_from(hundredths.div_euclid(100)).unwrap_or(i16::MAX);
    let rest = u8::try_from(hundredths.rem_euclid(100)).unwrap_or_default();
    f32::from(whole) + f32::from(rest) / 100.0
}

/// A 64th of a dot as dots.
#[expect(clippy::float_arithmetic, reason = "glyphs are drawn between dots too; a place on paper, never money")]
pub(crate) fn dots(sixty_fourths: i32) -> f32 {
    let whole = i16::try_from(sixty_fourths.div_euclid(64)).unwrap_or(i16::MAX);
    let rest = u8::try_from(sixty_fourths.rem_euclid(64)).unwrap_or_default();
    f32::from(whole) + f32::from(rest) / 64.0
}

/// The whole dots of a place that is whole already.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a cast saturates, and bounds of glyphs are whole"
)]
pub(crate) fn whole(place: f32) -> i32 {
    place as i32
}

/// Dots in 64ths of one.
pub(crate) fn sixty_fourths(dots: usize) -> i32 {
    i32::try_from(dots).unwrap_or(i32::MAX).saturating_mul(64)
}
