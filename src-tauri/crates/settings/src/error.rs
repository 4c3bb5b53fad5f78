use std::fmt;
use std::path::PathBuf;

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no file yet.
    #[error("there is no {}; create it, for example with:\n\n{}", path.display(), crate::EXAMPLE)]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is there and cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Longer than any real one, so something else stands there.
    #[error("{file_name} is longer than {limit_bytes} bytes; it is not a list of accounts")]
    TooLong {
        /// Which file.
        file_name: String,
        /// The longest that is read.
        limit_bytes: usize,
    },
    /// Not TOML.
    #[error("{file_name}, line {line}, column {column}: {message}")]
    Syntax {
        /// Which file.
        file_name: String,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What TOML wants there; never text of the file.
        message: String,
    },
    /// TOML, but not settings: everything that is wrong with it, in the order of the lines.
    #[error("{}", lines(file_name, problems))]
    Wrong {
        /// Which file.
        file_name: String,
        /// At least one.
        problems: Vec<Problem>,
    },
}

/// One thing that is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where, from 1.
    pub line: usize,
    /// The key, or the heading, that it is about.
    pub key: String,
    /// What is wrong and what is allowed, naming the key; never a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

fn lines(file_name: &str, problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{file_name}, {problem}")).collect::<Vec<_>>().join("\n")
}
