//! Logs: one JSON object a line, a file a day and program, in the home's `logs/`.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::folder::private_folder;

/// The environment variable that sets the level of Vezne's own crates.
pub const LOG_VARIABLE: &str = "VEZNE_LOG";

/// How many days' files of one program are kept.
const FILES_KEPT: usize = 14;

/// What became of the logs.
#[derive(Debug)]
pub enum Logs {
    /// They are written.
    Written,
    /// They are not, and why: logging is no reason to refuse a payment, and no journal.
    NotWritten(std::io::Error),
}

impl Logs {
    /// Begins to log into `folder`, in files named after `program`. Once a process; a second call changes nothing.
    #[must_use]
    pub fn begin(folder: &Path, program: &'static str) -> Self {
        if let Err(error) = private_folder(folder) {
            return Self::NotWritten(error);
        }
        let level = std::env::var(LOG_VARIABLE).ok().and_then(|level| level.trim().parse().ok());
        let files = DailyFiles::new(folder, program);
        let layer = tracing_subscriber::fmt::layer().json().with_writer(files).with_current_span(false);
        // Libraries stay at warnings whatever is asked for: their trace output may hold whole requests.
        let targets =
            Targets::new().with_default(LevelFilter::WARN).with_target("vezne", level.unwrap_or(LevelFilter::INFO));
        let begun = tracing_subscriber::registry().with(targets).with(layer).try_init();
        if begun.is_err() {
            tracing::debug!("logs have been begun before");
        }
        Self::Written
    }
}

/// Writes each line to the file of its day.
struct DailyFiles {
    folder: PathBuf,
    program: &'static str,
    open: Mutex<Option<(String, File)>>,
}

impl DailyFiles {
    fn new(folder: &Path, program: &'static str) -> Self {
        Self { folder: folder.to_owned(), program, open: Mutex::new(None) }
    }

    fn write_line(&self, line: &[u8]) -> std::io::Result<()> {
        let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match open.as_mut() {
            Some((of, file)) if *of == day => file,
            Some(_) | None => {
                let file = self.file_of(&day)?;
                self.let_go_of_old();
                &mut open.insert((day, file)).1
            }
        };
        file.write_all(line)
    }

    fn file_of(&self, day: &str) -> std::io::Result<File> {
        let mut options = File::options();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(self.folder.join(format!("{}-{day}.jsonl", self.program)))
    }

    /// Removes this program's oldest files; a file that can't be removed stays.
    fn let_go_of_old(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let mine = |name: &str| {
            name.strip_prefix(self.program)
                .and_then(|rest| rest.strip_prefix('-'))
                .and_then(|rest| rest.strip_suffix(".jsonl"))
                .is_some_and(|day| day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| mine(name))
            .collect();
        names.sort_unstable();
        let many = names.len().saturating_sub(FILES_KEPT);
        for name in names.iter().take(many) {
            let _stays = std::fs::remove_file(self.folder.join(name));
        }
    }
}

/// One event's writer.
struct Line<'a>(&'a DailyFiles);

impl Write for Line<'_> {
    /// The whole event comes in one call. A full disk must not become an error of the payment being logged.
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let _lost = self.0.write_line(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for DailyFiles {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_to_the_file_of_its_day_and_only_the_newest_fourteen_of_this_program_stay() {
        let folder = tempfile::tempdir().unwrap();
        let touch = |name: &str| std::fs::write(folder.path().join(name), "").unwrap();
        for day in 1..=20 {
            touch(&format!("veznectl-2020-01-{day:02}.jsonl"));
        }
        touch("vezne-2020-01-01.jsonl");
        touch("veznectl-notes.jsonl");
        let files = DailyFiles::new(folder.path(), "veznectl");
        files.make_writer().write_all(b"{}\n").unwrap();
        files.make_writer().write_all(b"{}\n").unwrap();
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names.len(), 14 + 2, "{names:?}");
        assert!(names.contains(&"vezne-2020-01-01.jsonl".to_owned()));
        assert!(names.contains(&"veznectl-notes.jsonl".to_owned()));
        let today = names.iter().rfind(|name| name.starts_with("veznectl-2") && !name.contains("2020")).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join(today)).unwrap(), "{}\n{}\n");
    }
}
