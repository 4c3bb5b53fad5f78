//! What came of repairing a damaged journal.

use serde::Serialize;
use specta::Type;
use vezne_journal::{Repair, Repaired};

/// A repaired journal, in numbers that a person is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct RepairView {
    /// Whether nothing is missing.
    pub complete: bool,
    /// How many entries the journal has now; none are counted where an earlier repair was only finished.
    pub events: u32,
    /// How many of them came from a backup.
    pub from_backups: u32,
    /// How many entries are lost in the middle.
    pub lost: u32,
    /// Whether the newest entries are lost, or may be.
    pub end_missing: bool,
    /// Payments of which only a part is left, with what is known of them.
    pub fragments: Vec<String>,
    /// Where the damaged files are now.
    pub aside: Option<String>,
}

impl From<Repair> for RepairView {
    fn from(repair: Repair) -> Self {
        match repair {
            Repair::NotNeeded | Repair::Finished => Self {
                complete: true,
                events: 0,
                from_backups: 0,
                lost: 0,
                end_missing: false,
                fragments: Vec::new(),
                aside: None,
            },
            Repair::Done(repaired) => (*repaired).into(),
        }
    }
}

impl From<Repaired> for RepairView {
    fn from(repaired: Repaired) -> Self {
        let lost = repaired.lost.iter().map(|lost| lost.last.saturating_sub(lost.first).saturating_add(1)).sum::<i64>();
        Self {
            complete: repaired.epoch.is_none(),
            events: u32::try_from(repaired.events).unwrap_or(u32::MAX),
            from_backups: u32::try_from(repaired.events.saturating_sub(repaired.from_damaged)).unwrap_or(u32::MAX),
            lost: u32::try_from(lost).unwrap_or(u32::MAX),
            end_missing: repaired.ends_after.is_some(),
            fragments: repaired.fragments,
            aside: Some(repaired.aside.display().to_string()),
        }
    }
}
