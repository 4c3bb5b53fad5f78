//! A whole desk without a disk, a network or a clock of its own: every port is simulated and writes into one log, so that
//! a test can say what came before what.

mod asks;
mod clock;
mod gateway;
mod journal;
mod log;
mod rig;
mod samples;
mod words;

pub(crate) use gateway::{LOST, PaySeen, is_right};
pub(crate) use journal::Fault;
pub(crate) use rig::{Rig, operator, settle_down};
pub(crate) use samples::*;
