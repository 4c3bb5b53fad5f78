//! One test a sentence of `RULES.md` that the machine decides, by section.

mod after;
mod answers;
mod clock;
mod course;
mod returns;
pub(crate) mod samples;
mod without_query;
