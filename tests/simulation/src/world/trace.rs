//! What happened, in order: a number that any difference changes, and lines for people where they are asked for.

use std::fmt::Arguments;

/// A run's course.
pub(crate) struct Trace {
    sum: u64,
    lines: Option<Vec<String>>,
}

impl Trace {
    pub(crate) fn new(verbose: bool) -> Self {
        Self { sum: 0xCBF2_9CE4_8422_2325, lines: verbose.then(Vec::new) }
    }

    /// One thing that happened. The tag says what, for the number; the words are only made where somebody reads them.
    pub(crate) fn note(&mut self, at: u64, tag: u64, words: Arguments<'_>) {
        for part in [at, tag] {
            self.sum = (self.sum ^ part).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23);
        }
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{:>9}.{:03}  {words}", at / 1_000, at % 1_000));
        }
    }

    /// The number, and the lines.
    pub(crate) fn take(&mut self) -> (u64, Vec<String>) {
        (self.sum, self.lines.take().unwrap_or_default())
    }
}
