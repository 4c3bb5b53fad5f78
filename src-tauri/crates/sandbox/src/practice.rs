//! What a person can practise with: cards and orders, each with its scene.

use serde::Serialize;

use crate::card_table::CARDS;
use crate::order_table::ORDERS;
use crate::scene::{self, Plan};

/// A practice card: typing it chooses the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PracticeCard {
    /// The number, digits only; passes the Luhn check.
    pub number: &'static str,
    /// `MM/YYYY`. Any date that is not over is accepted; so is this one.
    pub expiry: &'static str,
    /// Three digits, four on American Express. Any other of that length is accepted.
    pub cvc: &'static str,
    /// The card's network.
    pub brand: &'static str,
    /// The scene's name, as pages carry it in `data-scene`.
    pub scene: &'static str,
    /// One English sentence that says what happens.
    pub text: &'static str,
}

/// A seeded Yolcu360 order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PracticeOrder {
    /// The order id.
    pub order: &'static str,
    /// The order's price in minor units.
    pub amount_minor: i64,
    /// `TRY`, `USD` or `EUR`.
    pub currency: &'static str,
    /// The scene's name.
    pub scene: &'static str,
    /// One English sentence that says what happens.
    pub text: &'static str,
}

/// Every practice card, published numbers first.
pub fn practice_cards() -> &'static [PracticeCard] {
    CARDS
}

/// Every seeded order.
pub fn practice_orders() -> &'static [PracticeOrder] {
    ORDERS
}

/// The plan of a card number; a number that is in no table is approved.
pub(crate) fn card_plan(number: &str) -> Plan {
    scene::plan(CARDS.iter().find(|card| card.number == number).map_or("approve", |card| card.scene))
}

/// The cards of the two documents are accepted with the dates printed there, however old those are by now.
pub(crate) fn is_document_card(number: &str, month: i64, year: i64) -> bool {
    matches!((number, month, year), ("4155650100416111", 12, 2026) | ("4242424242424242", 12, 2025))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fields::{is_card_number, is_cvc, last_four, luhn};
    use crate::scene::Verdict;

    #[test]
    fn every_practice_card_passes_the_luhn_check_and_has_last_four_digits_of_its_own() {
        let mut seen = BTreeSet::new();
        for card in practice_cards() {
            assert!(is_card_number(card.number) && luhn(card.number), "{}", card.number);
            assert!(is_cvc(card.cvc, card.number), "{}", card.number);
            assert!(seen.insert(last_four(card.number)), "{}", card.number);
        }
    }

    #[test]
    fn every_scene_of_a_card_exists() {
        for card in practice_cards().iter().filter(|card| card.scene != "approve") {
            let (plan, plain) = (scene::plan(card.scene), Plan::approve(card.scene));
            assert_ne!(plan, plain, "{} is not a scene", card.scene);
        }
    }

    #[test]
    fn a_decline_names_its_code() {
        let plan = scene::plan("decline_2007_422");
        let Verdict::Decline(reason, form) = plan.verdict else { panic!("declines") };
        assert_eq!((reason.code(), form), (2007, scene::Form::Http(422)));
    }

    #[test]
    fn the_readme_lists_every_card_and_order() {
        let readme = include_str!("../README.md");
        for PracticeCard { number, expiry, cvc, brand, scene, text } in practice_cards() {
            let row = format!("| {number} | {expiry} | {cvc} | {brand} | {scene} | {text} |\n");
            assert!(readme.contains(&row), "missing in README.md:\n{row}");
        }
        for PracticeOrder { order, amount_minor, currency, scene, text } in practice_orders() {
            let amount = crate::money::two_places(*amount_minor);
            let row = format!("| {order} | {amount} {currency} | {scene} | {text} |\n");
            assert!(readme.contains(&row), "missing in README.md:\n{row}");
        }
    }
}
