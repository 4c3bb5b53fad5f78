//! JSON lines read back into the same rows, strictly: what is not exactly as it is written is an error that names its line.

mod fields;
mod lines;

use std::io::{self, BufRead, Read as _};

use crate::head::Head;
use crate::row::PaymentRow;

use fields::Fields;

/// The longest line that is read, in bytes: a file that is something else ends here, and not in the memory.
pub const LINE_MOST: u64 = 1 << 20;

/// What is wrong, and where.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {wrong}")]
pub struct ImportFault {
    /// The line, from 1 on.
    pub line: u64,
    /// What is wrong with it.
    #[source]
    pub wrong: Wrong,
}

/// What can be wrong with a line. No text of a field is repeated: it may be a name.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// It can't be read at all.
    #[error("it can't be read: {0}")]
    Unread(#[from] io::Error),
    /// It is longer than [`LINE_MOST`].
    #[error("it is longer than any line of an export")]
    TooLong,
    /// It does not end in a line feed, or the file ends before the line that counts the rows: some of it is missing.
    #[error("the file ends here, and an export goes on: some of it is missing")]
    Cut,
    /// It is no JSON object.
    #[error("it is no JSON object, at character {0}")]
    NotJson(usize),
    /// The first line is not that of an export of payments.
    #[error("this is no export of payments")]
    NotAnExport,
    /// It is of another version.
    #[error("this export is of version {0}, which is not the one that is read here")]
    Version(u64),
    /// A field is missing.
    #[error("the field {0} is missing")]
    Missing(&'static str),
    /// There is a field that an export does not have.
    #[error("there is a field that no export has, number {0} of the line's")]
    Unknown(usize),
    /// A field stands there twice.
    #[error("the field number {0} of the line's stands there for the second time")]
    Twice(usize),
    /// A field does not hold what it should.
    #[error("the field {name} should hold {expected}")]
    Field {
        /// The field.
        name: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// A field does not agree with others of its line.
    #[error("the field {name} does not agree with {with}")]
    Disagrees {
        /// The field.
        name: &'static str,
        /// With what it should.
        with: &'static str,
    },
    /// The last line counts other rows than there are.
    #[error("the last line counts {said} rows, and there are {found}")]
    Count {
        /// How many it says.
        said: u64,
        /// How many there are.
        found: u64,
    },
    /// Something stands behind the last line.
    #[error("something stands behind the end of the export")]
    BehindTheEnd,
}

/// An export of JSON lines that is being read: an iterator over its rows, which is over when the last line has been read
/// and counts as many, and after the first error.
#[derive(Debug)]
pub struct Import<R> {
    input: R,
    head: Head,
    line: u64,
    rows: u64,
    over: bool,
    bytes: Vec<u8>,
}

impl<R: BufRead> Import<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// When it is not that of an export of payments.
    pub fn begin(mut input: R) -> Result<Self, ImportFault> {
        let mut bytes = Vec::new();
        let head = next_line(&mut input, &mut bytes).and_then(lines::head);
        let head = head.map_err(|wrong| ImportFault { line: 1, wrong })?;
        Ok(Self { input, head, line: 1, rows: 0, over: false, bytes })
    }

    /// What is said of the whole export.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    fn read(&mut self) -> Result<Option<PaymentRow>, Wrong> {
        let fields = next_line(&mut self.input, &mut self.bytes)?;
        let Some(said) = lines::end(&fields)? else {
            let row = lines::row(fields, &self.head.zone)?;
            self.rows = self.rows.saturating_add(1);
            return Ok(Some(row));
        };
        if said != self.rows {
            return Err(Wrong::Count { said, found: self.rows });
        }
        if self.input.fill_buf()?.is_empty() { Ok(None) } else { Err(Wrong::BehindTheEnd) }
    }
}

impl<R: BufRead> Iterator for Import<R> {
    type Item = Result<PaymentRow, ImportFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        self.line = self.line.saturating_add(1);
        let read = self.read().transpose();
        self.over = !matches!(read, Some(Ok(_)));
        read.map(|row| row.map_err(|wrong| ImportFault { line: self.line, wrong }))
    }
}

fn next_line(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> Result<Fields, Wrong> {
    bytes.clear();
    input.take(LINE_MOST).read_until(b'\n', bytes)?;
    match bytes.strip_suffix(b"\n") {
        Some(line) => Fields::read(line),
        None if u64::try_from(bytes.len()).is_ok_and(|length| length < LINE_MOST) => Err(Wrong::Cut),
        None => Err(Wrong::TooLong),
    }
}
