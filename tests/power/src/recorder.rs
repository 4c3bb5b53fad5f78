//! From system calls to what a disk is asked to do, and to what left the machine.
//!
//! A call on the home's files that is not understood is an error: a way to write that nobody models would make every
//! state wrong.

use std::collections::HashMap;
use std::io::BufRead;
use std::sync::Arc;

use crate::Fault;
use crate::disk::{Change, Disk, Kind, Node};
use crate::requests::{Request, Stream};
use crate::strace::{self, Call, Event};

/// Writes at least this long that follow each other are one: the reserve is 8 MiB, and sectors tear anyway.
const LONG: usize = 32 * 1024;

/// What happened, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// A node was made; its name follows.
    Make {
        /// Its number.
        node: Node,
        /// What it is.
        kind: Kind,
    },
    /// A change that a sync makes safe.
    Change(Change),
    /// A sync of this node began.
    SyncBegun {
        /// Which sync.
        ticket: u64,
        /// Of what.
        node: Node,
    },
    /// It came back.
    Synced {
        /// Which sync.
        ticket: u64,
    },
    /// The first byte of this request left.
    Left(usize),
    /// The journal told that it holds everything up to this event: it wrote its marker.
    Known(i64),
    /// A program ended well that promised this file.
    Whole(String),
}

/// An open file.
#[derive(Debug, Clone, Copy)]
struct Open {
    node: Node,
    offset: usize,
}

/// Puts together what several traced programs did, one after the other, in one home.
#[derive(Debug)]
pub struct Recorder {
    /// Everything so far.
    pub ops: Vec<Op>,
    /// Requests that move money, as [`Op::Left`] numbers them.
    pub requests: Vec<Request>,
    root: String,
    names: HashMap<String, Node>,
    lengths: HashMap<Node, usize>,
    nodes: usize,
    open: HashMap<i64, Open>,
    streams: HashMap<i64, (Stream, usize)>,
    begun: HashMap<u32, usize>,
    syncs: HashMap<u32, u64>,
    tickets: u64,
}

/// What no state depends on: logs, locks (the operating system's end with the process), and SQLite's index of its log,
/// which it makes anew (checked apart: absent, stale and garbage).
#[must_use]
pub fn is_left_out(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == "logs")
        || name.ends_with(".lock")
        || name.ends_with("-shm")
        || name == "config.toml"
}

impl Recorder {
    /// Begins with what lies on `disk` under the folder `root`: path by path its node and length.
    #[must_use]
    pub fn new(root: &str, disk: &Disk) -> Self {
        let tree = disk.cut(&[]);
        let mut names = HashMap::from([(String::new(), 0)]);
        let mut lengths = HashMap::new();
        for (path, node) in disk.paths() {
            if let Some(content) = tree.file(&path) {
                lengths.insert(node, content.len());
            }
            names.insert(path, node);
        }
        Self {
            ops: Vec::new(),
            requests: Vec::new(),
            root: root.to_owned(),
            names,
            lengths,
            nodes: disk.nodes(),
            open: HashMap::new(),
            streams: HashMap::new(),
            begun: HashMap::new(),
            syncs: HashMap::new(),
            tickets: 0,
        }
    }

    /// Takes in the trace of one program, which has ended.
    ///
    /// # Errors
    /// A call on the home's files that is not understood.
    pub fn take_in(&mut self, trace: impl BufRead) -> Result<(), Fault> {
        self.open.clear();
        self.streams.clear();
        self.begun.clear();
        self.syncs.clear();
        strace::read(trace, |event| match event {
            Event::Begun(call) => self.begun(&call),
            Event::Ended(call) if call.result < 0 => Ok(()),
            Event::Ended(call) => self.ended(&call),
        })
    }

    /// The path inside the root, if it is looked at: in `home` or `kept`, and not left out.
    fn inside(&self, path: Option<&str>) -> Option<String> {
        let path = path?.strip_prefix(&self.root)?.strip_prefix('/')?;
        let of_interest = path == "home" || path == "kept" || path.starts_with("home/") || path.starts_with("kept/");
        (of_interest && !is_left_out(path)).then(|| path.to_owned())
    }

