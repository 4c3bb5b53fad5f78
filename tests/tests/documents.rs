//! The documents say what is true: files, tests and fields that they name exist.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The cells of every row of every table, without the rules under the headings.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with('|') && !line.starts_with("|--"));
    rows.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// What stands between back quotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_row_about_the_gateways_names_code_and_tests_that_exist() {
    let text = read("docs/gateways.md");
    let rows = rows(&text);
    assert!(rows.len() > 80, "the tables are no longer found: {} rows", rows.len());
    let crates = root().join("src-tauri/crates");
    for row in &rows {
        let [what, meaning, built, covered] = row.as_slice() else { panic!("not four cells: {row:?}") };
        assert!([what, meaning, built, covered].iter().all(|cell| !cell.is_empty()), "an empty cell: {row:?}");
        if *built == "built in" {
            continue;
        }
        let files = quoted(built);
        assert!(!files.is_empty(), "no file is named: {row:?}");
        for file in files {
            assert!(crates.join(file).is_file(), "{file} does not exist: {what}");
        }
        let tests = quoted(covered);
        assert!(!tests.is_empty() && tests.len().is_multiple_of(2), "file and test, in pairs: {row:?}");
        for pair in tests.chunks(2) {
            let [file, test] = pair else { panic!("{pair:?}") };
            let source = fs::read_to_string(crates.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let (before, _) =
                source.split_once(&format!("fn {test}(")).unwrap_or_else(|| panic!("{file} has no {test}"));
            let above: Vec<&str> = before.lines().rev().take(6).collect();
            assert!(above.iter().any(|line| line.contains("test]") || line.contains("test(")), "{test} is no test");
        }
    }
}

/// The names under which a `wire.rs` reads and writes fields.
fn fields(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut renamed = false;
    for line in source.lines().map(str::trim) {
        if let Some((_, rest)) = line.split_once("rename = \"") {
            names.extend(rest.split('"').next().map(str::to_owned));
            renamed = true;
        } else if let Some(rest) = line.strip_prefix("pub(super) ").filter(|_| line.ends_with(": Field,")) {
            let name = rest.split(':').next().unwrap_or_default();
            if !renamed {
                names.push(name.to_owned());
            }
            renamed = false;
        } else if !line.starts_with("///") && !line.starts_with("#[") {
            renamed = false;
        }
    }
    names
}

#[test]
fn every_field_that_is_read_or_written_stands_in_a_table() {
    let text = read("docs/gateways.md");
    // Names of envelopes and of a car's or person's parts say nothing of their own.
    let plain = ["order", "name", "brand", "model", "surname"];
    for gateway in ["finrota", "yolcu360"] {
        let fields = fields(&read(&format!("src-tauri/crates/gateway/src/{gateway}/wire.rs")));
        assert!(fields.len() > 25, "the fields are no longer found: {fields:?}");
        for field in fields.iter().filter(|field| !plain.contains(&field.as_str())) {
            let named = [format!("`{field}`"), format!(".{field}`")].iter().any(|form| text.contains(form));
            assert!(named, "{gateway}: {field} is in no table of docs/gateways.md");
        }
    }
}

/// The names under which comments in the code cite two of the documents, and where these stand.
const CITED: [(&str, &str); 2] = [("RULES.md", "docs/rules-of-money.md"), ("GATEWAYS.md", "docs/wire-contract.md")];

/// Folders that are built, installed or left by a run. Tools keep theirs under names that begin with a dot.
const NOT_OURS: [&str; 3] = ["target", "node_modules", "out"];

/// Every document of the tree, by its path in it.
fn documents() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.unwrap();
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            let name = entry.file_name().to_string_lossy().into_owned();
            if kind.is_dir() && !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()) {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|end| end == "md") {
                found.push(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the documents are no longer found: {found:?}");
    found
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    for document in documents() {
        let text = read(&document);
        let folder = root().join(&document).parent().unwrap().to_path_buf();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            // The web, and names in the code, which rustdoc looks for.
            if link.starts_with("http") || link.contains("::") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { root().join(&document) } else { folder.join(path) };
            assert!(target.exists(), "{document} leads to {link}");
            if heading.is_empty() {
                continue;
            }
            let words = heading.replace('-', " ");
            let source = fs::read_to_string(&target).unwrap().to_lowercase();
            assert!(source.lines().any(|line| line.trim_start_matches('#').trim() == words), "{document}: {link}");
        }
    }
}

#[test]
fn every_document_that_a_document_names_is_there() {
    let documents = documents();
    // By its whole path or the end of it, from wherever it is named.
    let is_there = |name: &str| documents.iter().any(|document| Path::new(document).ends_with(name));
    let contributing = read("CONTRIBUTING.md");
    for (name, document) in CITED {
        let explained = contributing.contains(&format!("`{name}`")) && contributing.contains(document);
        assert!(explained && is_there(document), "CONTRIBUTING.md no longer says that `{name}` is {document}");
    }
    let mut named = 0;
    for document in &documents {
        let text = read(document);
        for name in text.lines().flat_map(quoted) {
            let name = name.trim_start_matches("../");
            // Commands and patterns that end so are no names.
            if !name.ends_with(".md") || name.contains([' ', '*']) {
                continue;
            }
            named += 1;
            assert!(is_there(name) || CITED.iter().any(|(cited, _)| *cited == name), "{document} names `{name}`");
        }
    }
    assert!(named > 10, "names of documents are no longer found: {named}");
}

#[test]
fn every_command_in_the_readme_is_one_that_veznectl_knows() {
    let help = std::process::Command::new(vezne_tests::run::program("veznectl")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let readme = read("README.md");
    let commands: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.trim().strip_prefix("veznectl "))
        .filter_map(|rest| rest.split(' ').next())
        .collect();
    assert!(commands.len() > 5, "{commands:?}");
    for command in commands {
        assert!(help.lines().any(|line| line.trim_start().starts_with(command)), "{command} is not in the help");
    }
}
