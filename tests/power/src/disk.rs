//! A disk that keeps what POSIX promises and not a byte more.
//!
//! - A file's bytes and its length are safe once that file is synced, and not before.
//! - A name (made, renamed, removed) is safe once the folder that holds it is synced; syncing the file does not help.
//! - A sync covers what was done before it began.
//! - Of everything else, each change by itself may be on the disk or not, in any combination, and a write may be there in
//!   part: sector by sector the old bytes, the new ones, or zeroes.
//!
//! Two things are taken for granted, as SQLite does too: a write never harms bytes beside its own (SQLite calls it
//! powersafe overwrite), and a rename inside a folder happens whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::content::Content;
use crate::random::Random;

/// A file or a folder, whatever it is called at the moment. 0 is the folder that everything lies in.
pub type Node = usize;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// One change that a sync makes safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Bytes were written.
    Write {
        /// Into this file.
        file: Node,
        /// From this byte on.
        offset: usize,
        /// These.
        bytes: Arc<[u8]>,
    },
    /// A file was cut off or lengthened.
    Resize {
        /// This one.
        file: Node,
        /// To so many bytes.
        length: usize,
    },
    /// A folder got a name.
    Name {
        /// This folder.
        folder: Node,
        /// The name.
        name: String,
        /// What is called so.
        node: Node,
    },
    /// A folder lost a name.
    Unname {
        /// This folder.
        folder: Node,
        /// The name.
        name: String,
    },
    /// A name took another's place.
    Rename {
        /// In this folder.
        folder: Node,
        /// The name before.
        from: String,
        /// The name since.
        to: String,
        /// What is called so.
        node: Node,
    },
}

impl Change {
    /// The node whose sync makes it safe.
    #[must_use]
    pub const fn synced_by(&self) -> Node {
        match self {
            Self::Write { file, .. } | Self::Resize { file, .. } => *file,
            Self::Name { folder, .. } | Self::Unname { folder, .. } | Self::Rename { folder, .. } => *folder,
        }
    }

    /// Whether it is about names, not bytes.
    #[must_use]
    pub const fn is_about_names(&self) -> bool {
        match self {
            Self::Write { .. } | Self::Resize { .. } => false,
            Self::Name { .. } | Self::Unname { .. } | Self::Rename { .. } => true,
        }
    }
}

/// What a cut makes of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It never reached the disk.
    Lost,
    /// It did.
    Kept,
    /// The file has the length, and zeroes where the bytes should be. For anything but a write: kept.
    Zeroes,
    /// Sector by sector the old bytes, the new ones, or zeroes. For anything but a write: kept.
    Torn {
        /// Bytes of a sector.
        sector: usize,
        /// Chooses for each sector.
        seed: u64,
    },
}

#[derive(Debug, Clone)]
enum Body {
    File(Arc<Content>),
    Folder(BTreeMap<String, Node>),
}

/// What a reader finds.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Files by path.
    pub files: BTreeMap<String, Arc<Content>>,
    /// Folders by path.
    pub folders: BTreeSet<String>,
}

impl Tree {
    /// The same for equal trees, and for no others.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for folder in &self.folders {
            hash.update(folder);
            hash.update(b"/\0");
        }
        for (path, content) in &self.files {
            hash.update(path);
            hash.update(b"\0");
            content.add_to(&mut hash);
        }
        hash.finalize().into()
    }

    /// The bytes of the file at this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&Content> {
        self.files.get(path).map(AsRef::as_ref)
    }
}

/// The disk.
#[derive(Debug, Clone)]
pub struct Disk {
    durable: Vec<Body>,
    pending: Vec<(u64, Change)>,
    next: u64,
}

impl Default for Disk {
    fn default() -> Self {
        Self { durable: vec![Body::Folder(BTreeMap::new())], pending: Vec::new(), next: 0 }
    }
}

impl Disk {
    /// A new node. Nobody finds it until it has a name; `node` must be the number of nodes made so far.
    pub fn make(&mut self, node: Node, kind: Kind) {
        debug_assert_eq!(node, self.durable.len(), "nodes are numbered in order");
        self.durable.push(match kind {
            Kind::File => Body::File(Arc::default()),
            Kind::Folder => Body::Folder(BTreeMap::new()),
        });
    }

    /// How many nodes there are.
    #[must_use]
    pub const fn nodes(&self) -> usize {
        self.durable.len()
    }

