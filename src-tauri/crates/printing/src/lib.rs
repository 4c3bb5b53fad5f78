#![doc = include_str!("../README.md")]

mod press;
mod queue;
mod talk;
mod trouble;
mod way;

pub use press::{Closed, Papers, Press};
pub use queue::{Answer, Job, JobId, Queue, Refusal, Stand};
pub use talk::Manner;
pub use trouble::{End, Trouble};
pub use way::{Way, ask, send};
