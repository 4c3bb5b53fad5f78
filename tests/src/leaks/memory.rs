//! The memory of living processes, byte by byte.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use super::canary::Form;
use super::search::{Search, is_webkit_text, stands_alone};

/// So much is read at a time.
const CHUNK_PAGES: usize = 1024;
const PAGE: usize = 4096;

/// A living process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// The name of its program.
    pub name: String,
}

/// Where in a process something was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The program.
    pub process: String,
    /// Which kind of memory: the heap, a stack, shared with others.
    pub mapping: String,
    /// What.
    pub form: String,
}

/// How often something was found where.
pub type Counts = BTreeMap<Place, usize>;

/// Every process whose environment names this folder: whatever was started in it, by whomever.
#[must_use]
pub fn processes_of(folder: &Path) -> Vec<Process> {
    let folder = folder.to_string_lossy().into_owned();
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    let numbers = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let ours = numbers.filter(|pid| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        *pid != std::process::id() && String::from_utf8_lossy(&environment).contains(&folder)
    });
    ours.filter_map(|pid| {
        let program = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
        Some(Process { pid, name: program.file_name()?.to_string_lossy().into_owned() })
    })
    .collect()
}

/// A process's arguments and environment, as others may read them.
#[must_use]
pub fn told(pid: u32) -> Vec<u8> {
    let read = |what: &str| fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
    [read("cmdline"), b"\n".to_vec(), read("environ"), b"\n".to_vec(), read("comm")].concat()
}

/// Whether other programs of the same user may read it: the entries of a process that they may not read belong to the
/// administrator instead of its user. Of a process of the administrator's own this can't be told: `None`.
#[must_use]
pub fn may_be_read_by_its_user(pid: u32) -> Option<bool> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let user: u32 =
        status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_ascii_whitespace().next()?.parse().ok()?;
    let owner = fs::metadata(format!("/proc/{pid}/environ")).ok()?.uid();
    (user != 0).then_some(owner == user)
}

/// The largest core that it may leave, in bytes; `None` for one of any size.
#[must_use]
pub fn core_limit(pid: u32) -> Option<u64> {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

struct Mapping {
    from: usize,
    pages: usize,
    name: String,
}

/// What of a process's memory could have been written to by it: not its program's and libraries' own text.
fn mappings(pid: u32) -> Vec<Mapping> {
    let text = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    text.lines().filter_map(mapping).collect()
}

fn mapping(line: &str) -> Option<Mapping> {
    let mut words = line.split_ascii_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let (from, to) = (usize::from_str_radix(from, 16).ok()?, usize::from_str_radix(to, 16).ok()?);
    let rights = words.next()?;
    let name = words.nth(3).unwrap_or_default();
    let of_a_file = name.starts_with('/') && !name.starts_with("/memfd:") && !name.starts_with("/dev/shm/");
    let kept =
        rights.starts_with('r') && (!of_a_file || rights.contains('w')) && !matches!(name, "[vvar]" | "[vsyscall]");
    let name = match name {
        "" => "anonymous",
        _ if of_a_file => "a file's",
        "[heap]" | "[stack]" => name,
        _ if name.starts_with('/') => "shared",
        _ => "other",
    };
    kept.then(|| Mapping { from, pages: to.saturating_sub(from) / PAGE, name: name.to_owned() })
}

/// Searches everything that a process has written, and that is still there. Gives how much was read, in bytes.
pub fn search(process: &Process, search: &Search, codes: &[Form], counts: &mut Counts) -> usize {
    let pid = process.pid;
    let (Ok(memory), Ok(map)) = (File::open(format!("/proc/{pid}/mem")), File::open(format!("/proc/{pid}/pagemap")))
    else {
        return 0;
    };
    let mut read = 0;
    for mapping in mappings(pid) {
        let mut count = |form: &str| {
            let place = Place { process: process.name.clone(), mapping: mapping.name.clone(), form: form.to_owned() };
            *counts.entry(place).or_default() += 1;
        };
        for run in present(&map, &mapping) {
            read += run_of_pages(&memory, run, search, codes, &mut count);
        }
    }
    read
}

/// Runs of pages that are there (in memory or swapped out), as addresses and lengths in bytes; the rest was never written.
fn present(map: &File, mapping: &Mapping) -> Vec<(usize, usize)> {
    const THERE: u64 = 0b11 << 62;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut entries = vec![0_u8; 8 * CHUNK_PAGES];
    let mut page = 0;
    while page < mapping.pages {
        let wanted = (mapping.pages - page).min(CHUNK_PAGES);
        let place = u64::try_from((mapping.from / PAGE + page) * 8).unwrap_or(u64::MAX);
        let Some(room) = entries.get_mut(..wanted * 8) else { break };
        if map.read_exact_at(room, place).is_err() {
            break;
        }
        for (nth, entry) in room.chunks_exact(8).enumerate() {
            let entry = entry.try_into().map(u64::from_le_bytes).unwrap_or_default();
            if entry & THERE == 0 {
                continue;
            }
            let address = mapping.from + (page + nth) * PAGE;
            match runs.last_mut() {
                Some((from, length)) if *from + *length == address => *length += PAGE,
                _ => runs.push((address, PAGE)),
            }
        }
        page += wanted;
    }
    runs
}

fn run_of_pages(
    memory: &File,
    (from, length): (usize, usize),
    search: &Search,
    codes: &[Form],
    count: &mut impl FnMut(&str),
) -> usize {
    let mut bytes = vec![0; length];
    let place = u64::try_from(from).unwrap_or(u64::MAX);
    // A page may be given back between two looks; what was read until then counts.
    let read = memory.read_at(&mut bytes, place).unwrap_or_default();
    bytes.truncate(read);
    for found in search.finds(&bytes) {
        if !codes.contains(found.form) {
            count(&found.form.name);
            continue;
        }
        let (length, characters) = (found.form.bytes.len(), if found.form.name.ends_with("16") { 2 } else { 1 });
        if is_webkit_text(&bytes, found.at, length / characters) {
            count(&format!("{} as a text of WebKit's", found.form.name));
        } else if stands_alone(&bytes, found.at, length) {
            count(&format!("{} alone", found.form.name));
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_process_may_have_written_is_read() {
        let kept = |line: &str| mapping(line).map(|mapping| mapping.name);
        assert_eq!(kept("55aa00000000-55aa00001000 rw-p 00000000 00:00 0 [heap]").as_deref(), Some("[heap]"));
        assert_eq!(kept("7f0000000000-7f0000001000 r--p 00000000 fe:01 77 /usr/lib/libc.so.6"), None);
        assert_eq!(
            kept("7f0000000000-7f0000001000 rw-p 00000000 fe:01 77 /usr/lib/libc.so.6").as_deref(),
            Some("a file's")
        );
        assert_eq!(
            kept("7f0000000000-7f0000001000 r--s 00000000 00:01 77 /memfd:WebKit (deleted)").as_deref(),
            Some("shared")
        );
        assert_eq!(kept("7f0000000000-7f0000001000 ---p 00000000 00:00 0"), None);
        assert_eq!(kept("7f0000000000-7f0000001000 rw-p 00000000 00:00 0").as_deref(), Some("anonymous"));
    }
}
