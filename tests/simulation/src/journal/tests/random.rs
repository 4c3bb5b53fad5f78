//! Random batches with random faults: the journal in memory and the real one say the same, and hold the same.

use std::sync::Arc;

use vezne_core::attempt::Attempt;
use vezne_core::close::Basis;
use vezne_core::guard::GuardKey;
use vezne_core::ports::Journal;
use vezne_core::record::Record;
use vezne_core::reversal::Reversal;
use vezne_core::time::Millis;

use super::batches::{self, any_batch, attempt_id, card_trace};
use super::*;
use crate::dice::Dice;

const ROUNDS: u64 = 6;
const BATCHES: u64 = 60;

const STEPS: [DiskStep; 5] = [DiskStep::Write, DiskStep::Sync, DiskStep::Commit, DiskStep::Read, DiskStep::Reopen];
const FAULTS: [DiskFault; 4] = [DiskFault::Error, DiskFault::Full, DiskFault::Torn, DiskFault::Gone];

/// One world: what outlives the process, and the process.
struct World {
    home: Arc<TwinHome>,
    disk: Arc<Disk>,
    faults: Arc<Planned>,
    entropy: Arc<dyn Entropy>,
    twin: Option<Arc<Twin>>,
}

impl World {
    fn new(seed: u64) -> Self {
        let faults = Arc::new(Planned::default());
        Self {
            home: TwinHome::new().unwrap(),
            disk: Disk::new(faults.clone()),
            faults,
            entropy: seeded(seed),
            twin: None,
        }
    }

    /// The process, started again if it is dead.
    fn twin(&mut self, number: u64) -> Arc<Twin> {
        while self.twin.is_none() {
            let opened = Twin::open(&self.home, &self.disk, keys(), self.entropy.clone(), at(number));
            match opened {
                Ok(twin) => self.twin = Some(twin),
                Err(OpenRefused::Owned) => panic!("the process before is still there"),
                Err(OpenRefused::Gone | OpenRefused::Fault(_)) => {}
            }
        }
        self.twin.clone().unwrap()
    }

    fn die(&mut self, power_cut: bool) {
        self.faults.forget();
        self.twin = None;
        if power_cut {
            self.disk.power_cut();
        }
    }
}

fn istanbul() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Europe/Istanbul").unwrap()
}

/// Closes the day on what is found, or on what was found a batch ago: then both refuse it.
fn close(twin: &Twin, number: u64, stale: &mut Option<Basis>) -> Option<()> {
    let Ok(basis) = answer(twin.close_basis(istanbul()))? else { return Some(()) };
    let basis = stale.replace(basis.clone()).filter(|_| number.is_multiple_of(3)).unwrap_or(basis);
    let record = Record::DayClosed(Box::new(basis.close(at(number), &istanbul(), None)));
    let _written = answer(twin.append(batches::batch(vec![record]), at(number)))?;
    Some(())
}

/// Asks every question of the port; the twin compares. `None` when the process died of one.
fn ask_everything(twin: &Twin, number: u64, attempts: &mut Vec<Attempt>, reversals: &mut Vec<Reversal>) -> Option<()> {
    let followed = Millis::seconds(number / 2);
    if let Ok(unfinished) = answer(twin.unfinished(at(number), followed))? {
        for reversal in &unfinished.reversals {
            let _asked = answer(twin.reversal(reversal.intent.reversal))?;
        }
        *reversals = unfinished.reversals;
    }
    let mut found = Vec::new();
    for n in 1..=number {
        if let Ok(Some(attempt)) = answer(twin.attempt(attempt_id(n)))? {
            found.push(attempt);
        }
    }
    for attempt in found.iter().rev().take(6) {
        let intent = &attempt.intent;
        let _asked = answer(twin.payment(intent.payment))?;
        let _asked = answer(twin.find_reference(intent.reference.clone()))?;
        let _asked = answer(twin.override_used(intent.attempt))?;
        let key: GuardKey = intent.guard_key();
        let _asked = answer(twin.attempts_on(&key))?;
        let _asked = answer(twin.neighbours(&key, Some(card_trace())))?;
    }
    let _asked = answer(twin.operators())?;
    let _asked = answer(twin.missing_span())?;
    let _asked = answer(twin.close_basis(istanbul()))?;
    if let Ok(Some(closed)) = answer(twin.day_close(None))? {
        let _asked = answer(twin.attempts_of_close(&closed))?;
    }
    *attempts = found;
    Some(())
}

fn one_round(seed: u64) -> (usize, usize) {
    let mut dice = Dice::new(seed);
    let mut world = World::new(seed);
    let (mut attempts, mut reversals) = (Vec::new(), Vec::new());
    let (mut refused, mut deaths) = (0, 0);
    let mut stale = None;
    for number in 1..=BATCHES {
        if dice.once_in(3) {
            world.faults.forget();
            world.faults.next(dice.pick(&STEPS, DiskStep::Write), dice.pick(&FAULTS, DiskFault::Error));
        }
        let twin = world.twin(number);
        let batch = any_batch(&mut dice, &attempts, &reversals, number);
        let appended = answer(twin.append(batch, at(number)));
        refused += usize::from(appended.as_ref().is_some_and(Result::is_err));
        let mut alive = appended.is_some();
        if alive && dice.once_in(4) {
            alive = answer(twin.reopen()).is_some();
        }
        // Every question takes its time: all of them after some batches only.
        if alive && dice.once_in(6) {
            alive = ask_everything(&twin, number, &mut attempts, &mut reversals).is_some();
        }
        if alive && dice.once_in(8) {
            alive = close(&twin, number, &mut stale).is_some();
        }
        drop(twin);
        if !alive || dice.once_in(20) {
            deaths += 1;
            world.die(dice.once_in(2));
        }
        world.disk.make_room();
    }
    world.faults.forget();
    world.twin(BATCHES).check().unwrap_or_else(|words| panic!("seed {seed}: {words}"));
    (refused, deaths)
}

#[test]
fn random_batches_with_random_faults_leave_both_journals_the_same() {
    let (mut refused, mut deaths) = (0, 0);
    for seed in 1..=ROUNDS {
        let counts = one_round(seed);
        refused += counts.0;
        deaths += counts.1;
    }
    assert!(refused > 20 && deaths > 20, "{refused} refusals and {deaths} deaths are too few to mean anything");
}

/// The comparison itself can fail.
#[test]
fn an_event_that_only_one_of_them_holds_is_a_difference() {
    let mut world = World::new(7);
    let twin = world.twin(1);
    twin.check().unwrap();
    let batch = batches::batch(vec![batches::opened(&batches::intent(1, 1, 1))]);
    // Behind the twin's back.
    answer(twin.simulated().append(batch, at(2))).unwrap().unwrap();
    assert!(twin.check().is_err());
}
