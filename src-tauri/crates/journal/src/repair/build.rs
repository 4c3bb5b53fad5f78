//! The new journal, made from what was found, beside the old one.

use std::path::Path;
use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use vezne_core::ids::DeskId;
use vezne_core::ports::{Entropy, JournalFault};
use vezne_core::record::{Batch, EpochReason, Record};
use vezne_core::time::Timestamp;
use vezne_events::chained::{Draft, Place, RECORDS_MOST, chained, ten};
use vezne_events::head::Head;
use vezne_events::{ChainKey, Commitment, Event, Keys, Lost, Report, chain};

use super::RepairFault;
use super::carve::NameRow;
use super::choose::Chain;
use super::found::{self, Found};
use crate::fault::IntoFault;
use crate::migrate::MIGRATIONS;
use crate::tables::{events as event_table, names};
use crate::{connect, fault, files, rebuild, verify};

/// What the new journal is made with.
pub(super) struct Builder<'a> {
    pub(super) keys: &'a Keys,
    pub(super) entropy: &'a Arc<dyn Entropy>,
    pub(super) now: Timestamp,
    pub(super) marker: Option<&'a Head>,
}

/// What it became.
pub(super) struct Built {
    pub(super) report: Report,
    /// The epoch that was begun, if something is missing.
    pub(super) epoch: Option<u32>,
    /// What the marker is to say.
    pub(super) head: Option<Head>,
    /// How many names are lost.
    pub(super) names_lost: u64,
}

impl Builder<'_> {
    /// Makes the journal at `path`, whole, verified and synced, or nothing.
    pub(super) async fn build(
        &self,
        path: &Path,
        found: &mut Found,
        desk: Option<String>,
        chain: &Chain,
    ) -> Result<Built, RepairFault> {
        found::remove(path);
        files::claim(path).map_err(|error| fault::of_io(&error))?;
        let mut db = connect::copy(path).await.fault()?;
        MIGRATIONS.run_direct(&mut db).await.map_err(|error| RepairFault::NotSound(error.to_string()))?;
        let names_lost = self.copy_events(&mut db, found).await?;
        let declared = found.declared().await?;
        let epoch = if chain.is_whole(&declared) {
            None
        } else {
            let gaps = chain.gaps.iter().filter(|gap| !declared.contains(gap)).cloned().collect();
            Some(self.begin_epoch(&mut db, desk, chain, gaps).await?)
        };
        let mut transaction = db.begin().await.fault()?;
        rebuild::all(&mut transaction).await?;
        transaction.commit().await.fault()?;
        let report = verify::all(&mut db, self.keys).await?;
        if let Some(words) = report.first_fault() {
            return Err(RepairFault::NotSound(words));
        }
        let head = match event_table::desk(&mut db).await.fault()? {
            None => None,
            Some(desk) => event_table::tip(&mut db, &desk).await.fault()?,
        };
        db.close().await.fault()?;
        files::sync(path).map_err(|error| fault::of_io(&error))?;
        let head =
            head.map(|tip| Head { desk: tip.desk_id, epoch: tip.epoch, seq: tip.seq, hash: chain::hex(&tip.hash) });
        Ok(Built { report, epoch, head, names_lost })
    }

    async fn copy_events(&self, db: &mut SqliteConnection, found: &mut Found) -> Result<u64, JournalFault> {
        let mut lost: u64 = 0;
        let mut after = 0;
        loop {
            let page = found.taken_after(after).await?;
            let Some(last) = page.last() else { return Ok(lost) };
            after = last.seq;
            let mut transaction = db.begin().await.fault()?;
            for event in &page {
                lost = lost.saturating_add(self.copy_names(&mut transaction, found, event).await?);
                event_table::insert(&mut transaction, event).await.fault()?;
            }
            transaction.commit().await.fault()?;
        }
    }

    /// The names of an event, each from a copy that is what was committed to. One that was erased anywhere stays erased, and
    /// one that is lost stands as erased from now on.
    async fn copy_names(
        &self,
        db: &mut SqliteConnection,
        found: &mut Found,
        event: &Event,
    ) -> Result<u64, JournalFault> {
        let key = self.keys.find(&event.key_id);
        let mut lost: u64 = 0;
        for committed in serde_json::from_str::<Vec<Commitment>>(&event.names).unwrap_or_default() {
            let candidates = found.names(&committed.name).await?;
            let erased = candidates.iter().find_map(|row| row.erased_ms.filter(|_| row.text.is_none()));
            let kept = candidates.iter().find(|row| is_kept(row, &committed, key.as_ref()));
            match (erased, kept) {
                (None, Some(NameRow { text: Some(text), salt: Some(salt), .. })) => {
                    names::insert(db, &committed.name, &event.desk_id, text, salt).await.fault()?;
                }
                (erased, _) => {
                    lost = lost.saturating_add(u64::from(erased.is_none()));
                    let at = erased.unwrap_or(self.now.as_millis());
                    names::insert_erased(db, &committed.name, &event.desk_id, at).await.fault()?;
                }
            }
        }
        Ok(lost)
    }

    async fn begin_epoch(
        &self,
        db: &mut SqliteConnection,
        desk: Option<String>,
        chain: &Chain,
        gaps: Vec<Lost>,
    ) -> Result<u32, JournalFault> {
        let desk = desk
            .or_else(|| self.marker.map(|marker| marker.desk.clone()))
            .unwrap_or_else(|| DeskId::from_parts(self.now, ten(self.entropy.as_ref())).to_string());
        let newest = chain.newest.map_or(0, |(_, epoch)| epoch);
        let epoch = newest.max(self.marker.map_or(0, |marker| marker.epoch)).saturating_add(1);
        let number = u32::try_from(epoch).unwrap_or(u32::MAX);
        let mut records = vec![Record::EpochStarted { epoch: number, why: EpochReason::Restored }];
        records.extend(gaps.into_iter().map(|Lost { first, last }| Record::SpanLost { first, last }));
        for some in records.chunks(RECORDS_MOST) {
            let batch = Batch { records: some.to_vec(), names: Vec::new() };
            let Some(draft) = Draft::of(batch, self.now, self.entropy.as_ref())? else { continue };
            let mut transaction = db.begin().await.fault()?;
            let tip = event_table::tip(&mut transaction, &desk).await.fault()?;
            let place = Place::after(tip.as_ref(), &desk, Some(epoch))?;
            for event in chained(&draft, self.keys.current(), self.entropy.as_ref(), place)? {
                event_table::insert(&mut transaction, &event).await.fault()?;
            }
            transaction.commit().await.fault()?;
        }
        Ok(number)
    }
}

/// Whether this is the name that was committed to. Under a lost key nobody can tell, and it is believed.
fn is_kept(row: &NameRow, committed: &Commitment, key: Option<&ChainKey>) -> bool {
    let (Some(text), Some(salt)) = (&row.text, &row.salt) else { return false };
    key.is_none_or(|key| {
        let hash = chain::commitment(key, &row.name_id, salt, text);
        chain::same(chain::hex(&hash).as_bytes(), committed.commitment.as_bytes())
    })
}
