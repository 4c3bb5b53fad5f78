//! The arguments of the day close.

use clap::{Args, Subcommand, ValueEnum};

use super::LanguageArg;

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