    fn begun(&mut self, call: &Call) -> Result<(), Fault> {
        match call.name.as_str() {
            "fsync" | "fdatasync" => {
                let (_, path) = call.descriptor(0)?;
                let Some(path) = self.inside(path.as_deref()) else { return Ok(()) };
                let node = self.node(&path, call)?;
                self.tickets = self.tickets.saturating_add(1);
                self.syncs.insert(call.thread, self.tickets);
                self.ops.push(Op::SyncBegun { ticket: self.tickets, node });
            }
            // Another thread may get the same number before this one's call is back.
            "close" => {
                let (number, _) = call.descriptor(0)?;
                self.open.remove(&number);
                self.streams.remove(&number);
            }
            "sendto" | "sendmsg" | "write" | "writev" => {
                self.begun.insert(call.thread, self.ops.len());
            }
            _ => {}
        }
        Ok(())
    }

    fn ended(&mut self, call: &Call) -> Result<(), Fault> {
        match call.name.as_str() {
            "openat" => self.opened(call),
            "write" | "writev" | "pwrite64" | "sendto" | "sendmsg" => self.written(call),
            "ftruncate" => {
                let (number, path) = call.descriptor(0)?;
                let Some(_) = self.inside(path.as_deref()) else { return Ok(()) };
                let file = self.file(number, call)?.node;
                let length = call.number(1)?;
                if self.lengths.insert(file, length) != Some(length) {
                    self.ops.push(Op::Change(Change::Resize { file, length }));
                }
                Ok(())
            }
            "fsync" | "fdatasync" => {
                if let Some(ticket) = self.syncs.remove(&call.thread) {
                    self.ops.push(Op::Synced { ticket });
                }
                Ok(())
            }
            "lseek" => {
                let (number, _) = call.descriptor(0)?;
                if let Some(open) = self.open.get_mut(&number) {
                    open.offset = usize::try_from(call.result).map_err(|_| call.not_understood("the place"))?;
                }
                Ok(())
            }
            "mkdir" => self.made(&call.path(0)?, Kind::Folder, call).map(drop),
            "unlink" => self.unlinked(&call.path(0)?, call),
            "rename" => self.renamed(&call.path(0)?, &call.path(1)?, call),
            "mmap" => self.mapped(call),
            "close" => Ok(()),
            _ => self.refuse(call),
        }
    }

    /// Everything else must be about something else.
    fn refuse(&self, call: &Call) -> Result<(), Fault> {
        if call.name.starts_with("io_uring") {
            return Err(call.not_understood("writes that no trace shows"));
        }
        for place in 0..call.arguments.len() {
            let descriptor = call.descriptor(place).ok().and_then(|(_, path)| path);
            for path in [descriptor, call.path(place).ok()].into_iter().flatten() {
                if self.inside(Some(&path)).is_some() {
                    return Err(call.not_understood("nobody models this call"));
                }
            }
        }
        Ok(())
    }

    /// A shared, writable map of a file would change it without a call.
    fn mapped(&self, call: &Call) -> Result<(), Fault> {
        let writes = call.has(2, "PROT_WRITE") && call.has(3, "MAP_SHARED");
        let path = call.descriptor(4).ok().and_then(|(_, path)| path);
        if writes && self.inside(path.as_deref()).is_some() {
            return Err(call.not_understood("this file is written through memory, which no trace shows"));
        }
        Ok(())
    }

    fn node(&self, path: &str, call: &Call) -> Result<Node, Fault> {
        self.names.get(path).copied().ok_or_else(|| call.not_understood("nobody made this"))
    }

    fn file(&mut self, number: i64, call: &Call) -> Result<&mut Open, Fault> {
        self.open.get_mut(&number).ok_or_else(|| call.not_understood("nobody opened this"))
    }

    fn opened(&mut self, call: &Call) -> Result<(), Fault> {
        let Some(path) = self.inside(call.opened.as_deref()) else { return Ok(()) };
        let node = match self.names.get(&path) {
            Some(node) => *node,
            None => self.named(&path, Kind::File, call)?,
        };
        if call.has(2, "O_APPEND") {
            return Err(call.not_understood("appending is not modelled"));
        }
        if call.has(2, "O_TRUNC") && self.lengths.insert(node, 0).unwrap_or(0) > 0 {
            self.ops.push(Op::Change(Change::Resize { file: node, length: 0 }));
        }
        self.open.insert(call.result, Open { node, offset: 0 });
        Ok(())
    }

    fn made(&mut self, path: &str, kind: Kind, call: &Call) -> Result<Option<Node>, Fault> {
        match self.inside(Some(path)) {
            Some(path) => self.named(&path, kind, call).map(Some),
            None => Ok(None),
        }
    }

