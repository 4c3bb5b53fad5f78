#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod account;
pub mod answers;
pub mod asking;
pub mod attempt;
pub mod card;
pub mod close;
pub mod evidence;
pub mod guard;
pub mod ids;
pub mod limits;
pub mod money;
pub mod note;
pub mod options;
pub mod order;
pub mod papers;
pub mod ports;
pub mod record;
pub mod reference;
pub mod reversal;
pub mod rights;
mod said;
pub mod search;
pub mod status;
pub mod text;
pub mod time;
