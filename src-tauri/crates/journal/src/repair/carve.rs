//! Events and names, carved out of the bytes of a page: pure.
//!
//! A damaged database can't be asked: the tree that leads to a row may be what is damaged. But a row says by itself what it
//! is. It lies in its page in one piece (with a chain of further pages when it is long), it begins with the sizes of its
//! columns, and the first column of an event is an id that begins with `evt_`. Whatever is taken for one here is held
//! against its own keyed hash before it is believed. (SQLite's file format: <https://sqlite.org/fileformat2.html>, "Record
//! Format" and "Cell Payload Overflow Pages".)

use vezne_events::Event;

/// A row of the side table of names.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct NameRow {
    pub(crate) name_id: String,
    pub(crate) desk_id: String,
    pub(crate) text: Option<String>,
    pub(crate) salt: Option<Vec<u8>>,
    pub(crate) erased_ms: Option<i64>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    Event(Box<Event>),
    Name(NameRow),
}

/// Gives the versions of a page that there are, the likeliest first.
pub(crate) trait Pages {
    fn versions(&mut self, page: u32) -> Vec<Vec<u8>>;
}

/// The most bytes that a row is believed to have.
const ROW_MOST: usize = 4 * 1024 * 1024;
/// How many ways through versions of further pages are tried for one row.
const WAYS_MOST: usize = 32;
/// The columns of an event, and of a name.
const EVENT_COLUMNS: usize = 14;
const NAME_COLUMNS: usize = 5;
/// The shortest header of such a record: its own size and a size for each column.
const HEADER_LEAST: usize = 1;
/// The longest: each column's size takes up to four bytes.
const HEADER_MOST: usize = 1 + EVENT_COLUMNS * 4;

/// Everything in a page that looks like an event or a name. A row that continues in pages of several versions gives
/// several candidates.
pub(crate) fn rows(page: &[u8], pages: &mut dyn Pages) -> Vec<Row> {
    let mut found = Vec::new();
    for (at, four) in page.windows(4).enumerate() {
        let columns = match four {
            b"evt_" => EVENT_COLUMNS,
            b"nam_" => NAME_COLUMNS,
            _ => continue,
        };
        let Some(record) = begins_before(page, at, columns) else { continue };
        for body in bodies(page, &record, pages) {
            found.extend(row(&record.kinds, &body));
        }
    }
    found
}

/// Where a record begins, and what it consists of.
struct Record {
    start: usize,
    size: usize,
    header: usize,
    kinds: Vec<u64>,
}

/// The record whose first column begins at `at`: its header ends there, and begins with its own length.
fn begins_before(page: &[u8], at: usize, columns: usize) -> Option<Record> {
    (columns.saturating_add(HEADER_LEAST)..=HEADER_MOST).find_map(|header| {
        let start = at.checked_sub(header)?;
        let bytes = page.get(start..at)?;
        let (length, mut next) = varint(bytes)?;
        if length != u64::try_from(header).ok()? {
            return None;
        }
        let mut kinds = Vec::with_capacity(columns);
        let mut size = header;
        while next < header {
            let (kind, taken) = varint(bytes.get(next..)?)?;
            next = next.checked_add(taken)?;
            size = size.checked_add(width(kind)?)?;
            kinds.push(kind);
        }
        // A later version of the table may have more columns behind these.
        (kinds.len() >= columns && size <= ROW_MOST).then_some(Record { start, size, header, kinds })
    })
}

/// A number in SQLite's own encoding, and how many bytes it took.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value: u64 = 0;
    for (index, byte) in bytes.iter().take(9).enumerate() {
        let taken = index.checked_add(1)?;
        if index == 8 {
            return Some((value.checked_shl(8)? | u64::from(*byte), taken));
        }
        value = value.checked_shl(7)? | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, taken));
        }
    }
    None
}

/// How many bytes a column of this kind has.
fn width(kind: u64) -> Option<usize> {
    let bytes = match kind {
        0 | 8 | 9 => 0,
        1..=4 => kind,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => kind.checked_sub(12)? / 2,
    };
    usize::try_from(bytes).ok()
}

/// The bytes of a record after its header, for each way through the versions of its further pages.
fn bodies(page: &[u8], record: &Record, pages: &mut dyn Pages) -> Vec<Vec<u8>> {
    let usable = page.len();
    let Some(local) = local_size(record.size, usable) else { return Vec::new() };
    let Some(end) = record.start.checked_add(local) else { return Vec::new() };
    let Some(here) = page.get(record.start..end) else { return Vec::new() };
    let mut whole = Vec::new();
    let next = match local < record.size {
        true => number(page, end),
        false => None,
    };
    // Depth first: the likeliest version of each page is tried before the others.
    let mut ways = vec![(here.to_vec(), next, 0_usize)];
    let mut tried = 0_usize;
    while let Some((bytes, next, depth)) = ways.pop() {
        if bytes.len() >= record.size {
            whole.push(bytes.get(record.header..record.size).unwrap_or_default().to_vec());
            continue;
        }
        let longest = record.size.checked_div(usable.saturating_sub(4).max(1)).unwrap_or(0).saturating_add(2);
        let Some(next) = next.filter(|next| *next != 0 && depth < longest) else { continue };
        for version in pages.versions(next).into_iter().rev() {
            tried = tried.saturating_add(1);
            if tried > WAYS_MOST {
                break;
            }
            let missing = record.size.saturating_sub(bytes.len());
            let mut more = bytes.clone();
            more.extend(version.get(4..).unwrap_or_default().iter().take(missing));
            ways.push((more, number(&version, 0), depth.saturating_add(1)));
        }
    }
    whole
}

