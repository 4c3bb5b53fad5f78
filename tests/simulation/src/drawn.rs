//! A schedule that a seed draws: any scene, any acts, some faults, and now and then chaos at every boundary.

use vezne_core::account::{GatewayKind, PagePlace, ReturnRule, StatusQuery};

use crate::dice::Dice;
use crate::schedule::{Action, Behaviour, Boundary, Customer, Fault, Means, Returns, Says, Scene, Schedule};

/// Tells these dice from those that the run itself throws.
const DRAWING: u64 = 0xD4A3;

/// Behaviours come more often than others where much can follow from them.
const LIKELY: [Behaviour; 6] = [
    Behaviour::Approves,
    Behaviour::Approves,
    Behaviour::Declines,
    Behaviour::LateYes,
    Behaviour::GoneYes,
    Behaviour::NoThenYes,
];

/// The gateway of this seed's schedule: even seeds and odd ones, so that either's can be run by themselves.
#[must_use]
pub const fn gateway_of(seed: u64) -> GatewayKind {
    if seed.is_multiple_of(2) { GatewayKind::Finrota } else { GatewayKind::Yolcu360 }
}

/// The schedule of this seed, for good: a failure is repeated by its number.
#[must_use]
pub fn drawn(seed: u64) -> Schedule {
    let mut dice = Dice::of(seed, DRAWING);
    let scene = scene(&mut dice, gateway_of(seed));
    let customers = scene.customers.len();
    let count = dice.below(7).saturating_add(1);
    let mut actions: Vec<Action> = (0..count).map(|_| action(&mut dice, customers)).collect();
    // Somebody pays, or nothing is tried.
    let opening = if dice.once_in(3) { Action::Pay(0) } else { Action::Serve(0) };
    actions.insert(0, opening);
    let faults = (0..dice.below(4)).map(|_| fault(&mut dice)).collect();
    let chaos = dice.pick(&[0, 0, 5, 20, 60, 150], 0);
    Schedule { scene, actions, faults, chaos, seed }
}

fn scene(dice: &mut Dice, gateway: GatewayKind) -> Scene {
    let customers = dice.pick(&[1, 1, 1, 2, 2, 3], 1);
    Scene {
        gateway,
        query: if dice.once_in(4) { StatusQuery::Off } else { StatusQuery::On },
        rule: if dice.once_in(4) { ReturnRule::Settles } else { ReturnRule::Hint },
        page: if dice.once_in(4) { PagePlace::Browser } else { PagePlace::Window },
        style: u8::try_from(dice.below(64)).unwrap_or(0),
        lag: dice.pick(&[0, 0, 0, 3, 20], 0),
        customers: (0..customers).map(|_| customer(dice)).collect(),
    }
}

fn customer(dice: &mut Dice) -> Customer {
    let count = dice.below(3).saturating_add(1);
    let behaviours = (0..count).map(|_| {
        let among: &[Behaviour] = if dice.once_in(2) { &LIKELY } else { Behaviour::ALL };
        dice.pick(among, Behaviour::Approves)
    });
    let behaviours = behaviours.collect();
    Customer {
        // Few orders and few cards, so that customers meet on them.
        subject: u8::try_from(dice.below(2)).unwrap_or(0),
        part: dice.once_in(5).then(|| u8::try_from(dice.below(3)).unwrap_or(0).saturating_add(1)),
        card: u8::try_from(dice.below(2)).unwrap_or(0),
        means: dice.pick(Means::ALL, Means::Secure),
        installments: dice.pick(&[1, 1, 3], 1),
        behaviours,
        returns: if dice.once_in(2) { Returns::Once } else { dice.pick(Returns::ALL, Returns::Once) },
    }
}

fn says(dice: &mut Dice) -> Says {
    dice.pick(&[Says::Truth, Says::Truth, Says::Yes, Says::No], Says::Truth)
}

fn action(dice: &mut Dice, customers: usize) -> Action {
    let who = usize::try_from(dice.below(u64::try_from(customers).unwrap_or(1))).unwrap_or(0);
    let percent = dice.pick(&[10, 40, 60, 100], 100);
    match dice.below(30) {
        0..=4 => Action::Serve(who),
        5..=7 => Action::Pay(who),
        8 => Action::PayTwice(who),
        9 => Action::Await(who, dice.pick(&[5, 60, 300], 60)),
        10 | 11 => Action::Wait(dice.pick(&[1, 5, 30, 100, 700], 30)),
        12 => Action::Cancel(who),
        13 => Action::CloseWindow(who),
        14 => Action::MovePage(who),
        15 => Action::Ask(who),
        16 => Action::SetAside(who),
        17 => Action::Resolve(who, says(dice)),
        18 => Action::ResolveTwice(who, says(dice)),
        19 => Action::Override(who),
        20 => Action::Void(who),
        21 => Action::Refund(who, percent),
        22 => Action::RefundTwice(who, percent),
        23 => Action::AskReversal(who),
        24 => Action::ResolveReversal(who, says(dice)),
        25 => dice.pick(&[Action::Restart(1), Action::Restart(90), Action::Kill(1), Action::Kill(90)], Action::Kill(1)),
        26 => dice.pick(
            &[
                Action::SecondStart,
                Action::Clock(3_600),
                Action::Clock(-7_200),
                Action::Forget,
                Action::CloseDay,
                Action::Compare,
            ],
            Action::Forget,
        ),
        27 => Action::Portal(who, percent),
        28 => Action::SeeReversal(who),
        _ => Action::Forge(who),
    }
}

/// At any boundary. Those that are passed often are hit at a late passing too.
fn fault(dice: &mut Dice) -> Fault {
    let at = dice.pick(&Boundary::ALL, Boundary::Pay);
    let what = dice.pick(at.faults(), crate::schedule::What::Kill);
    let most = dice.pick(&[1, 3, 10, 40], 3);
    Fault { at, nth: u16::try_from(dice.below(most)).unwrap_or(0).saturating_add(1), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_schedule_each_time_and_its_line_is_that_schedule() {
        for seed in 0..2_000 {
            let schedule = drawn(seed);
            assert_eq!(schedule, drawn(seed));
            assert_eq!(schedule.to_string().parse::<Schedule>().unwrap(), schedule, "seed {seed}");
        }
        assert_ne!(drawn(1).actions, drawn(2).actions);
    }
}
