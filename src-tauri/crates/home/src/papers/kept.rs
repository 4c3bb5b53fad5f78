//! The printer's queue on the disk, with the papers in it: `papers.json` in the home folder. It holds what the papers show, and
//! nothing of a paper that was printed.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use vezne_core::ids::PaymentId;
use vezne_core::papers::PaperName;
use vezne_core::ports::Answer;
use vezne_journal::Journal;
use vezne_printing::{Job, Queue};
use vezne_receipt::CopyMark;
use vezne_receipt::block::Document;

use super::source::{About, Desk, Paper, receipt};
use super::{PaperFault, Told, made};
use crate::folder::replace;

const FILE: &str = "papers.json";
/// The largest such file that is read: some thousand papers.
const FILE_BYTES: u64 = 64 * 1024 * 1024;

/// A paper in the queue, without the mark of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    name: PaperName,
    copy: Option<NonZeroU32>,
    #[serde(default)]
    about: Option<About>,
    payment: Option<PaymentId>,
    subject: String,
    stem: String,
    document: Document,
}

impl Kept {
    pub(super) fn of(paper: &Paper, copy: Option<NonZeroU32>) -> Self {
        let Paper { name, about, payment, subject, stem, document } = paper.clone();
        Self { name, copy, about, payment, subject, stem, document }
    }

    pub(super) fn paper(self) -> Paper {
        let Self { name, copy: _, about, payment, subject, stem, document } = self;
        Paper { name, about, payment, subject, stem, document }
    }
}

/// The file as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Written {
    queue: Queue,
    papers: Vec<Kept>,
}

type Key = (String, Option<NonZeroU32>);

fn key(job: &Job) -> Key {
    (job.paper.clone(), job.copy)
}

/// The papers that wait for the printer.
pub(super) struct Pile {
    path: PathBuf,
    journal: Arc<Journal>,
    told: Arc<Told>,
    papers: Mutex<Papers>,
}

#[derive(Default)]
struct Papers {
    kept: BTreeMap<Key, Kept>,
    /// What the queue held when it was last written down: what has left it since is not needed any more.
    queued: Vec<Key>,
}

impl Pile {
    pub(super) fn at(home: &Path, journal: Arc<Journal>, told: Arc<Told>) -> Self {
        Self { path: home.join(FILE), journal, told, papers: Mutex::default() }
    }

    /// What that paper would be if it were ordered now: what it was ordered as may be so no more. A paper of another name, or
    /// none, is not the same any more.
    pub(super) async fn anew(&self, paper: Paper) -> Result<Option<Paper>, PaperFault> {
        let Some(about) = paper.about else { return Ok(Some(paper)) };
        let settings = self.told.settings();
        let desk = Desk { settings: &settings, training: self.told.training };
        match receipt(&self.journal, &desk, about, paper.language()).await {
            Ok(now) => Ok(Some(now)),
            Err(PaperFault::NotFound | PaperFault::NoOutcome) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The paper of a job, if it is still the same one.
    async fn same(&self, job: &Job) -> io::Result<Option<Paper>> {
        let kept = self.get(&job.paper, job.copy).ok_or(io::ErrorKind::NotFound)?;
        let now = self.anew(kept.paper()).await.map_err(io::Error::other)?;
        Ok(now.filter(|now| now.name.as_str() == job.paper))
    }

    /// Takes a paper in. It must be here before its job is ordered.
    pub(super) fn put(&self, kept: Kept) {
        let key = (kept.name.to_string(), kept.copy);
        self.lock().kept.insert(key, kept);
    }

    pub(super) fn get(&self, paper: &str, copy: Option<NonZeroU32>) -> Option<Kept> {
        self.lock().kept.get(&(paper.to_owned(), copy)).cloned()
    }

    /// The queue as it was written down. A file that can't be read is set aside, and the desk goes on: every paper in it is in
    /// the journal, and can be printed again as a copy.
    pub(super) async fn read(&self) -> Queue {
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || read_or_set_aside(&path)).await;
        let Written { queue, papers } = read.unwrap_or_default();
        let mut own = self.lock();
        own.queued = queue.jobs().iter().map(key).collect();
        own.kept = papers.into_iter().map(|kept| ((kept.name.to_string(), kept.copy), kept)).collect();
        drop(own);
        queue
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write(&self, queue: &Queue) -> io::Result<()> {
        let queued: Vec<Key> = queue.jobs().iter().map(key).collect();
        let papers = {
            let own = self.lock();
            queued.iter().filter_map(|key| own.kept.get(key).cloned()).collect()
        };
        let text = serde_json::to_string(&Written { queue: queue.clone(), papers })?;
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || replace(&path, &text)).await.map_err(io::Error::other)??;
        let mut own = self.lock();
        let before = std::mem::replace(&mut own.queued, queued.clone());
        for gone in before.iter().filter(|key| !queued.contains(key)) {
            own.kept.remove(gone);
        }
        Ok(())
    }
}

impl vezne_printing::Papers for Pile {
    fn bytes<'a>(&'a self, job: &'a Job) -> Answer<'a, io::Result<Vec<u8>>> {
        Box::pin(async {
            let paper = self.same(job).await?.ok_or(io::ErrorKind::NotFound)?;
            let document = match job.copy {
                Some(number) => paper.document.as_copy(CopyMark::Number(number)),
                None => paper.document,
            };
            let printer = self.told.settings().printer.clone();
            let made = tokio::task::spawn_blocking(move || made::bytes(&document, &printer)).await;
            made.map_err(io::Error::other)?.map_err(io::Error::other)
        })
    }

    fn is_current<'a>(&'a self, job: &'a Job) -> Answer<'a, io::Result<bool>> {
        Box::pin(async { Ok(self.same(job).await?.is_some()) })
    }

    fn keep<'a>(&'a self, queue: &'a Queue) -> Answer<'a, io::Result<()>> {
        Box::pin(async {
            let kept = self.write(queue).await;
            if let Err(error) = &kept {
                tracing::error!(%error, "the printer's queue could not be written down");
            }
            kept
        })
    }
}

/// A paper in the printer's queue, as whoever looks at it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its place in the queue.
    pub job: Job,
    /// What it says in one line.
    pub title: String,
    /// What it is about.
    pub subject: String,
}

/// What stands in the printer's queue of a home, also beside a running desk. Nothing is changed.
///
/// # Errors
/// When the file is there and can't be read.
pub fn queued(home: &Path) -> io::Result<Vec<Queued>> {
    let Written { queue, papers } = match read(&home.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Written::default(),
        read => read?,
    };
    let told = |job: &Job| {
        let kept = papers.iter().find(|kept| kept.name.as_str() == job.paper && kept.copy == job.copy);
        let (title, subject) =
            kept.map(|kept| (kept.document.title.as_str().to_owned(), kept.subject.clone())).unwrap_or_default();
        Queued { job: job.clone(), title, subject }
    };
    Ok(queue.jobs().iter().map(told).collect())
}

fn read_or_set_aside(path: &Path) -> Written {
    match read(path) {
        Ok(written) => written,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Written::default(),
        Err(error) => {
            let aside = path.with_extension("damaged.json");
            tracing::error!(%error, aside = %aside.display(), "the printer's queue can't be read, and is set aside");
            if let Err(error) = std::fs::rename(path, &aside) {
                tracing::error!(%error, "it could not be set aside");
            }
            Written::default()
        }
    }
}

fn read(path: &Path) -> io::Result<Written> {
    if std::fs::metadata(path)?.len() > FILE_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}
