//! One scene as it was recorded, and every moment of it at which the power may go.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use crate::Fault;
use crate::disk::{Change, Disk, Kind, Node, Tree};
use crate::facts::{Facts, Sent};
use crate::folder;
use crate::plan::Plan;
use crate::recorder::{Op, Recorder};
use crate::requests::Request;

/// What must be known after a cut at some moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promise {
    /// All events up to this one: the journal said that it holds them, or a request left that one of them announces.
    pub seq: i64,
    /// The attempts whose request had left.
    pub sent: Vec<Sent>,
    /// Files that a program had promised when it ended.
    pub whole: Vec<String>,
}

/// A moment: so many things had happened.
#[derive(Debug, Clone)]
pub struct Moment {
    /// How many.
    pub after: usize,
    /// The disk then.
    pub disk: Disk,
    /// What must be known.
    pub promise: Promise,
}

/// A recorded scene.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The scene's name.
    pub name: String,
    /// Where the home lies, inside the root.
    pub home: String,
    /// The disk before.
    pub base: Disk,
    /// What happened.
    pub ops: Vec<Op>,
    /// Requests that left.
    pub requests: Vec<Request>,
    /// What announced each of them.
    pub announced: Vec<(i64, Option<Sent>)>,
    /// What the journal said in the end.
    pub facts: Facts,
    /// Files as they were in the end.
    pub end: Tree,
    /// SQLite's index of its log as it was in the end, from memory: a stale one.
    pub stale_index: Option<Vec<u8>>,
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Fault + '_ {
    move |error| Fault::of(&path.display().to_string(), &error)
}

/// Where the parts of a recording lie.
#[derive(Debug, Clone)]
pub struct Place(pub PathBuf);

impl Place {
    /// The folder as it was before.
    #[must_use]
    pub fn base(&self) -> PathBuf {
        self.0.join("base")
    }

    /// The folder as it was in the end.
    #[must_use]
    pub fn end(&self) -> PathBuf {
        self.0.join("end")
    }

    /// The trace of the n-th program, from 0.
    #[must_use]
    pub fn trace(&self, n: usize) -> PathBuf {
        self.0.join(format!("trace-{n}"))
    }

    /// The file that the n-th program promises.
    #[must_use]
    pub fn promised(&self, n: usize) -> PathBuf {
        self.0.join(format!("promised-{n}"))
    }

    /// The traced folder's path then, and the home's in it; written last.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        self.0.join("root")
    }

    /// Whether everything is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.root().exists()
    }
}

impl Recording {
    /// Reads what [`crate::traced::Traced`] left there.
    ///
    /// # Errors
    /// It is not whole, not understood, or a payment request left that the journal does not announce.
    pub async fn load(place: &Place) -> Result<Self, Fault> {
        let lines = fs::read_to_string(place.root()).map_err(failed(&place.root()))?;
        let mut lines = lines.lines();
        let (Some(root), Some(home)) = (lines.next(), lines.next()) else {
            return Err(Fault("the recording does not say where it was made".to_owned()));
        };
        let base = folder::load(&place.base())?;
        let mut recorder = Recorder::new(root, &base);
        for n in 0.. {
            let Ok(trace) = File::open(place.trace(n)) else { break };
            recorder.take_in(BufReader::with_capacity(1 << 20, trace))?;
            if let Ok(path) = fs::read_to_string(place.promised(n)) {
                recorder.ops.push(Op::Whole(path));
            }
        }
        let database = place.end().join(home).join("journal.db");
        let stale_index = fs::read(database.with_file_name("journal.db-shm")).ok();
        // Read in a copy: reading it may change it.
        let copy = tempfile::tempdir().map_err(failed(&database))?;
        folder::copy(&place.end(), copy.path())?;
        let facts = Facts::read(&copy.path().join(home).join("journal.db")).await?;
        Ok(Self {
            name: place.0.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            home: home.to_owned(),
            base,
            announced: facts.announced(&recorder.requests)?,
            ops: recorder.ops,
            requests: recorder.requests,
            facts,
            end: folder::load(&place.end())?.cut(&[]),
            stale_index,
        })
    }

    /// Goes through all moments, the one before everything first.
    ///
    /// # Errors
    /// What `look` says.
    pub fn moments(&self, mut look: impl FnMut(&Moment) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut moment = Moment { after: 0, disk: self.base.clone(), promise: Promise::default() };
        // What was there before is promised too.
        moment.promise.seq = self.known_before();
        let mut syncs: Vec<(u64, Node, u64)> = Vec::new();
        look(&moment)?;
        for op in &self.ops {
            moment.after = moment.after.saturating_add(1);
            let is_telling = match op {
                Op::Make { node, kind } => {
                    moment.disk.make(*node, *kind);
                    false
                }
                Op::Change(change) => {
                    moment.disk.change(change.clone());
                    true
                }
                Op::SyncBegun { ticket, node } => {
                    syncs.push((*ticket, *node, moment.disk.mark()));
                    false
                }
                Op::Synced { ticket } => {
                    if let Some(place) = syncs.iter().position(|(other, ..)| other == ticket) {
                        let (_, node, mark) = syncs.swap_remove(place);
                        moment.disk.sync(node, mark);
                    }
                    true
                }
                Op::Left(number) => {
                    if let Some((seq, sent)) = self.announced.get(*number) {
                        moment.promise.seq = moment.promise.seq.max(*seq);
                        moment.promise.sent.extend(sent.clone());
                    }
                    true
                }
                Op::Known(seq) => {
                    moment.promise.seq = moment.promise.seq.max(*seq);
                    true
                }
                Op::Whole(path) => {
                    moment.promise.whole.push(path.clone());
                    true
                }
            };
            if is_telling {
                look(&moment)?;
            }
        }
        Ok(())
    }

