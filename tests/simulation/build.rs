//! Says of which sources the simulated product is made, so that a line in the table of torture names what it tried.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What every schedule's run is decided by. Tests and the torture's own bookkeeping are not among it, nor is the real journal,
/// which stands beside one run in a hundred and has tests of its own.
const COMMON: [&str; 5] = [
    "../../src-tauri/crates/core/src",
    "../../src-tauri/crates/events/src",
    "../../src-tauri/crates/gateway/src",
    "../../src-tauri/crates/till/src",
    "src",
];

/// The folders that only the schedules of one gateway pass through.
const GATEWAYS: [&str; 2] = ["finrota", "yolcu360"];

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

/// Whether this file is in the folder of the other gateway.
fn is_of_another(path: &Path, gateway: &str) -> bool {
    GATEWAYS.iter().any(|name| *name != gateway && path.components().any(|part| part.as_os_str() == *name))
}

/// A short name for what a gateway's schedules are run by. Words that only people read don't change it.
fn product(found: &[PathBuf], gateway: &str) -> io::Result<String> {
    let mut hash = Sha256::new();
    for path in found.iter().filter(|path| !is_of_another(path, gateway)) {
        hash.update(path.to_string_lossy().as_bytes());
        hash.update([0]);
        for line in fs::read_to_string(path)?.lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with("//") {
                hash.update(line.as_bytes());
                hash.update([b'\n']);
            }
        }
        hash.update([0]);
    }
    let mut short = String::new();
    for byte in hash.finalize().iter().take(6) {
        write!(short, "{byte:02x}").map_err(io::Error::other)?;
    }
    Ok(short)
}

fn main() -> io::Result<()> {
    let mut found = Vec::new();
    for source in COMMON {
        println!("cargo::rerun-if-changed={source}");
        files(Path::new(source), &mut found)?;
    }
    found.sort();
    for gateway in GATEWAYS {
        println!("cargo::rustc-env=VEZNE_SIMULATED_{}={}", gateway.to_uppercase(), product(&found, gateway)?);
    }
    Ok(())
}
