//! What is paid, what goes wrong with it, and when the program falls: all of it follows from a kind and a seed.

use std::time::Duration;

use vezne_sandbox::{Call, CutPoint, Fault, FaultRule, Gateway, When};

use super::dice::Dice;
pub use super::kind::Kind;
pub use super::moment::{File, Moment, Point, Reach, WireCall};
use super::moment::{of_kind, point, restart};
use crate::desk::{AtTheBank, card_of};

/// What the customer does who is still at the bank after the program's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// Pays all the same.
    Pays,
    /// Presses Cancel.
    Cancels,
    /// Neither.
    Leaves,
}

/// Which way money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// All of it, the same day.
    Void,
    /// All of it.
    Refund,
    /// A part of it.
    Part,
}

/// One payment and its end.
#[derive(Debug, Clone)]
pub struct Case {
    /// What kind.
    pub kind: Kind,
    /// The seed that all of this follows from.
    pub seed: u64,
    /// The card; `None` pays from the credit limit.
    pub card: Option<String>,
    /// A card for the payment after it, that nothing goes wrong with.
    pub next_card: String,
    /// What goes wrong at the gateway.
    pub faults: Vec<FaultRule>,
    /// The customer at the bank, while the program lives.
    pub temper: AtTheBank,
    /// And afterwards.
    pub later: Later,
    /// When the program falls.
    pub moment: Moment,
    /// When the restarts fall, if they do.
    pub again: Vec<Moment>,
    /// Who is killed.
    pub reach: Reach,
    /// For a reversal: which.
    pub back: Back,
}

impl Case {
    /// The case of a kind and a seed. `usual` is how long such a payment takes here when nobody kills it: random moments are
    /// spread over it.
    #[must_use]
    pub fn of(kind: Kind, seed: u64, usual: Duration) -> Self {
        let mut dice = Dice::of(kind.word(), seed);
        let card = card(kind, &mut dice);
        let next_card = approving_card(&mut dice);
        let faults = faults(kind, &mut dice);
        let temper = match dice.below(100) {
            0..70 => AtTheBank::Pays,
            70..80 => AtTheBank::Cancels,
            80..86 => AtTheBank::MistypesTheCode,
            86..91 => AtTheBank::Forges,
            _ => AtTheBank::Leaves,
        };
        let later = match dice.below(100) {
            0..65 => Later::Pays,
            65..96 => Later::Cancels,
            _ => Later::Leaves,
        };
        let moment = if card.as_deref() == Some(card_of(EXPIRED)) && dice.chance(60) {
            // The one way into Reauthorising, which is over as soon as there is a new token.
            Moment::Wire { call: WireCall::SignIn, nth: 2, point: point(&mut dice) }
        } else {
            of_kind(kind, &mut dice, usual)
        };
        let mut again = Vec::new();
        while again.len() < 2 && dice.chance(25) {
            again.push(restart(&mut dice));
        }
        let reach = dice.pick(&[Reach::Program, Reach::Group]);
        let all: &[Back] = match kind.gateway() {
            // An order is cancelled whole.
            Gateway::Yolcu360 => &[Back::Void, Back::Refund],
            Gateway::Finrota => &[Back::Void, Back::Refund, Back::Part],
        };
        let back = dice.pick(all);
        Self { kind, seed, card, next_card, faults, temper, later, moment, again, reach, back }
    }

    /// What is paid for: a booking number or an order, known to no other case.
    #[must_use]
    pub fn subject(&self) -> String {
        match self.kind.gateway() {
            Gateway::Finrota => format!("KILL-{}-{}", self.kind.word(), self.seed).to_uppercase(),
            Gateway::Yolcu360 => format!("order_demo_{}_{}", self.kind.word(), self.seed),
        }
    }

    /// How it is repeated.
    #[must_use]
    pub fn repeat(&self) -> String {
        format!("KIND={} SEED={} COUNT=1 scripts/kill.sh", self.kind.word(), self.seed)
    }
}

