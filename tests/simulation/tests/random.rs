//! Random schedules and pairs of faults, as many as fit into a test; `vezne-torture` runs them by the million.

use std::io::Write as _;
use std::time::Instant;

use vezne_simulation::{Dice, Outcome, Watch, drawn, pairs_of, run_each, run_watched, singles};

const RANDOM: usize = 6_000;
const PAIRS: usize = 3_000;

fn none_failed(outcome: &Outcome, what: &str, began: Instant) {
    let (runs, seconds) = (outcome.runs, began.elapsed().as_secs_f32());
    // Past the test runner, which keeps a passing test's words to itself.
    drop(std::io::stdout().write_all(format!("{runs} {what} in {seconds:.1} s\n").as_bytes()));
    let first = outcome.failures.first().map(ToString::to_string).unwrap_or_default();
    assert_eq!(outcome.failed, 0, "of {runs} {what}; one of them:\n{first}");
}

#[test]
fn random_schedules_lose_no_payment_and_take_none_twice() {
    let began = Instant::now();
    let outcome = run_each(RANDOM, |seed| u64::try_from(seed).ok().map(drawn));
    none_failed(&outcome, "random schedules", began);
}

#[test]
fn pairs_of_faults_lose_no_payment_and_take_none_twice() {
    let began = Instant::now();
    let singles = singles().unwrap();
    let outcome = run_each(PAIRS, |number| {
        let mut dice = Dice::of(1, u64::try_from(number).unwrap());
        let single = &singles[usize::try_from(dice.below(u64::try_from(singles.len()).unwrap())).unwrap()];
        let pairs = pairs_of(single);
        let place = dice.below(u64::try_from(pairs.len()).unwrap());
        pairs.into_iter().nth(usize::try_from(place).unwrap())
    });
    none_failed(&outcome, "pairs of faults", began);
}

#[test]
fn the_same_schedule_has_the_same_course_word_for_word() {
    let watch = Watch { words: true, passings: true, ..Watch::default() };
    for seed in 0..400 {
        let schedule = drawn(seed);
        let (one, two) = (run_watched(&schedule, watch), run_watched(&schedule, watch));
        assert_eq!(one.words, two.words, "{schedule}");
        assert_eq!((one.sum, one.passings, one.fired, one.cells), (two.sum, two.passings, two.fired, two.cells));
        let read = schedule.to_string().parse().unwrap();
        assert_eq!(run_watched(&read, watch).sum, one.sum, "{schedule}");
    }
}
