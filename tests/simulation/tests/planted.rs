//! Defects planted on purpose: each must be found by the checks, or the checks find nothing.

use vezne_simulation::{Plant, Watch, run_watched, singles};

/// What the checks must say of a defect.
const fn found_as(plant: Plant) -> &'static str {
    match plant {
        Plant::None => "nothing",
        Plant::SendsTwice | Plant::SendsAgainAfterATimeOut => "sent 2 times",
        Plant::Takes5xxForANo => "and money had moved",
        Plant::SaysSyncedAndIsNot => "the journal does not know that it was sent",
        Plant::BelievesReturns => "approved was shown (gateway_status), and no money had moved",
        Plant::ForgetsTheUnknown => "and not in Needs attention",
        Plant::TakesSilenceForANo => "declined was shown (gateway_status), and money had moved",
        Plant::GuardIsBlind => "one order or reference was charged twice",
    }
}

#[test]
fn every_planted_defect_is_found() {
    let singles = singles().unwrap();
    for plant in Plant::ALL {
        let watch = Watch { plant, ..Watch::default() };
        // A schedule here and there: a defect that needs many of them to show is no planted one.
        let found = singles
            .iter()
            .step_by(7)
            .find(|schedule| run_watched(schedule, watch).wrong.iter().any(|words| words.contains(found_as(plant))));
        let schedule = found.unwrap_or_else(|| panic!("{plant:?} was never found as {:?}", found_as(plant)));
        let sound = run_watched(schedule, Watch::default());
        assert_eq!(sound.wrong, Vec::<String>::new(), "the same schedule without the defect");
    }
}
