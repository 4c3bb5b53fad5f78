//! The arguments of the day close.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{LanguageArg, RightArgs};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CloseArgs {
    #[command(subcommand)]
    pub(crate) verb: Option<CloseVerb>,
    /// Who closes the day
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// The paper's language; without it what the configuration says
    #[arg(long, value_enum)]
    pub(crate) lang: Option<LanguageArg>,
    // Needed where a restored backup left something out: the close ends the rule that stands for it.
    #[command(flatten)]
    pub(crate) right: RightArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CloseVerb {
    /// The closes, newest first
    List {
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// A close as it was made, with its anchor: the last one without a number
    Show {
        /// Its number
        number: Option<u32>,
        /// Only its lines, as a table
        #[arg(long, value_enum)]
        lines: Option<LinesArg>,
        /// The paper's language; without it what the configuration says
        #[arg(long, value_enum)]
        lang: Option<LanguageArg>,
        #[command(flatten)]
        paper: ClosePaperArgs,
    },
    /// Ask the gateways about every payment of a close, and keep what differs with it
    Compare {
        /// Its number
        number: u32,
        /// Who compares
        #[arg(long, value_name = "NAME")]
        operator: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinesArg {
    Csv,
    Jsonl,
}

/// How the paper of a close leaves; it is counted like any other, and every further one says that it is a copy.
#[derive(Debug, Args)]
pub(crate) struct ClosePaperArgs {
    /// Print it on the configured printer
    #[arg(long, conflicts_with_all = ["lines", "pdf"])]
    pub(crate) print: bool,
    /// Save it as PDF; nothing is overwritten
    #[arg(long, value_name = "FILE", conflicts_with = "lines")]
    pub(crate) pdf: Option<PathBuf>,
    /// Who prints or saves it
    #[arg(long = "by", value_name = "NAME")]
    pub(crate) by: Option<String>,
}
