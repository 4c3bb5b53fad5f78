//! Repair: the damaged journal is set aside as it is, and a new one is made of every event that can still be read, from it
//! and from the backups. A person decides it; nothing is thrown away, and nothing is invented.

mod build;
mod carve;
mod choose;
mod found;
mod image;
mod swap;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vezne_core::ports::{Entropy, JournalFault};
use vezne_core::time::Timestamp;
use vezne_events::head::Head;
use vezne_events::{ChainKey, Event, Keys, Lost, chain, fold};

use self::build::{Builder, Built};
use self::carve::Row;
use self::choose::Chain;
use self::found::Found;
use self::image::Image;
use crate::fault::OpenFault;
use crate::files::Files;
use crate::lock::Lock;
use crate::{fault, head, keep, look};

pub(crate) use swap::finish;

/// How many pages are looked at in one transaction.
const PAGES_AT_ONCE: u64 = 512;

/// What a repair came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// The journal is as it was written: nothing was touched.
    NotNeeded,
    /// A repair that had been cut off before its end was finished.
    Finished,
    /// It was repaired.
    Done(Box<Repaired>),
}

/// A repaired journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// Where the damaged files are now, as they were.
    pub aside: PathBuf,
    /// How many events the new journal took over.
    pub events: u64,
    /// How many of them stood in the damaged files themselves; the others came from backups.
    pub from_damaged: u64,
    /// How many of them can't be verified because their key is lost.
    pub unverifiable: u64,
    /// How many pieces looked like events and are not what was written; none of them was taken.
    pub refused: u64,
    /// The backups that were looked at, newest first.
    pub backups: Vec<PathBuf>,
    /// What is missing in the middle, now declared.
    pub lost: Vec<Lost>,
    /// The number of the last event that is there, if what came after it is missing or may be.
    pub ends_after: Option<i64>,
    /// The number of the newest event that the marker beside the journal knew of.
    pub known_last: Option<i64>,
    /// Attempts and reversals of which only a part is left, with what is known of them.
    pub fragments: Vec<String>,
    /// How many names are there.
    pub names: u64,
    /// How many names are lost.
    pub names_lost: u64,
    /// The epoch that was begun because something is missing; `None` when nothing is.
    pub epoch: Option<u32>,
}

/// Why a repair was not done. Everything is as it was then.
#[derive(Debug, thiserror::Error)]
pub enum RepairFault {
    /// What was made does not verify: a fault of this program.
    #[error("what was put together does not verify: {0}")]
    NotSound(String),
    /// Files can't be read or written.
    #[error(transparent)]
    Fault(#[from] JournalFault),
}

/// Repairs the journal of the lock's home folder. `more` are backups from elsewhere, looked at before the home's own. The
/// lock is given back when this returns.
///
/// # Errors
/// [`RepairFault`]; the journal is as it was.
pub async fn repair(
    lock: Lock,
    keys: Keys,
    entropy: Arc<dyn Entropy>,
    more: &[PathBuf],
    now: Timestamp,
) -> Result<Repair, RepairFault> {
    let io = |error: std::io::Error| RepairFault::Fault(fault::of_io(&error));
    let files = &Files::new(lock.home());
    if finish(files).map_err(io)? {
        return Ok(Repair::Finished);
    }
    if is_sound(files, &keys).await? {
        return Ok(Repair::NotNeeded);
    }
    let marker = head::read(&files.head());
    let mut gathered = Gathered::make(files, &keys).await?;
    let chain = gathered.gather(files, more, marker.as_ref()).await?;
    let builder = Builder { keys: &keys, entropy: &entropy, now, marker: marker.as_ref() };
    let desk = gathered.found.desk().await?;
    let mut chain = chain;
    let mut built = builder.build(&files.repaired(), &mut gathered.found, desk.clone(), &chain).await;
    if matches!(built, Err(RepairFault::NotSound(_))) && gathered.found.drop_unverified().await? > 0 {
        // What nobody can verify may itself be what is damaged.
        chain = gathered.chain(marker.as_ref()).await?;
        built = builder.build(&files.repaired(), &mut gathered.found, desk, &chain).await;
    }
    let built = match built {
        Ok(built) => built,
        Err(fault) => {
            let _nothing = finish(files);
            return Err(fault);
        }
    };
    let aside = swap::set_aside(files, now).map_err(io)?;
    let repaired = gathered.report(aside, &chain, &built, marker.as_ref()).await?;
    swap::decide(files, built.head.as_ref()).map_err(io)?;
    finish(files).map_err(io)?;
    drop(lock);
    Ok(Repair::Done(Box::new(repaired)))
}

/// Whether there is nothing to repair: the whole journal is as it was written.
async fn is_sound(files: &Files, keys: &Keys) -> Result<bool, RepairFault> {
    match look::before(files, keys).await {
        Ok(()) if !files.database().exists() => Ok(true),
        Ok(()) => match look::is_perfect(files, keys).await {
            Ok(perfect) => Ok(perfect),
            Err(fault) => not_sound(fault),
        },
        Err(fault) => not_sound(fault),
    }
}

fn not_sound(fault: OpenFault) -> Result<bool, RepairFault> {
    match fault {
        // A version that differs may be what is damaged; what was written proves itself.
        OpenFault::Damaged(_) | OpenFault::Gone(_) | OpenFault::NotAJournal(_) | OpenFault::Foreign { .. } => Ok(false),
        OpenFault::Fault(fault) => Err(fault.into()),
        // It is whole, and of another version than this program's: not for a repair to change.
        OpenFault::Newer { .. } | OpenFault::Missing(_) | OpenFault::Older { .. } | OpenFault::NoBackup(_) => {
            Err(RepairFault::Fault(JournalFault::NotWritable(fault.to_string())))
        }
    }
}

/// Everything that was found, and how.
struct Gathered<'a> {
    found: Found,
    keys: &'a Keys,
    known: BTreeMap<String, Option<ChainKey>>,
    refused: u64,
    backups: Vec<PathBuf>,
}

