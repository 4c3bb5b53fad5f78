//! Fifty real payments are killed (`kill -9`): most by `veznectl` in a few homes, some in the desk's real window. After each
//! restart the journal and the ledger agree. `scripts/kill.sh` does the same thousands of times.
#![cfg(target_os = "linux")]
#![expect(clippy::panic, reason = "a test fails by panicking")]

mod honest;

use std::collections::BTreeMap;
use std::thread;

use vezne_tests::kill::plan::Kind;
use vezne_tests::kill::shift;
use vezne_tests::kill::tally::Phase;

/// Kills by `veznectl`, over both homes.
const BY_VEZNECTL: usize = 45;
/// Kills of the desk.
const BY_THE_DESK: usize = 5;
/// Seeds that the long run does not come to.
const FIRST_SEED: u64 = 1_000_001;
/// Payments of a home. A few end before their moment comes, so there are more of them than kills are asked for.
const A_HOME: u64 = 26;

/// The kinds in turn, as often as their share says.
fn cases(home: u64) -> Vec<(Kind, u64)> {
    let by_veznectl: Vec<(Kind, u32)> = Kind::ALL.into_iter().filter(|(kind, _)| *kind != Kind::Desk).collect();
    let all: u64 = by_veznectl.iter().map(|(_, share)| u64::from(*share)).sum();
    let kind_at = |place: u64| {
        let mut left = place.saturating_mul(37) % 100 * all / 100;
        let found = by_veznectl.iter().find(|(_, share)| {
            let here = left < u64::from(*share);
            left = left.saturating_sub(u64::from(*share));
            here
        });
        found.map_or(Kind::FinrotaPage, |(kind, _)| *kind)
    };
    let first = home.saturating_mul(A_HOME);
    (first..first.saturating_add(A_HOME)).map(|place| (kind_at(place), FIRST_SEED.saturating_add(place))).collect()
}

/// Plays a home and says where the kills fell.
fn play(cases: &[(Kind, u64)]) -> Vec<Phase> {
    let done = shift::play(cases).unwrap_or_else(|words| panic!("{words}\n{cases:?}"));
    let mut wrong = Vec::new();
    for (kind, seed, played) in &done.played {
        wrong.extend(played.wrong.iter().map(|words| format!("KIND={} SEED={seed}: {words}", kind.word())));
    }
    assert!(wrong.is_empty(), "{}\nin the home of {cases:?}", wrong.join("\n"));
    done.played.into_iter().flat_map(|(_, _, played)| played.falls).collect()
}

#[test]
fn payments_by_veznectl_that_are_killed_leave_journal_and_ledger_in_agreement() {
    let homes: Vec<_> = (0..2).map(|home| thread::spawn(move || play(&cases(home)))).collect();
    let played = homes.into_iter().map(|home| home.join().unwrap_or_else(|_| panic!("a home failed")));
    let mut falls: Vec<Phase> = played.flatten().collect();
    let mut home = 2;
    while falls.len() < BY_VEZNECTL {
        falls.extend(play(&cases(home)));
        home += 1;
    }
    let mut by_phase: BTreeMap<&str, usize> = BTreeMap::new();
    for phase in falls {
        *by_phase.entry(phase.word()).or_default() += 1;
    }
    assert!(by_phase.len() >= 5, "the kills fell in few phases only: {by_phase:?}");
}

#[test]
fn sales_in_the_desk_s_window_that_are_killed_leave_journal_and_ledger_in_agreement() {
    // Bank pages in windows of their own where the first seed is even, in the system's browser where it is odd.
    let homes = [FIRST_SEED, FIRST_SEED.saturating_add(101)];
    let falls: usize =
        homes.iter().map(|first| play(&[*first, *first + 1, *first + 2].map(|seed| (Kind::Desk, seed))).len()).sum();
    assert!(falls >= BY_THE_DESK, "{falls} kills");
}
