//! Chance that the seed decides, the same on every machine.

/// A small generator of random numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

impl Dice {
    /// Dice that fall as this seed says.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(mixed(seed.wrapping_add(STEP)))
    }

    /// Dice for one thing among many under a seed: however often others are thrown, these fall the same.
    #[must_use]
    pub const fn of(seed: u64, thing: u64) -> Self {
        Self(mixed(seed.wrapping_add(STEP)) ^ mixed(thing.wrapping_mul(STEP)))
    }

    /// Sixty-four random bits.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below `end`; 0 for an `end` of 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        match self.roll().checked_rem(end) {
            Some(number) => number,
            None => 0,
        }
    }

    /// Whether the one in so many came.
    pub const fn once_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// One of these; the default where there is none.
    pub fn pick<T: Copy>(&mut self, among: &[T], otherwise: T) -> T {
        let place = usize::try_from(self.below(u64::try_from(among.len()).unwrap_or(0))).unwrap_or(0);
        among.get(place).copied().unwrap_or(otherwise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_fall_as_their_seed_says_and_reach_every_side() {
        let throw = |seed| {
            let mut dice = Dice::new(seed);
            (0..200).map(|_| dice.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(throw(7), throw(7));
        assert_ne!(throw(7), throw(8));
        assert!((0..6).all(|side| throw(7).contains(&side)));
        assert_eq!(Dice::of(7, 1).roll(), Dice::of(7, 1).roll());
        assert_ne!(Dice::of(7, 1).roll(), Dice::of(7, 2).roll());
        assert_eq!(Dice::new(1).pick(&[], 9), 9);
    }
}
