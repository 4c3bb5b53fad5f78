//! The bank's pages in windows of their own.
//!
//! Each window has a data folder of its own, deleted when it closes; it is named in no capability, and what it is told to
//! load is a stranger's. A return is caught in two places, on its way (`policy`, every kind of return) and at its end
//! (`door`, with its body), and told as one hint (`returns`). However a page ends, that is never an outcome.

mod address;
mod door;
mod folders;
#[cfg(test)]
mod fuzz_tests;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod network;
mod page;
mod pages;
mod policy;
mod reports;
mod returns;
mod window;
mod wishes;

pub use door::protocol;
pub use page::{Moving, PageFault};
pub use pages::{BankWindows, Ended, Told};

pub(crate) use folders::sweep;

/// How the labels of the bank's windows begin.
pub(crate) const LABEL: &str = "bank-";