    /// The newest event that the home held before the recording began, by its marker.
    fn known_before(&self) -> i64 {
        let tree = self.base.cut(&[]);
        let marker = tree.file(&format!("{}/journal.head", self.home)).map(crate::content::Content::bytes);
        let text = marker.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        text.lines().nth(3).and_then(|line| line.parse().ok()).unwrap_or(0)
    }

    /// The state after a cut at that moment, by that plan; to look at one again.
    ///
    /// # Errors
    /// There is no such moment.
    pub fn state(&self, after: usize, plan: Plan) -> Result<(Tree, Promise), Fault> {
        let mut found = None;
        self.moments(|moment| {
            if moment.after == after {
                found = Some((moment.disk.cut(&plan.fates(moment.disk.pending())), moment.promise.clone()));
            }
            Ok(())
        })?;
        found.ok_or_else(|| Fault(format!("{}: there is no moment {after}", self.name)))
    }

    /// Truth 1 by the calls alone: when a request's first byte leaves, the event that announces it stands in what is safe of
    /// the journal's files. Gives back the requests of which this is not so.
    ///
    /// # Errors
    /// The recording contradicts itself.
    pub fn left_too_early(&self) -> Result<Vec<Request>, Fault> {
        let mut early = Vec::new();
        self.moments(|moment| {
            let Some(Op::Left(number)) = moment.after.checked_sub(1).and_then(|last| self.ops.get(last)) else {
                return Ok(());
            };
            let safe = moment.disk.cut(&[]);
            let (Some((seq, _)), Some(request)) = (self.announced.get(*number), self.requests.get(*number)) else {
                return Ok(());
            };
            let event = self.facts.events.iter().find(|event| event.seq == *seq);
            // An event's id stands in its row and nowhere before that row is written.
            let id = event.map(|event| event.id.as_bytes()).unwrap_or_default();
            let stands = ["journal.db", "journal.db-wal"].iter().any(|name| {
                let content = safe.file(&format!("{}/{name}", self.home)).map(crate::content::Content::bytes);
                content.is_some_and(|bytes| bytes.windows(id.len().max(1)).any(|some| some == id))
            });
            if !stands {
                early.push(request.clone());
            }
            Ok(())
        })?;
        Ok(early)
    }

    /// The same recording with some syncs taken out: those of files for which `skipped` says so. What a program would leave
    /// that does not wait for the disk.
    #[must_use]
    pub fn without_syncs(&self, skipped: impl Fn(&str, usize) -> bool) -> Self {
        let names = self.names();
        let mut changed = self.clone();
        let mut tickets = Vec::new();
        changed.ops = Vec::with_capacity(self.ops.len());
        for (place, op) in self.ops.iter().enumerate() {
            let is_gone = match op {
                Op::SyncBegun { ticket, node } => {
                    let is_gone = skipped(names.get(*node).map_or("", String::as_str), place);
                    tickets.extend(is_gone.then_some(*ticket));
                    is_gone
                }
                Op::Synced { ticket } => tickets.contains(ticket),
                Op::Make { .. } | Op::Change(_) | Op::Left(_) | Op::Known(_) | Op::Whole(_) => false,
            };
            if !is_gone {
                changed.ops.push(op.clone());
            }
        }
        changed
    }

    /// What the n-th thing was, in a word and the file's name: moments of one kind are alike.
    #[must_use]
    pub fn kind(&self, names: &[String], after: usize) -> String {
        let named = |node: Node| names.get(node).map_or("", String::as_str);
        match after.checked_sub(1).and_then(|last| self.ops.get(last)) {
            None => "before".to_owned(),
            Some(Op::Make { .. }) => "make".to_owned(),
            Some(Op::Change(change)) => match change {
                Change::Write { file, .. } => format!("write {}", named(*file)),
                Change::Resize { file, .. } => format!("resize {}", named(*file)),
                Change::Name { name, .. } => format!("name {name}"),
                Change::Unname { name, .. } => format!("unname {name}"),
                Change::Rename { to, .. } => format!("rename {to}"),
            },
            Some(Op::SyncBegun { .. }) => "sync".to_owned(),
            Some(Op::Synced { ticket }) => {
                let begun = self.ops.iter().find_map(|op| {
                    let Op::SyncBegun { ticket: other, node } = op else { return None };
                    (other == ticket).then_some(*node)
                });
                format!("synced {}", begun.map_or("", named))
            }
            Some(Op::Left(_)) => "left".to_owned(),
            Some(Op::Known(_)) => "known".to_owned(),
            Some(Op::Whole(_)) => "promised".to_owned(),
        }
    }

    /// The last part of each node's first name.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![String::new(); self.base.nodes()];
        for (path, node) in self.base.paths() {
            if let Some(name) = names.get_mut(node) {
                *name = path.rsplit('/').next().unwrap_or_default().to_owned();
            }
        }
        for op in &self.ops {
            match op {
                Op::Make { kind: Kind::File | Kind::Folder, .. } => names.push(String::new()),
                Op::Change(Change::Name { name, node, .. }) => {
                    if let Some(known) = names.get_mut(*node) {
                        known.clone_from(name);
                    }
                }
                Op::Change(_)
                | Op::SyncBegun { .. }
                | Op::Synced { .. }
                | Op::Left(_)
                | Op::Known(_)
                | Op::Whole(_) => {}
            }
        }
        names
    }
}
