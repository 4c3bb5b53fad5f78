//! Which of all the combinations of fates are looked at: the telling ones, and seeded ones between them.

use crate::disk::{Change, Fate};
use crate::random::Random;

/// Above this many pending changes, those that are taken one by one are chosen by the seed.
const ONE_BY_ONE_MOST: usize = 24;

/// One way in which a cut treats what is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Nothing that was not synced is there.
    AllLost,
    /// Everything is there.
    AllKept,
    /// Names are there, bytes are not.
    OnlyNames,
    /// Bytes are there, names are not.
    OnlyBytes,
    /// Files have their lengths, and zeroes in them.
    AllZeroes,
    /// Everything but this change.
    Without(usize),
    /// This change alone.
    Alone(usize),
    /// The changes before this one.
    Before(usize),
    /// This change and those after it.
    From(usize),
    /// The changes before this one, and this one with zeroes instead of bytes.
    ZeroesAfter(usize),
    /// The changes before this one, and a part of it.
    TornAfter(usize, u64),
    /// Everything, and of this one a part.
    TornAmong(usize, u64),
    /// Each by chance.
    ByChance(u64),
}

/// 512 or 4096: what disks have.
const fn sector(seed: u64) -> usize {
    if seed.is_multiple_of(2) { 512 } else { 4096 }
}

fn by_chance(seed: u64, count: usize) -> Vec<Fate> {
    // Mostly kept, mostly lost, or even: the states between are as telling as those at the ends.
    let mut random = Random::of(seed);
    let kept = [15, 50, 85].get(random.below(3)).copied().unwrap_or(50);
    let fate = |_| match random.below(100) {
        chance if chance < kept => Fate::Kept,
        chance if chance % 4 == 0 => Fate::Torn { sector: sector(random.next()), seed: random.next() },
        _ => Fate::Lost,
    };
    (0..count).map(fate).collect()
}

impl Plan {
    /// The fates of these changes.
    #[must_use]
    pub fn fates<'a>(self, pending: impl ExactSizeIterator<Item = &'a Change>) -> Vec<Fate> {
        let chance = if let Self::ByChance(seed) = self { by_chance(seed, pending.len()) } else { Vec::new() };
        let kept = |is: bool| if is { Fate::Kept } else { Fate::Lost };
        let torn = |seed| Fate::Torn { sector: sector(seed), seed };
        let fate = |(place, change): (usize, &Change)| match self {
            Self::AllLost => Fate::Lost,
            Self::AllKept => Fate::Kept,
            Self::OnlyNames => kept(change.is_about_names()),
            Self::OnlyBytes => kept(!change.is_about_names()),
            Self::AllZeroes => Fate::Zeroes,
            Self::Without(other) => kept(place != other),
            Self::Alone(other) => kept(place == other),
            Self::Before(other) => kept(place < other),
            Self::From(other) => kept(place >= other),
            Self::ZeroesAfter(other) if place == other => Fate::Zeroes,
            Self::TornAfter(other, seed) | Self::TornAmong(other, seed) if place == other => torn(seed),
            Self::ZeroesAfter(other) | Self::TornAfter(other, _) => kept(place < other),
            Self::TornAmong(..) => Fate::Kept,
            Self::ByChance(_) => chance.get(place).copied().unwrap_or(Fate::Lost),
        };
        pending.enumerate().map(fate).collect()
    }
}

/// The plans for a cut with so many pending changes: `by_chance` seeded ones beside the systematic ones.
#[must_use]
pub fn plans(pending: usize, by_chance: usize, seed: u64) -> Vec<Plan> {
    let mut plans = vec![Plan::AllLost];
    if pending == 0 {
        return plans;
    }
    let mut random = Random::of(seed);
    plans.push(Plan::AllKept);
    plans.extend([Plan::OnlyNames, Plan::OnlyBytes, Plan::AllZeroes]);
    let mut places: Vec<usize> = (0..pending).collect();
    if pending > ONE_BY_ONE_MOST {
        // The newest ones always: they are what the program was just doing.
        let newest = places.split_off(pending.saturating_sub(ONE_BY_ONE_MOST / 2));
        random.shuffle(&mut places);
        places.truncate(ONE_BY_ONE_MOST / 2);
        places.extend(newest);
    }
    for place in places.into_iter().rev() {
        plans.push(Plan::TornAfter(place, random.next()));
        plans.push(Plan::Without(place));
        plans.push(Plan::Alone(place));
        plans.push(Plan::Before(place));
        plans.push(Plan::From(place));
        plans.push(Plan::ZeroesAfter(place));
        plans.push(Plan::TornAmong(place, random.next()));
    }
    plans.extend((0..by_chance).map(|_| Plan::ByChance(random.next())));
    plans
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn fates(plan: Plan, of: &[Change]) -> Vec<Fate> {
        plan.fates(of.iter())
    }

    fn changes() -> Vec<Change> {
        vec![
            Change::Name { folder: 0, name: "a".to_owned(), node: 1 },
            Change::Write { file: 1, offset: 0, bytes: [1].into() },
            Change::Resize { file: 1, length: 9 },
        ]
    }

    #[test]
    fn each_plan_says_what_its_name_says() {
        use Fate::{Kept, Lost, Zeroes};
        let all = changes();
        for (plan, expected) in [
            (Plan::AllLost, [Lost, Lost, Lost]),
            (Plan::AllKept, [Kept, Kept, Kept]),
            (Plan::OnlyNames, [Kept, Lost, Lost]),
            (Plan::OnlyBytes, [Lost, Kept, Kept]),
            (Plan::AllZeroes, [Zeroes, Zeroes, Zeroes]),
            (Plan::Without(1), [Kept, Lost, Kept]),
            (Plan::Alone(1), [Lost, Kept, Lost]),
            (Plan::Before(1), [Kept, Lost, Lost]),
            (Plan::From(1), [Lost, Kept, Kept]),
            (Plan::ZeroesAfter(1), [Kept, Zeroes, Lost]),
            (Plan::TornAfter(1, 2), [Kept, Fate::Torn { sector: 512, seed: 2 }, Lost]),
            (Plan::TornAmong(1, 3), [Kept, Fate::Torn { sector: 4096, seed: 3 }, Kept]),
        ] {
            assert_eq!(fates(plan, &all), expected, "{plan:?}");
        }
    }

    #[test]
    fn with_nothing_pending_there_is_one_state_only() {
        assert_eq!(plans(0, 9, 1), [Plan::AllLost]);
    }

    #[test]
    fn every_combination_of_three_changes_is_met() {
        let all = changes();
        let met: BTreeSet<String> = plans(3, 400, 5)
            .into_iter()
            .map(|plan| fates(plan, &all))
            .filter(|fates| fates.iter().all(|fate| matches!(fate, Fate::Kept | Fate::Lost)))
            .map(|fates| format!("{fates:?}"))
            .collect();
        assert_eq!(met.len(), 8);
    }

    #[test]
    fn many_changes_make_no_endless_list_and_the_newest_are_always_in_it() {
        let made = plans(1000, 10, 3);
        assert!(made.len() < 250, "{}", made.len());
        assert!((990..1000).all(|place| made.contains(&Plan::Without(place))));
    }
}
