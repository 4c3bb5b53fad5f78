//! Says of which sources the simulated product is made, so that a line in the table of torture names what it tried.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What a schedule's run is decided by. Tests and the torture's own bookkeeping are not among it.
const SOURCES: [&str; 5] = [
    "../../src-tauri/crates/core/src",
    "../../src-tauri/crates/events/src",
    "../../src-tauri/crates/gateway/src",
    "../../src-tauri/crates/till/src",
    "src",
];

fn counts(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !matches!(name, "tests" | "bin" | "torture") && !name.ends_with("tests.rs")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !counts(&path) {
            continue;
        }
        if path.is_dir() {
            files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut found = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        files(Path::new(source), &mut found)?;
    }
    found.sort();
    let mut hash = Sha256::new();
    for path in &found {
        hash.update(path.to_string_lossy().as_bytes());
        hash.update([0]);
        hash.update(fs::read(path)?);
        hash.update([0]);
    }
    let mut short = String::new();
    for byte in hash.finalize().iter().take(6) {
        write!(short, "{byte:02x}").map_err(io::Error::other)?;
    }
    println!("cargo::rustc-env=VEZNE_SIMULATED={short}");
    Ok(())
}
