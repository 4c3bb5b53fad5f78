#![doc = include_str!("../README.md")]

mod accounts;
mod documentation;
pub mod edit;
mod error;
mod key;
mod keys;
mod model;
mod near;
pub mod papers;
mod parse;
mod section;
mod value;

pub use documentation::documentation;
pub use edit::{AccountDraft, ReturnDraft};
pub use error::{Problem, SettingsError};
pub use model::{
    AccountSettings, CredentialsSource, DeskSettings, FinrotaSettings, Gateway, GatewaySettings, Language, LocalTime,
    ReturnMode, Settings, Timeouts, Yolcu360Settings,
};

pub use papers::{
    PapersDraft, PrinterCutter, PrinterLetters, PrinterPaper, PrinterPlace, PrinterSettings, ReceiptSettings,
};

/// A complete `config.toml` to begin with: what [`SettingsError::Missing`] shows to a person without one.
pub const EXAMPLE: &str = include_str!("example.toml");