    /// A change that no sync covers yet.
    pub fn change(&mut self, change: Change) {
        self.pending.push((self.next, change));
        self.next = self.next.saturating_add(1);
    }

    /// The number of the next change: a sync that begins now covers those below it.
    #[must_use]
    pub const fn mark(&self) -> u64 {
        self.next
    }

    /// Makes safe what was done to this node before the mark.
    pub fn sync(&mut self, node: Node, mark: u64) {
        let durable = &mut self.durable;
        self.pending.retain(|(number, change)| {
            let covered = *number < mark && change.synced_by() == node;
            if covered {
                apply(durable, change, Fate::Kept);
            }
            !covered
        });
    }

    /// Makes everything safe: what somebody else put there long ago.
    pub fn settle(&mut self) {
        for (_, change) in std::mem::take(&mut self.pending) {
            apply(&mut self.durable, &change, Fate::Kept);
        }
    }

    /// Every path that is safe, with its node.
    #[must_use]
    pub fn paths(&self) -> Vec<(String, Node)> {
        let mut paths = Vec::new();
        let mut folders = vec![(String::new(), 0)];
        while let Some((path, node)) = folders.pop() {
            let Some(Body::Folder(names)) = self.durable.get(node) else { continue };
            for (name, node) in names {
                let inside = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                paths.push((inside.clone(), *node));
                folders.push((inside, *node));
            }
        }
        paths
    }

    /// The changes that a cut decides about, oldest first.
    pub fn pending(&self) -> impl ExactSizeIterator<Item = &Change> {
        self.pending.iter().map(|(_, change)| change)
    }

    /// What is there after a cut: one fate for each pending change; those beyond the list are lost.
    #[must_use]
    pub fn cut(&self, fates: &[Fate]) -> Tree {
        let mut bodies = self.durable.clone();
        for ((_, change), fate) in self.pending.iter().zip(fates) {
            apply(&mut bodies, change, *fate);
        }
        let mut tree = Tree::default();
        walk(&bodies, 0, "", &mut tree);
        tree
    }
}

fn apply(bodies: &mut [Body], change: &Change, fate: Fate) {
    if fate == Fate::Lost {
        return;
    }
    match (change, bodies.get_mut(change.synced_by())) {
        (Change::Write { offset, bytes, .. }, Some(Body::File(content))) => {
            write(Arc::make_mut(content), *offset, bytes, fate);
        }
        (Change::Resize { length, .. }, Some(Body::File(content))) => Arc::make_mut(content).resize(*length),
        (Change::Name { name, node, .. }, Some(Body::Folder(names))) => {
            names.insert(name.clone(), *node);
        }
        (Change::Unname { name, .. }, Some(Body::Folder(names))) => {
            names.remove(name);
        }
        (Change::Rename { from, to, node, .. }, Some(Body::Folder(names))) => {
            names.remove(from);
            names.insert(to.clone(), *node);
        }
        (
            Change::Write { .. }
            | Change::Resize { .. }
            | Change::Name { .. }
            | Change::Unname { .. }
            | Change::Rename { .. },
            Some(Body::File(_) | Body::Folder(_)) | None,
        ) => debug_assert!(false, "{change:?} is about something that is no such thing"),
    }
}

fn write(content: &mut Content, offset: usize, bytes: &[u8], fate: Fate) {
    match fate {
        Fate::Lost => {}
        Fate::Kept => content.write(offset, bytes),
        Fate::Zeroes => content.write(offset, &vec![0; bytes.len()]),
        Fate::Torn { sector, seed } => {
            let mut random = Random::of(seed);
            let (mut at, mut left) = (offset, bytes);
            while !left.is_empty() {
                let inside = at.checked_rem(sector).unwrap_or(0);
                let (now, rest) = left.split_at(left.len().min(sector.saturating_sub(inside).max(1)));
                match random.below(3) {
                    0 => {}
                    1 => content.write(at, now),
                    _ => content.write(at, &vec![0; now.len()]),
                }
                at = at.saturating_add(now.len());
                left = rest;
            }
        }
    }
}

fn walk(bodies: &[Body], node: Node, path: &str, tree: &mut Tree) {
    match bodies.get(node) {
        Some(Body::File(content)) => {
            tree.files.insert(path.to_owned(), Arc::clone(content));
        }
        Some(Body::Folder(names)) => {
            if !path.is_empty() {
                tree.folders.insert(path.to_owned());
            }
            for (name, node) in names {
                let inside = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                walk(bodies, *node, &inside, tree);
            }
        }
        None => {}
    }
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
