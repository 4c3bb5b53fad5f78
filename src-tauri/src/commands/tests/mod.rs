//! The plain functions of the commands, against a real till, the practice gateways over loop-back, and a home on disk.

mod cards;
mod closes;
mod damage;
mod history;
mod papers;
mod refusals;
mod returns;
mod rig;
mod sales;
mod typing;
