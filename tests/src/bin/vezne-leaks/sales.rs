//! The sales that are played, each with a card of its own.

use vezne_tests::desk::card_of;
use vezne_tests::leaks::canary::Canary;
use vezne_tests::leaks::runs::Customer::{Cancels, Confirms, IsNotAsked, Waits};
use vezne_tests::leaks::runs::{Customer, Played};

/// Cards with a code of four digits and a nought in front, which chance finds nowhere else.
const APPROVED: Canary<'static> = Canary { number: "374427000000003", code: "0836" };
const DECLINED: Canary<'static> = Canary { number: "374427000001555", code: "0947" };
const NOT_SENT: Canary<'static> = Canary { number: "374427000002264", code: "0917" };
const REPEATED: Canary<'static> = Canary { number: "374427000003395", code: "0928" };
const ONCE_MORE: Canary<'static> = Canary { number: "374427000005655", code: "0681" };
const RETURNED: Canary<'static> = Canary { number: "374427000006786", code: "0592" };

/// Of a sale whose reference is paid already.
pub(crate) const PAID_ALREADY: Canary<'static> = Canary { number: "374427000004526", code: "0739" };
/// Of a sale whose holder is a number.
pub(crate) const NAMED: Canary<'static> = Canary { number: "374427000007917", code: "0863" };
/// Numbers that are typed where none belongs.
pub(crate) const AS_REFERENCE: &str = "374427000008048";
pub(crate) const IN_A_REFERENCE: &str = "374427000009178";
pub(crate) const AS_HOLDER: &str = "374427000010309";
pub(crate) const IN_A_SEARCH: &str = "374427000012404";

fn visa(scene: &str, code: &'static str) -> Canary<'static> {
    Canary { number: card_of(scene), code }
}

type Row = (&'static str, Canary<'static>, (&'static str, &'static str), Customer, Option<&'static str>);

fn sale((what, card, subject, customer, outcome): Row) -> Played<'static> {
    Played { what, card, subject, customer, outcome }
}

/// Sales that come to an end.
pub(crate) fn ended() -> [Played<'static>; 6] {
    let refused = visa("forbidden_address", "079");
    [
        ("approved, no bank's page", visa("without_3d", "097"), ("LEAK-1", "101.00"), IsNotAsked, Some("approved")),
        ("approved, 3-D Secure", APPROVED, ("LEAK-2", "102.00"), Confirms, Some("approved")),
        ("declined at the bank", DECLINED, ("LEAK-3", "103.00"), Confirms, Some("declined")),
        ("declined at once", visa("decline_2002_402", "089"), ("LEAK-4", "104.00"), IsNotAsked, Some("declined")),
        ("cancelled at the bank", visa("return_302", "063"), ("LEAK-5", "105.00"), Cancels, Some("declined")),
        ("refused by the gateway", refused, ("LEAK-6", "106.00"), IsNotAsked, Some("refused")),
    ]
    .map(sale)
}

/// Sales in which a stranger repeats the card: the gateway in its error, the bank in its message, the bank's page in the return.
pub(crate) fn repeated() -> [Played<'static>; 3] {
    let told = visa("decline_2001_402", "059");
    [
        ("refused, the card in the gateway's error", REPEATED, ("LEAK-11", "111.00"), IsNotAsked, Some("refused")),
        ("declined, the card in the bank's message", told, ("LEAK-12", "112.00"), IsNotAsked, Some("declined")),
        ("approved, the card in the return's fields", RETURNED, ("LEAK-13", "113.00"), Confirms, Some("approved")),
    ]
    .map(sale)
}

/// The gateway is gone when the payment goes.
pub(crate) fn not_sent() -> Played<'static> {
    sale(("not sent", NOT_SENT, ("LEAK-14", "114.00"), IsNotAsked, Some("not_sent")))
}

/// A decline, and the same card again.
pub(crate) fn once_more() -> [Played<'static>; 2] {
    [
        ("declined, to be tried again", ONCE_MORE, ("LEAK-15", "115.00"), Cancels, Some("declined")),
        ("the same card again, approved", ONCE_MORE, ("LEAK-15", "115.00"), Confirms, Some("approved")),
    ]
    .map(sale)
}

/// What was approved once, for another booking: the desk asks whether that is meant.
pub(crate) fn twin() -> Played<'static> {
    sale(("a twin: the question stands", APPROVED, ("LEAK-16", "102.00"), IsNotAsked, None))
}

/// The last ones: from the first on, something needs attention.
pub(crate) fn unsettled() -> [Played<'static>; 2] {
    [
        ("unknown", visa("cut_after", "086"), ("LEAK-7", "107.00"), IsNotAsked, Some("unknown")),
        ("parked at the bank", visa("return_303", "073"), ("LEAK-8", "108.00"), Waits, None),
    ]
    .map(sale)
}

/// Every card that is typed anywhere.
pub(crate) fn cards() -> Vec<Canary<'static>> {
    let played = [&ended()[..], &repeated(), &[not_sent()], &once_more(), &unsettled()].concat();
    let mut cards: Vec<Canary<'_>> = played.iter().map(|sale| sale.card).collect();
    cards.extend([PAID_ALREADY, NAMED]);
    // These have no code of their own.
    let numbers = [AS_REFERENCE, IN_A_REFERENCE, AS_HOLDER, IN_A_SEARCH];
    cards.extend(numbers.map(|number| Canary { number, code: APPROVED.code }));
    cards
}