/// How much of a record lies in its own page: "Cell Payload Overflow Pages", for a leaf of a table.
fn local_size(size: usize, usable: usize) -> Option<usize> {
    let most = usable.checked_sub(35)?;
    if size <= most {
        return Some(size);
    }
    let least = usable.checked_sub(12)?.checked_mul(32)?.checked_div(255)?.checked_sub(23)?;
    let rest = size.checked_sub(least)?.checked_rem(usable.checked_sub(4)?)?;
    let wanted = least.checked_add(rest)?;
    Some(if wanted <= most { wanted } else { least })
}

/// The four-byte number there.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// Reads column after column.
struct Columns<'a> {
    kinds: std::slice::Iter<'a, u64>,
    body: &'a [u8],
    at: usize,
}

impl<'a> Columns<'a> {
    fn next(&mut self) -> Option<(u64, &'a [u8])> {
        let kind = *self.kinds.next()?;
        let end = self.at.checked_add(width(kind)?)?;
        let bytes = self.body.get(self.at..end)?;
        self.at = end;
        Some((kind, bytes))
    }

    /// Text, or nothing.
    fn maybe_text(&mut self) -> Option<Option<String>> {
        match self.next()? {
            (0, _) => Some(None),
            (kind, bytes) if kind >= 13 && kind % 2 == 1 => Some(Some(String::from_utf8(bytes.to_vec()).ok()?)),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<String> {
        self.maybe_text()?
    }

    fn blob(&mut self) -> Option<Option<Vec<u8>>> {
        match self.next()? {
            (0, _) => Some(None),
            (kind, bytes) if kind >= 12 && kind % 2 == 0 => Some(Some(bytes.to_vec())),
            _ => None,
        }
    }

    fn maybe_integer(&mut self) -> Option<Option<i64>> {
        let (kind, bytes) = self.next()?;
        Some(match kind {
            0 => None,
            8 => Some(0),
            9 => Some(1),
            1..=6 => {
                let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
                let mut eight = [if negative { 0xff } else { 0 }; 8];
                eight.get_mut(8_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
                Some(i64::from_be_bytes(eight))
            }
            _ => return None,
        })
    }

    fn integer(&mut self) -> Option<i64> {
        self.maybe_integer()?
    }
}

fn row(kinds: &[u64], body: &[u8]) -> Option<Row> {
    let mut columns = Columns { kinds: kinds.iter(), body, at: 0 };
    let id = columns.text()?;
    if id.starts_with("nam_") {
        return Some(Row::Name(NameRow {
            name_id: id,
            desk_id: columns.text()?,
            text: columns.maybe_text()?,
            salt: columns.blob()?,
            erased_ms: columns.maybe_integer()?,
        }));
    }
    Some(Row::Event(Box::new(Event {
        event_id: id,
        desk_id: columns.text()?,
        epoch: columns.integer()?,
        seq: columns.integer()?,
        at_ms: columns.integer()?,
        kind: columns.text()?,
        payment_id: columns.maybe_text()?,
        attempt_id: columns.maybe_text()?,
        reversal_id: columns.maybe_text()?,
        body: columns.text()?,
        names: columns.text()?,
        key_id: columns.text()?,
        previous_hash: columns.blob()??,
        hash: columns.blob()??,
    })))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct NoPages;

    impl Pages for NoPages {
        fn versions(&mut self, _page: u32) -> Vec<Vec<u8>> {
            Vec::new()
        }
    }

    #[test]
    fn numbers_are_read_as_sqlite_writes_them() {
        assert_eq!(varint(&[0x7f]), Some((127, 1)));
        assert_eq!(varint(&[0x81, 0x00]), Some((128, 2)));
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, 9)));
        assert_eq!(varint(&[0x80, 0x80]), None);
        let read = |kinds: &[u64], body: &[u8]| Columns { kinds: kinds.iter(), body, at: 0 }.maybe_integer();
        assert_eq!(read(&[1], &[0xfe]), Some(Some(-2)));
        assert_eq!(read(&[6], &i64::MIN.to_be_bytes()), Some(Some(i64::MIN)));
        assert_eq!((read(&[8], &[]), read(&[9], &[]), read(&[0], &[])), (Some(Some(0)), Some(Some(1)), Some(None)));
        assert_eq!(read(&[2], &[1]), None);
    }

    #[test]
    fn what_lies_in_the_page_itself_is_what_the_format_says() {
        assert_eq!(local_size(4061, 4096), Some(4061));
        // One byte more goes over: 4062 = 489 + (3573 mod 4092).
        assert_eq!(local_size(4062, 4096), Some(4062 - 4092 + 4092).map(|_| 489));
        assert_eq!(local_size(10_000, 4096), Some(489 + (10_000 - 489) % 4092));
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_make_it_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..600), at in 0_usize..600) {
            if let Some(place) = bytes.get_mut(at..at + 4) {
                place.copy_from_slice(b"evt_");
            }
            let _found = rows(&bytes, &mut NoPages);
        }
    }
}
