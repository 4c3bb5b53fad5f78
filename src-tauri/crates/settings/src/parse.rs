//! From text to settings.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use crate::accounts::{Seen, account};
use crate::error::{Problem, SettingsError};
use crate::keys;
use crate::model::{AccountSettings, DeskSettings, Settings, Timeouts};
use crate::papers;
use crate::section::{Section, Source, unknown};

/// The longest file that is read.
const LIMIT_BYTES: usize = 256 * 1024;
/// The most accounts that one desk may have.
const ACCOUNT_LIMIT: usize = 100;

const HEADINGS: [&str; 5] = ["account", "desk", "timeouts", "receipt", "printer"];

impl Settings {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`SettingsError::Missing`] when there is none, [`SettingsError::Unreadable`] when the system refuses it or it
    /// is not UTF-8, and what [`Settings::parse`] refuses.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let unreadable = |cause: std::io::Error| {
            if cause.kind() == ErrorKind::NotFound {
                SettingsError::Missing { path: path.to_owned() }
            } else {
                SettingsError::Unreadable { path: path.to_owned(), cause }
            }
        };
        let mut text = String::new();
        // One byte more than is read, so that a longer file shows without being loaded.
        let limit = u64::try_from(LIMIT_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text)).map_err(unreadable)?;
        let file_name = path.file_name().map_or_else(|| "config.toml".into(), |name| name.to_string_lossy());
        Self::parse(&text, &file_name)
    }

    /// Reads `text`; `file_name` is what errors call it.
    ///
    /// # Errors
    /// [`SettingsError::Syntax`] for what is not TOML, else [`SettingsError::Wrong`] with everything that is wrong.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, SettingsError> {
        let file_name = file_name.to_owned();
        if text.len() > LIMIT_BYTES {
            return Err(SettingsError::TooLong { file_name, limit_bytes: LIMIT_BYTES });
        }
        let source = Source(text);
        let document = Document::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            SettingsError::Syntax {
                file_name: file_name.clone(),
                line: source.line(offset),
                column: source.column(offset),
                message: error.message().to_owned(),
            }
        })?;
        let mut problems = Vec::new();
        let settings = read_all(document.as_table(), source, &mut problems);
        problems.sort();
        match settings {
            Some(settings) if problems.is_empty() => Ok(settings),
            Some(_) | None => Err(SettingsError::Wrong { file_name, problems }),
        }
    }
}

fn read_all(root: &dyn TableLike, source: Source<'_>, problems: &mut Vec<Problem>) -> Option<Settings> {
    for (name, _) in root.iter() {
        if !HEADINGS.contains(&name) {
            let message = unknown(name, "the file outside its headings", &HEADINGS);
            problems.push(Problem { line: line_of(root, name, source), key: name.to_owned(), message });
        }
    }
    let accounts = accounts(root, source, problems);
    let nothing = toml_edit::Table::new();
    let mut under = |name, keys| {
        let (table, line) = heading(root, name, source, problems).unwrap_or((&nothing, 1));
        Section::begin(table, source, keys, line)
    };
    let mut desk = under("desk", &keys::DESK);
    let mut timeouts = under("timeouts", &keys::TIMEOUTS);
    let mut receipt = under("receipt", &papers::RECEIPT);
    let mut printer = under("printer", &papers::PRINTER);
    let settings = (
        read_desk(&mut desk),
        read_timeouts(&mut timeouts),
        papers::read_receipt(&mut receipt),
        papers::read_printer(&mut printer),
    );
    for section in [&mut desk, &mut timeouts, &mut receipt, &mut printer] {
        problems.append(&mut section.problems);
    }
    let (desk, timeouts, receipt, printer) = settings;
    Some(Settings { accounts: accounts?, desk: desk?, timeouts: timeouts?, receipt: receipt?, printer: printer? })
}

fn line_of(table: &dyn TableLike, name: &str, source: Source<'_>) -> usize {
    let (key, item) = match table.get_key_value(name) {
        Some((key, item)) => (key.span(), item.span()),
        None => (None, None),
    };
    item.filter(|_| key.is_none()).or(key).map_or(1, |span| source.line(span.start))
}

/// A single heading such as `[desk]`, when it is written.
fn heading<'a>(
    root: &'a dyn TableLike,
    name: &'static str,
    source: Source<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(&'a dyn TableLike, usize)> {
    let line = line_of(root, name, source);
    let table = root.get(name)?.as_table_like();
    if table.is_none() {
        let message = format!("`{name}` must be one heading, [{name}], with its keys below it");
        problems.push(Problem { line, key: name.to_owned(), message });
    }
    table.map(|table| (table, line))
}

fn accounts(root: &dyn TableLike, source: Source<'_>, problems: &mut Vec<Problem>) -> Option<Vec<AccountSettings>> {
    let line = line_of(root, "account", source);
    let Some(item) = root.get("account") else { return Some(Vec::new()) };
    let Some(tables) = tables(item, line, source) else {
        let message = "`account` must be headings with double brackets, [[account]], one for each account".to_owned();
        problems.push(Problem { line, key: "account".to_owned(), message });
        return None;
    };
    if tables.len() > ACCOUNT_LIMIT {
        let message = format!("at most {ACCOUNT_LIMIT} accounts; found {}", tables.len());
        problems.push(Problem { line, key: "account".to_owned(), message });
        return None;
    }
    let mut seen = Seen::default();
    let mut accounts = Vec::new();
    for (table, line) in tables {
        let mut section = Section::begin(table, source, &keys::ACCOUNT, line);
        accounts.push(account(&mut section, &mut seen));
        problems.append(&mut section.problems);
    }
    accounts.into_iter().collect()
}

fn tables<'a>(item: &'a Item, line: usize, source: Source<'_>) -> Option<Vec<(&'a dyn TableLike, usize)>> {
    let mut tables: Vec<(&'a dyn TableLike, _)> = Vec::new();
    if let Some(headings) = item.as_array_of_tables() {
        for table in headings {
            tables.push((table, table.span()));
        }
    } else {
        for value in item.as_array()? {
            let table = value.as_inline_table()?;
            tables.push((table, table.span()));
        }
    }
    let at = |span: Option<std::ops::Range<usize>>| span.map_or(line, |span| source.line(span.start));
    Some(tables.into_iter().map(|(table, span)| (table, at(span))).collect())
}

fn read_desk(section: &mut Section<'_>) -> Option<DeskSettings> {
    let id = section.read(&keys::DESK_ID);
    let timezone = section.read(&keys::TIMEZONE);
    let language = section.read(&keys::LANGUAGE);
    Some(DeskSettings { id: id?, timezone: timezone?, language: language? })
}

fn read_timeouts(section: &mut Section<'_>) -> Option<Timeouts> {
    let connect = section.read(&keys::CONNECT_SECONDS);
    let sign_in = section.read(&keys::SIGN_IN_SECONDS);
    let options = section.read(&keys::OPTIONS_SECONDS);
    let status = section.read(&keys::STATUS_SECONDS);
    let pay = section.read(&keys::PAY_SECONDS);
    let reversal = section.read(&keys::REVERSAL_SECONDS);
    let limiter_wait = section.read(&keys::LIMITER_WAIT_SECONDS);
    Some(Timeouts {
        connect: connect?,
        sign_in: sign_in?,
        options: options?,
        status: status?,
        pay: pay?,
        reversal: reversal?,
        limiter_wait: limiter_wait?,
    })
}
