//! Card data where it must not be: canary cards, and a search of everything that a desk leaves or holds.
//!
//! - [`canary`]: a card number and a security code in every form in which a program may have written them.
//! - [`search`]: many forms in one pass over any bytes.
//! - [`places`]: what is on the disk, in arguments and in environments.
//! - [`memory`]: the memory of living processes (Linux).
//! - [`runs`]: sales in the real desk, by real keys, and what is left of each card (Linux).

pub mod canary;
#[cfg(target_os = "linux")]
pub mod memory;
pub mod places;
#[cfg(target_os = "linux")]
pub mod runs;
pub mod search;
