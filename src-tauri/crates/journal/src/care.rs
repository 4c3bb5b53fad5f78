//! What is done beside a running till so that damage is noticed early and never costs much: checks and backups.

use std::path::PathBuf;

use sqlx::Connection;
use vezne_core::ports::JournalFault;
use vezne_core::time::Timestamp;
use vezne_events::Report;

use crate::fault::{BackupFault, IntoFault};
use crate::pace::Pace;
use crate::{Journal, connect, head, keep, verify};

impl Journal {
    /// Verifies everything, as [`Journal::verify`] does, without hurry. Damage that is found stops new sales
    /// ([`may_take_money`](vezne_core::ports::Journal::may_take_money)) and is remembered at the next start. Projections
    /// that differ from their events are made anew.
    ///
    /// # Errors
    /// [`JournalFault`] when the journal can't be read for another reason than damage.
    pub async fn check(&self) -> Result<Report, JournalFault> {
        let report = match self.look_through().await {
            Err(JournalFault::Damaged(words) | JournalFault::Unreadable(words)) => {
                self.health.is_damaged(&words);
                return Err(JournalFault::Damaged(words));
            }
            report => report?,
        };
        if let Some(words) = report.damage() {
            self.health.is_damaged(&words);
        } else if !report.projections.is_empty() {
            tracing::warn!(rows = report.projections.join(", "), "projections differ from their events: made anew");
            self.rebuild().await?;
        }
        Ok(report)
    }

    async fn look_through(&self) -> Result<Report, JournalFault> {
        // The marker first: what is written meanwhile makes the journal longer than it says, never shorter.
        let marker = head::read(&self.files.head());
        let mut db = connect::reader(&self.files.database()).await.fault()?;
        let mut report = verify::at_pace(&mut db, &self.keys, &mut Pace::gentle()).await?;
        verify::against_marker(&mut db, marker, &mut report).await?;
        db.close().await.fault()?;
        Ok(report)
    }

    /// Makes a verified backup among the home's own and lets go of the oldest ones: the last [`crate::BACKUPS_KEPT`] are
    /// kept. A copy that does not verify is none, and then nothing is let go of.
    ///
    /// # Errors
    /// [`BackupFault`].
    pub async fn keep_backup(&self, now: Timestamp) -> Result<(PathBuf, Report), BackupFault> {
        keep::make(&self.files, &self.keys, now).await
    }

    /// The home's own backups, newest first.
    #[must_use]
    pub fn backups(&self) -> Vec<crate::Kept> {
        keep::all(&self.files)
    }
}
