//! The table of states and events, as the README shows it.
