//! The bank's pages in windows of their own.

/// x
pub struct BankWindows;
