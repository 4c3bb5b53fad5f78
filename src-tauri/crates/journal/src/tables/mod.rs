//! One file a table: its row, and every statement that touches it, written out.

pub(crate) mod attempts;
pub(crate) mod events;
pub(crate) mod names;
pub(crate) mod operators;
pub(crate) mod payments;
pub(crate) mod reversals;
pub(crate) mod rights_used;
