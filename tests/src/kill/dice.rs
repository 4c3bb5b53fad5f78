//! Chance that repeats itself: the same seed throws the same numbers on every machine and in every version.

/// A generator (splitmix64), small enough to never change.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of a seed, apart from those of the same seed under another name.
    #[must_use]
    pub fn of(name: &str, seed: u64) -> Self {
        let salt = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(salt ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The next number.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to just below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.throw().checked_rem(end).unwrap_or_default()
    }

    /// A number from `first` to `last`.
    pub fn between(&mut self, first: u32, last: u32) -> u32 {
        let span = u64::from(last.saturating_sub(first)).saturating_add(1);
        first.saturating_add(u32::try_from(self.below(span)).unwrap_or_default())
    }

    /// True in so many of a hundred throws.
    pub fn chance(&mut self, of_a_hundred: u64) -> bool {
        self.below(100) < of_a_hundred
    }

    /// One of several.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        let place = usize::try_from(self.below(u64::try_from(all.len()).unwrap_or(u64::MAX))).unwrap_or_default();
        match all.get(place) {
            Some(one) => *one,
            None => unreachable!("nothing to pick from"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_name_throws_otherwise() {
        let throw = |name: &str, seed| {
            let mut dice = Dice::of(name, seed);
            [dice.throw(), dice.throw(), dice.below(10)]
        };
        assert_eq!(throw("limit", 7), throw("limit", 7));
        assert_ne!(throw("limit", 7), throw("limit", 8));
        assert_ne!(throw("limit", 7), throw("page", 7));
    }

    #[test]
    fn every_side_of_the_dice_comes_up() {
        let mut dice = Dice::of("sides", 1);
        let mut seen = [0_u32; 6];
        for _ in 0..600 {
            seen[usize::try_from(dice.below(6)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
        assert!((0..100).all(|_| (3..=5).contains(&dice.between(3, 5))));
    }
}
