//! The arguments of `printer`.

use clap::{Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum PrinterVerb {
    /// What waits for the printer, is asked about, or could not be printed
    List,
    /// Say whether a paper came out that is asked about
    Answer {
        /// The print job's number
        job: u64,
        /// What was seen at the printer
        #[arg(long, value_enum)]
        seen: SeenArg,
        /// Who sits at the desk
        #[arg(long, value_name = "NAME")]
        operator: Option<String>,
    },
    /// Take back a paper that waits; its number is free again
    Cancel {
        /// The print job's number
        job: u64,
        /// Who sits at the desk
        #[arg(long, value_name = "NAME")]
        operator: Option<String>,
    },
    /// Print what waits, and wait for it
    TryNow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeenArg {
    /// It came out whole
    CameOut,
    /// It did not, or not whole: print it again, as a copy; what is outdated is printed as it is now
    Copy,
    /// It is not needed any more
    Drop,
}
