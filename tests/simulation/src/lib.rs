#![doc = include_str!("../README.md")]

mod bank;
mod books;
mod check;
mod coverage;
mod dice;
mod drawn;
mod gateway;
pub mod journal;
mod life;
mod many;
mod operator;
mod plant;
mod ports;
mod run;
mod scenes;
pub mod schedule;
mod settle;
mod singles;
mod told;
pub mod torture;
mod watch;
mod world;

pub use coverage::{Cell, Cells, Coverage};
pub use dice::Dice;
pub use drawn::{drawn, gateway_of};
pub use many::{Outcome, run_all, run_each};
pub use plant::Plant;
pub use run::{Failure, Ran, Verdict, Watch, run, run_watched};
pub use scenes::scenes;
pub use singles::{faults_of, pairs_of, seconds_of, singles};