impl<'a> Gathered<'a> {
    async fn make(files: &Files, keys: &'a Keys) -> Result<Self, RepairFault> {
        let found = Found::make(&files.found()).await?;
        let current = keys.current();
        let known = BTreeMap::from([(current.id().to_owned(), Some(current.clone()))]);
        Ok(Self { found, keys, known, refused: 0, backups: Vec::new() })
    }

    /// Looks into the damaged files, then into one backup after the other for as long as something is missing.
    async fn gather(&mut self, files: &Files, more: &[PathBuf], marker: Option<&Head>) -> Result<Chain, RepairFault> {
        self.look_into(&files.database(), 0).await?;
        let mut chain = self.chain(marker).await?;
        let backups: Vec<PathBuf> = more.iter().cloned().chain(keep::usable(files)).collect();
        for (index, backup) in backups.into_iter().enumerate() {
            if self.is_whole(&chain).await? {
                break;
            }
            let source = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
            self.look_into(&backup, source).await?;
            self.backups.push(backup);
            chain = self.chain(marker).await?;
        }
        Ok(chain)
    }

    /// Whether no backup could add anything; names are looked for in all of them only when events are missing.
    async fn is_whole(&mut self, chain: &Chain) -> Result<bool, JournalFault> {
        let declared = self.found.declared().await?;
        Ok(chain.is_whole(&declared) && chain.gaps.is_empty())
    }

    async fn chain(&mut self, marker: Option<&Head>) -> Result<Chain, JournalFault> {
        self.found.drop_odd_keys().await?;
        match self.found.desk().await? {
            Some(desk) => choose::choose(&mut self.found, &desk, marker).await,
            None => Ok(Chain::default()),
        }
    }

    async fn look_into(&mut self, database: &Path, source: i64) -> Result<(), JournalFault> {
        let mut image = Image::open(database);
        if image.is_empty() {
            return Ok(());
        }
        let mut index = 0;
        while index < image.len() {
            let until = index.saturating_add(PAGES_AT_ONCE).min(image.len());
            self.found.begin().await?;
            while index < until {
                let page = image.get(index);
                index = index.saturating_add(1);
                for row in page.map(|page| carve::rows(&page, &mut image)).unwrap_or_default() {
                    self.take(row, source).await?;
                }
            }
            self.found.commit().await?;
        }
        Ok(())
    }

    async fn take(&mut self, row: Row, source: i64) -> Result<(), JournalFault> {
        match row {
            Row::Name(name) => self.found.add_name(&name).await,
            Row::Event(mut event) => match self.is_as_written(&mut event) {
                Some(verified) => self.found.add(&event, verified, source).await,
                None => {
                    self.refused = self.refused.saturating_add(1);
                    Ok(())
                }
            },
        }
    }

    /// True when its hash says so; false when its key is lost, and it reads as a record; `None` when it is not what was
    /// written.
    fn is_as_written(&mut self, event: &mut Event) -> Option<bool> {
        let keys = self.keys;
        let key = self.known.entry(event.key_id.clone()).or_insert_with(|| keys.find(&event.key_id));
        if let Some(key) = key {
            return chain::same(&event.link().hash(key), &event.hash).then_some(true);
        }
        // The id of the key may be what is damaged: the right one proves itself.
        for key in self.known.values().flatten() {
            let named = Event { key_id: key.id().to_owned(), ..event.clone() };
            if chain::same(&named.link().hash(key), &named.hash) {
                *event = named;
                return Some(true);
            }
        }
        fold::parse(&event.body, event.seq).is_ok().then_some(false)
    }

    async fn report(
        &mut self,
        aside: PathBuf,
        chain: &Chain,
        built: &Built,
        marker: Option<&Head>,
    ) -> Result<Repaired, JournalFault> {
        let (events, from_damaged, unverifiable) = self.found.counts().await?;
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        let newest = chain.newest.map_or(0, |(seq, _)| seq);
        Ok(Repaired {
            aside,
            events: count(events),
            from_damaged: count(from_damaged),
            unverifiable: count(unverifiable),
            refused: self.refused,
            backups: std::mem::take(&mut self.backups),
            lost: built.report.lost.clone(),
            ends_after: (!chain.reaches_marker).then_some(newest),
            known_last: marker.map(|marker| marker.seq),
            fragments: built.report.fragments.clone(),
            names: built.report.names,
            names_lost: built.names_lost,
            epoch: built.epoch,
        })
    }
}
