#![doc = include_str!("../README.md")]

mod accounts;
mod card_json;
mod care;
mod export;
mod fault;
mod folder;
mod logs;
mod loopback;
mod open;
pub mod papers;
mod pins;
mod world;

pub use accounts::{Unavailable, core_account, gateway_config, try_out};
pub use card_json::{CardJson, CardJsonError, CardText};
pub use care::Care;
pub use export::{
    ExportExisting, ExportFault, ExportOrder, Exported, TableFormat, TableLanguage, TableSeparators, export_file,
    export_into, head_of, row_of,
};
pub use fault::{FaultClass, HomeFault};
pub use folder::{HOME_VARIABLE, Home, PRACTICE_MARK};
pub use logs::{LOG_VARIABLE, Logs};
#[cfg(feature = "fuzzing")]
pub use loopback::fuzzing;
pub use loopback::{
    Loopback, Notice, Notices, Opener, RETURN_BODY_BYTES, RETURN_QUERY_BYTES, Returned, Started, open_in_browser,
    return_fields, secret_variables,
};
pub use open::{MakePages, OpenReading, OpenTill, Opening, PagesFrom, PagesParts, SettingsFrom};
pub use papers::{About, Draft, Issued, Paper, PaperFault, Papers, PdfTo, Saved, Seen};
pub use pins::{VaultPins, hash_pin};
pub use vezne_export::{WholeFile, sweep};
pub use world::{OsEntropy, SystemClock};
