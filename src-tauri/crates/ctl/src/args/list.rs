//! What `veznectl list` takes.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Those with this outcome
    #[arg(long, value_enum)]
    pub(crate) outcome: Option<OutcomeArg>,
    /// Those of this merchant account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Those opened on this day or later
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<String>,
    /// Those opened before the end of this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<String>,
    /// Those opened on this day
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with_all = ["from", "until"])]
    pub(crate) day: Option<String>,
    /// Those taken by this operator
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// Those in so many installments, or from the credit limit
    #[arg(long, value_name = "N|limit")]
    pub(crate) plan: Option<String>,
    /// A search line: order, reference, last four, amount, name, outcome, day, plan, as in the desk's History
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only what needs attention
    #[arg(long)]
    pub(crate) attention: bool,
    /// Those opened before this attempt (the last of the page before)
    #[arg(long, value_name = "ATTEMPT")]
    pub(crate) after: Option<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum OutcomeArg {
    Approved,
    Declined,
    Refused,
    Unknown,
    NotSent,
}