/// A Visa number that no practice scene has: approved, after the bank's page where it is asked for.
fn approving_card(dice: &mut Dice) -> String {
    let body = format!("4155659{:08}", dice.below(100_000_000));
    let sum: u32 = body
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(place, digit)| match (place.is_multiple_of(2), digit) {
            (false, digit) => digit,
            (true, digit @ 0..=4) => digit * 2,
            (true, digit) => digit * 2 - 9,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

const PAGES: [&str; 12] = [
    "return_form_post",
    "return_302",
    "return_303",
    "return_307",
    "return_script",
    "return_meta_refresh",
    "return_frame",
    "return_late",
    "return_twice",
    "failure_page_charged",
    "challenge_late_trace",
    "success_with_challenge",
];
const DECLINES: [&str; 8] = [
    "decline_2001_402",
    "decline_2002_400",
    "decline_2003_422",
    "decline_2007_200",
    "cut_after_declined",
    "challenge_do_not_honour",
    "challenge_failed",
    "success_page_not_charged",
];
/// The token expires at the payment.
const EXPIRED: &str = "expired_token";
const FAULTY: [&str; 21] = [
    "timeout_before",
    "timeout_after",
    "cut_before",
    "cut_after",
    "cut_after_late_trace",
    "cut_in_headers",
    "cut_in_body",
    "error_500_before",
    "error_500_after",
    "error_502_after",
    "cut_json_after",
    "not_json_after",
    "empty_after",
    "array_differs",
    EXPIRED,
    EXPIRED,
    EXPIRED,
    "too_many",
    "unknown_word",
    "late_trace",
    "no_address",
];
const ODD_ORDERS: [&str; 7] = [
    "pending",
    "code_2008_charged",
    "code_2008_not_charged",
    "whole_order",
    "not_found_after",
    "pending_challenge",
    "challenge_without_form",
];

fn card(kind: Kind, dice: &mut Dice) -> Option<String> {
    let of = |scene: &str| Some(card_of(scene).to_owned());
    match kind {
        Kind::FinrotaDirect | Kind::OrderDirect | Kind::FinrotaReversal => of("without_3d"),
        Kind::FinrotaPage | Kind::OrderPage => match dice.chance(35) {
            true => Some(approving_card(dice)),
            false => of(dice.pick(&PAGES)),
        },
        Kind::FinrotaDeclined | Kind::OrderDeclined => of(dice.pick(&DECLINES)),
        Kind::FinrotaFaulty => of(dice.pick(&FAULTY)),
        Kind::OrderFaulty => match dice.chance(35) {
            true => of(dice.pick(&ODD_ORDERS)),
            false => of(dice.pick(&FAULTY)),
        },
        Kind::FirstStart => Some(approving_card(dice)),
        Kind::Desk => of(dice.pick(&["without_3d", "return_form_post", "return_302", "decline_2001_402"])),
        Kind::OrderLimit => None,
        Kind::OrderReversal => match dice.chance(50) {
            true => of("without_3d"),
            false => None,
        },
    }
}

/// A slow gateway widens the phases between its answers; a faulty one breaks questions too.
fn faults(kind: Kind, dice: &mut Dice) -> Vec<FaultRule> {
    let gateway = kind.gateway();
    let rule = |call, fault| FaultRule::new(gateway, call, fault);
    let mut rules = Vec::new();
    let reverse = if gateway == Gateway::Finrota { [Call::Cancel, Call::Refund] } else { [Call::Cancel; 2] };
    for call in [Call::Options, Call::Pay, Call::Status, Call::Callback].into_iter().chain(reverse) {
        if dice.chance(30) {
            rules.push(rule(call, Fault::Delay { millis: dice.between(2, 40).into() }));
        }
    }
    let faulty = matches!(kind, Kind::FinrotaFaulty | Kind::OrderFaulty);
    if faulty && dice.chance(40) {
        let fault = dice.pick(&[0, 1, 2, 3]);
        rules.push(rule(Call::Status, broken(fault)).first(dice.between(1, 3)));
    }
    if kind.is_reversal() && dice.chance(45) {
        let fault = dice.pick(&[0, 1, 2, 4, 5]);
        rules.extend(reverse.map(|call| rule(call, broken(fault))));
    }
    rules
}

fn broken(which: u32) -> Fault {
    match which {
        0 => Fault::Cut { at: CutPoint::AfterExecuting },
        1 => Fault::Cut { at: CutPoint::BeforeExecuting },
        2 => Fault::Status { status: 500, body: None, when: When::After },
        3 => Fault::Pending,
        4 => Fault::Cut { at: CutPoint::MidBody },
        _ => Fault::Hold { when: When::After },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Duration = Duration::from_millis(60);

    #[test]
    fn a_kind_and_a_seed_always_make_the_same_case_and_other_seeds_others() {
        for (kind, _) in Kind::ALL {
            let made = |seed| format!("{:?}", Case::of(kind, seed, USUAL));
            assert_eq!(made(5), made(5));
            assert_ne!(made(5), made(6));
            assert_eq!(Kind::of_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::ALL.iter().map(|(_, share)| share).sum::<u32>(), 1_000);
    }

    #[test]
    fn a_card_that_is_made_up_passes_the_luhn_check_and_plays_no_scene() {
        let mut dice = Dice::of("cards", 1);
        for _ in 0..200 {
            let card = approving_card(&mut dice);
            let number = vezne_sandbox::practice_cards().iter().find(|one| one.number == card);
            assert!(number.is_none() && card.len() == 16, "{card}");
            let digits = card.bytes().rev().map(|byte| u32::from(byte - b'0')).enumerate();
            let sum: u32 = digits
                .map(|(place, digit)| match place % 2 {
                    0 => digit,
                    _ if digit > 4 => digit * 2 - 9,
                    _ => digit * 2,
                })
                .sum();
            assert_eq!(sum % 10, 0, "{card}");
        }
    }
}
