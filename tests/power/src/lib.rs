#![doc = include_str!("../README.md")]

pub mod attempt;
pub mod check;
pub mod content;
pub mod disk;
pub mod explore;
pub mod facts;
pub mod folder;
pub mod plan;
pub mod random;
pub mod recorder;
pub mod recording;
pub mod requests;
pub mod scenes;
pub mod strace;
pub mod table;
pub mod traced;

/// Something of the test itself went wrong: a trace that is not understood, a folder that can't be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl Fault {
    /// What was being done, and what came of it.
    #[must_use]
    pub fn of(what: &str, error: &dyn std::fmt::Display) -> Self {
        Self(format!("{what}: {error}"))
    }
}