    fn named(&mut self, path: &str, kind: Kind, call: &Call) -> Result<Node, Fault> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.node(folder, call)?;
        let node = self.nodes;
        self.nodes = self.nodes.saturating_add(1);
        self.names.insert(path.to_owned(), node);
        self.ops.push(Op::Make { node, kind });
        self.ops.push(Op::Change(Change::Name { folder, name: name.to_owned(), node }));
        Ok(node)
    }

    fn unlinked(&mut self, path: &str, call: &Call) -> Result<(), Fault> {
        let Some(path) = self.inside(Some(path)) else { return Ok(()) };
        self.node(&path, call)?;
        self.names.remove(&path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let folder = self.node(folder, call)?;
        self.ops.push(Op::Change(Change::Unname { folder, name: name.to_owned() }));
        Ok(())
    }

    fn renamed(&mut self, from: &str, to: &str, call: &Call) -> Result<(), Fault> {
        let (from, to) = match (self.inside(Some(from)), self.inside(Some(to))) {
            (Some(from), Some(to)) => (from, to),
            (None, None) => return Ok(()),
            (Some(_), None) | (None, Some(_)) => return Err(call.not_understood("in or out of the home")),
        };
        let node = self.node(&from, call)?;
        let (folder, old) = from.rsplit_once('/').unwrap_or(("", &from));
        let (other, new) = to.rsplit_once('/').unwrap_or(("", &to));
        if folder != other {
            return Err(call.not_understood("from one folder to another"));
        }
        let folder = self.node(folder, call)?;
        let (old, new) = (old.to_owned(), new.to_owned());
        self.names.remove(&from);
        self.names.insert(to, node);
        self.ops.push(Op::Change(Change::Rename { folder, from: old, to: new, node }));
        Ok(())
    }

    fn written(&mut self, call: &Call) -> Result<(), Fault> {
        let (number, path) = call.descriptor(0)?;
        let began = self.begun.remove(&call.thread).unwrap_or(self.ops.len());
        let count = usize::try_from(call.result).map_err(|_| call.not_understood("the count"))?;
        let Some(path) = self.inside(path.as_deref()) else {
            let is_socket = path.is_some_and(|path| path.starts_with("socket:") || path.starts_with("TCP"));
            return if is_socket { self.sent(call, number, count, began) } else { Ok(()) };
        };
        let mut bytes = call.bytes(1)?;
        bytes.truncate(count);
        let offset = match call.name.as_str() {
            "pwrite64" => call.number(3)?,
            _ => self.file(number, call)?.offset,
        };
        let open = self.file(number, call)?;
        let file = open.node;
        let end = offset.saturating_add(count);
        if call.name != "pwrite64" {
            open.offset = end;
        }
        let length = self.lengths.entry(file).or_insert(0);
        *length = end.max(*length);
        let known = if path.ends_with("/journal.head") { known(&bytes) } else { None };
        self.push_write(file, offset, bytes);
        self.ops.extend(known.map(Op::Known));
        Ok(())
    }

    fn push_write(&mut self, file: Node, offset: usize, bytes: Vec<u8>) {
        if bytes.len() >= LONG
            && let Some(Op::Change(Change::Write { file: before, offset: from, bytes: earlier })) = self.ops.last_mut()
            && *before == file
            && earlier.len() >= LONG
            && from.saturating_add(earlier.len()) == offset
        {
            *earlier = [earlier.as_ref(), &bytes].concat().into();
            return;
        }
        self.ops.push(Op::Change(Change::Write { file, offset, bytes: Arc::from(bytes) }));
    }

    fn sent(&mut self, call: &Call, number: i64, count: usize, began: usize) -> Result<(), Fault> {
        let mut bytes = call.bytes(1)?;
        bytes.truncate(count);
        let (stream, at) = self.streams.entry(number).or_insert_with(|| (Stream::default(), began));
        if stream.is_empty() {
            *at = began;
        }
        if let Some(request) = stream.add(&bytes)? {
            let at = *at;
            self.ops.insert(at.min(self.ops.len()), Op::Left(self.requests.len()));
            self.requests.push(request);
        }
        Ok(())
    }
}

/// The number in the journal's marker: its fourth line.
fn known(bytes: &[u8]) -> Option<i64> {
    std::str::from_utf8(bytes).ok()?.lines().nth(3)?.parse().ok()
}

#[cfg(test)]
#[path = "recorder_tests.rs"]
mod tests;
