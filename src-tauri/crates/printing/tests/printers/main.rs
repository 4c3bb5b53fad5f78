//! Printers played by small servers on loop-back and by a pseudo-terminal: sound ones, mute ones, out of paper, stuck, gone half-way.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside of their functions")]

mod at_work;
mod played;
mod roads;
