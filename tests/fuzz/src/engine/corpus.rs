//! Inputs that are kept: in the repository the small ones that reach everything known, elsewhere what a run has found.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The committed inputs of a target, also those that once failed.
#[must_use]
pub fn committed(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// All inputs in a folder, in the order of their names; none when there is no such folder.
///
/// # Errors
/// When a file can't be read.
pub fn read(folder: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut inputs = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(inputs),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        inputs.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?));
    }
    inputs.sort();
    Ok(inputs)
}

/// Keeps an input under a name made of its content.
///
/// # Errors
/// When it can't be written.
pub fn keep(folder: &Path, input: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(name_of(input));
    fs::write(&path, input)?;
    Ok(path)
}

/// A name that the same content always has (FNV-1a).
#[must_use]
pub fn name_of(input: &[u8]) -> String {
    let hash = input
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// Without inputs that are there twice.
#[must_use]
pub fn distinct(inputs: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut seen = BTreeSet::new();
    inputs.into_iter().filter(|input| seen.insert(input.clone())).collect()
}
