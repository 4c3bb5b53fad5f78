//! The journal in memory, over a disk that can fail at every step, and the twin that holds it against the real one.

mod check;
mod closes;
mod disk;
mod lines;
mod memory;
mod port;
mod sim;
mod twin;
mod twin_port;

pub use disk::{Disk, DiskFault, DiskFaults, DiskStep, Sound};
pub use sim::{OpenRefused, SimJournal};
pub use twin::{Twin, TwinHome, compare};

#[cfg(test)]
mod tests;
