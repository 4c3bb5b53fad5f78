//! The real `veznectl` as a process of its own, against the practice gateways in this one.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that can't go on has failed")]

mod asking;
mod browser;
mod closing;
mod desk;

mod environment;
mod gateways;
mod gone;
mod guard;
mod input;
mod looking;
mod paying;
mod receipts;
mod reversals;
mod standing;
mod words;
