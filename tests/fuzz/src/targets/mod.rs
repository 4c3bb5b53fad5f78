//! Everything that reads bytes from outside, one file each.

mod amount;
mod anchor;
mod bank_page;
mod bank_return;
mod card;
mod config;
mod exported;
mod faults;
mod finrota_options;
mod finrota_pay;
mod finrota_status;
mod journal;
mod papers;
mod reversals;
mod search;
mod sign_in;
mod text;
mod vault;
mod yolcu_options;
mod yolcu_order;
mod yolcu_pay;

use crate::engine::Target;

/// All of them.
pub const ALL: [Target; 21] = [
    amount::TARGET,
    anchor::TARGET,
    bank_page::TARGET,
    bank_return::TARGET,
    card::TARGET,
    config::TARGET,
    exported::TARGET,
    faults::TARGET,
    finrota_options::TARGET,
    finrota_pay::TARGET,
    finrota_status::TARGET,
    journal::TARGET,
    papers::TARGET,
    reversals::TARGET,
    search::TARGET,
    sign_in::TARGET,
    text::TARGET,
    vault::TARGET,
    yolcu_options::TARGET,
    yolcu_order::TARGET,
    yolcu_pay::TARGET,
];

/// The target of that name.
#[must_use]
pub fn named(name: &str) -> Option<Target> {
    ALL.into_iter().find(|target| target.name == name)
}
