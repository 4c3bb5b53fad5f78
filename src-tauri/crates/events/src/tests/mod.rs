//! Tests of the whole crate: what is stored, read back and said of it.

mod closing;
mod folding;
mod reporting;
pub(crate) mod samples;
mod stored;
mod walking;
