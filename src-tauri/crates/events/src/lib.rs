#![doc = include_str!("../README.md")]

pub mod chain;
pub mod chained;
pub mod closing;
pub mod event;
pub mod fold;
pub mod head;
pub mod keys;
pub mod report;
pub mod rows;
pub mod search;
pub mod verify;

pub use chained::{Commitment, Draft, Place, Salted, chained};
pub use event::{Event, Line, Tip};
pub use keys::{ChainKey, KeyLookup, Keys};
pub use report::{Break, Broken, Lost, Report, Unverifiable};

#[cfg(test)]
mod tests;
