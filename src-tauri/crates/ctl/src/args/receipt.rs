//! The arguments of `payment receipt`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

/// Beside a running desk nothing can be counted: text, file and mail then say that they are copies that nobody counted.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("way").args(["text", "pdf", "escpos", "print", "mail"]))]
pub(crate) struct ReceiptArgs {
    /// The payment, or one of its attempts or reversals
    pub(crate) payment: String,
    /// This attempt of it; without it the approved one, else the newest with an outcome
    #[arg(long, value_name = "A", conflicts_with = "reversal")]
    pub(crate) attempt: Option<String>,
    /// This void or refund of it
    #[arg(long, value_name = "R")]
    pub(crate) reversal: Option<String>,
    /// The paper's language; without it what the configuration says
    #[arg(long, value_enum)]
    pub(crate) lang: Option<LanguageArg>,
    /// Show it, which counts as nothing; the usual way
    #[arg(long)]
    pub(crate) text: bool,
    /// Save it as PDF; nothing is overwritten
    #[arg(long, value_name = "FILE")]
    pub(crate) pdf: Option<PathBuf>,
    /// The PDF's paper; without it what the configuration says
    #[arg(long, value_enum, requires = "pdf")]
    pub(crate) paper: Option<PaperArg>,
    /// Save the printer's bytes; nothing is overwritten
    #[arg(long, value_name = "FILE")]
    pub(crate) escpos: Option<PathBuf>,
    /// Print it, and wait for it
    #[arg(long)]
    pub(crate) print: bool,
    /// Draft a mail: its address is told, its PDF saved in the receipts' folder
    #[arg(long)]
    pub(crate) mail: bool,
    /// Who sits at the desk
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaperArg {
    /// Sheets of A4
    A4,
    /// A roll of 80 mm
    #[value(name = "80mm")]
    Roll80,
    /// A roll of 58 mm
    #[value(name = "58mm")]
    Roll58,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageArg {
    En,
    Tr,
}
