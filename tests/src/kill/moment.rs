//! When a program falls.

use std::time::Duration;

use super::dice::Dice;
use super::kind::Kind;

/// A request on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireCall {
    /// Signing in.
    SignIn,
    /// The option list.
    Options,
    /// The payment.
    Pay,
    /// A question: Finrota's transaction, Yolcu360's order.
    Status,
    /// Cancel or refund, at either gateway.
    Reverse,
}

impl WireCall {
    /// The call of a request line.
    #[must_use]
    pub fn of(line: &str) -> Option<Self> {
        let path = line.split(' ').nth(1)?.split('?').next()?;
        Some(match path {
            "/finrota/auth/api/token/connect" | "/yolcu360/api/v1/auth/login" => Self::SignIn,
            "/finrota/b2c/paymentOptions" | "/yolcu360/api/v1/payment/installment-info" => Self::Options,
            "/finrota/b2c/payment" | "/yolcu360/api/v1/payment/pay" => Self::Pay,
            "/finrota/pws/payment/transaction" => Self::Status,
            "/finrota/pws/payment/cancel" | "/finrota/pws/payment/refund" => Self::Reverse,
            order if order.starts_with("/yolcu360/api/v1/order/") => match order.rsplit('/').next() {
                Some("cancel") => Self::Reverse,
                Some("cancel_eligibility") | None => return None,
                Some(_) => Self::Status,
            },
            _ => return None,
        })
    }
}

/// Where in a request and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Half of the request is delivered, the other half never.
    Half,
    /// The request has left whole; the gateway carries it out.
    Arrived,
    /// The gateway has carried it out and answered; no byte of the answer comes.
    Executed,
    /// Half of the answer has come.
    HalfAnswer,
    /// The answer has come, so long ago.
    Answered {
        /// Microseconds.
        micros: u32,
    },
}

/// A file of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// The write-ahead log: changed in the middle of a commit, before its sync.
    Log,
    /// The marker that is written right after a commit.
    Head,
}

/// When the program falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long after its start.
    After(Duration),
    /// When a file of the journal changes for the nth time, or a little later.
    Changed {
        /// Which file.
        file: File,
        /// Which change since the start.
        nth: u32,
        /// So much later, in microseconds.
        micros: u32,
    },
    /// When it has said that it has come so far, or a little later.
    Said {
        /// The step's word.
        word: &'static str,
        /// So much later, in microseconds.
        micros: u32,
    },
    /// At a request.
    Wire {
        /// Which.
        call: WireCall,
        /// The nth of that kind.
        nth: u32,
        /// Where in it.
        point: Point,
    },
}

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The program alone; a browser that it started lives on.
    Program,
    /// Its whole process group, as when a terminal or a service is torn down.
    Group,
}

/// What only the last line of a program says.
const LAST_LINE: &str = "\"outcome\"";

/// A moment in the life of a payment of this kind.
pub(super) fn of_kind(kind: Kind, dice: &mut Dice, usual: Duration) -> Moment {
    let late = |dice: &mut Dice| if dice.chance(40) { 0 } else { dice.between(50, 6_000) };
    let commits = if kind.has_page() { 9 } else { 6 };
    // A reversal thinks longest about the PIN, before anything is written: random moments would nearly all fall there.
    let by_clock = if kind.is_reversal() { 8 } else { 28 };
    match dice.below(100) {
        place if place < by_clock => {
            // A program spends the first part of its life on starting; most moments are kept for the rest.
            let from = if dice.chance(15) { 0 } else { 560 };
            Moment::After(usual.saturating_mul(dice.between(from, 1_050)) / 1_000)
        }
        0..40 => Moment::Changed { file: File::Log, nth: dice.between(1, 60), micros: 0 },
        40..56 => Moment::Changed { file: File::Head, nth: dice.between(1, commits), micros: late(dice) },
        56..62 => Moment::Said { word: LAST_LINE, micros: dice.between(0, 1_500) },
        62..76 if kind.has_page() => match dice.pick(&["preparing", "sending", "at_bank", "bank_page", "confirming"]) {
            word @ ("at_bank" | "bank_page") => Moment::Said { word, micros: dice.between(0, 20_000) },
            word => Moment::Said { word, micros: late(dice) },
        },
        62..68 if !kind.is_reversal() => {
            Moment::Said { word: dice.pick(&["preparing", "sending", "confirming"]), micros: late(dice) }
        }
        _ => wire(kind, dice),
    }
}

/// Somewhere in a request.
pub(super) fn point(dice: &mut Dice) -> Point {
    match dice.below(6) {
        0 => Point::Half,
        1 => Point::Arrived,
        2 => Point::Executed,
        3 => Point::HalfAnswer,
        _ => Point::Answered { micros: dice.between(0, 4_000) },
    }
}

fn wire(kind: Kind, dice: &mut Dice) -> Moment {
    let main = if kind.is_reversal() { WireCall::Reverse } else { WireCall::Pay };
    let call = match dice.below(100) {
        0..3 => WireCall::SignIn,
        3..8 => WireCall::Options,
        8..62 => main,
        _ => WireCall::Status,
    };
    let nth = match call {
        WireCall::Status => dice.between(1, 2),
        WireCall::SignIn | WireCall::Options | WireCall::Pay | WireCall::Reverse => 1,
    };
    Moment::Wire { call, nth, point: point(dice) }
}

/// A restart takes up what is open, writes that down, and asks.
pub(super) fn restart(dice: &mut Dice) -> Moment {
    match dice.below(4) {
        0 => Moment::After(Duration::from_micros(dice.between(0, 40_000).into())),
        1 => Moment::Changed { file: File::Log, nth: dice.between(1, 20), micros: 0 },
        2 => Moment::Changed { file: File::Head, nth: dice.between(1, 3), micros: dice.between(0, 2_000) },
        _ => Moment::Wire { call: WireCall::Status, nth: 1, point: point(dice) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_that_matters_is_known_by_its_request_line() {
        let of = |path: &str| WireCall::of(&format!("POST {path} HTTP/1.1"));
        assert_eq!(of("/finrota/b2c/payment"), Some(WireCall::Pay));
        assert_eq!(of("/yolcu360/api/v1/payment/pay"), Some(WireCall::Pay));
        assert_eq!(of("/finrota/pws/payment/transaction?clientReferenceNumber=A"), Some(WireCall::Status));
        assert_eq!(of("/yolcu360/api/v1/order/order_demo_1"), Some(WireCall::Status));
        assert_eq!(of("/yolcu360/api/v1/order/order_demo_1/cancel"), Some(WireCall::Reverse));
        assert_eq!(of("/yolcu360/api/v1/order/order_demo_1/cancel_eligibility"), None);
        assert_eq!(of("/ledger"), None);
    }
}
