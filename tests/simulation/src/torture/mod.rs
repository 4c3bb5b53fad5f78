//! Schedules by the million: what there is to try, and the table of what was tried.

mod table;
mod units;

pub use table::{Line, Table};
pub use units::{Kind, Unit};

/// Names the sources that the simulated product is made of.
pub const PRODUCT: &str = env!("VEZNE_SIMULATED");
