//! A file is whole or not there.

use std::convert::Infallible;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::samples::{istanbul, usual};
use crate::{
    Existing, FileExport, FillFault, Format, Import, Language, PROGRESS_EVERY, PaymentRow, Separators, Table,
    WholeFile, sweep,
};

const FORMATS: [Format; 3] = [Format::Csv(Separators::Semicolon), Format::JsonLines, Format::Xlsx];

fn begin(path: &Path, existing: Existing, format: Format) -> io::Result<FileExport> {
    FileExport::begin(path, existing, format, &istanbul(Language::Turkish))
}

fn many(count: usize) -> impl Iterator<Item = Result<PaymentRow, Infallible>> {
    std::iter::repeat_with(|| Ok(usual())).take(count)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_file_has_its_name_only_when_it_is_whole() {
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("Kasım.{}", format.extension()));
        let mut export = begin(&path, Existing::Keep, format).unwrap();
        let mut told = Vec::new();
        let rows = export.fill(many(1_100), |rows| {
            told.push(rows);
            ControlFlow::Continue(())
        });
        assert_eq!(rows.unwrap(), 1_100);
        assert_eq!(told, [0, PROGRESS_EVERY, 2 * PROGRESS_EVERY, 1_100]);
        assert_eq!(names(folder.path()), [format!("Kasım.{}.part", format.extension())]);
        let bytes = export.end().unwrap();
        assert_eq!(names(folder.path()), [format!("Kasım.{}", format.extension())]);
        assert_eq!(fs::metadata(&path).unwrap().len(), bytes);
    }
}

#[test]
fn a_cancel_leaves_nothing_behind_and_what_was_there_stays() {
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export");
        fs::write(&path, "the one before").unwrap();
        let mut export = begin(&path, Existing::Replace, format).unwrap();
        let stop_at = 3 * PROGRESS_EVERY;
        let filled = export.fill(many(usize::MAX), |rows| match rows {
            rows if rows < stop_at => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        });
        assert!(matches!(filled, Err(FillFault::Cancelled { rows }) if rows == stop_at));
        drop(export);
        assert_eq!(names(folder.path()), ["export"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "the one before");
    }
}

#[test]
fn rows_that_can_not_be_read_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut export = begin(&folder.path().join("export"), Existing::Keep, Format::JsonLines).unwrap();
    let rows = [Ok(usual()), Err(io::Error::other("the journal is damaged"))];
    let filled = export.fill(rows, |_| ControlFlow::Continue(()));
    assert_eq!(filled.unwrap_err().to_string(), "the rows to export can't be read: the journal is damaged");
    drop(export);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_file_that_is_there_is_kept_or_replaced_as_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.jsonl");
    begin(&path, Existing::Keep, Format::JsonLines).unwrap().end().unwrap();
    let kept = begin(&path, Existing::Keep, Format::JsonLines);
    assert_eq!(kept.unwrap_err().kind(), ErrorKind::AlreadyExists);
    let mut export = begin(&path, Existing::Replace, Format::JsonLines).unwrap();
    export.row(&usual()).unwrap();
    export.end().unwrap();
    let read = Import::begin(io::BufReader::new(fs::File::open(&path).unwrap())).unwrap();
    assert_eq!(read.map(Result::unwrap).collect::<Vec<_>>(), [usual()]);
    assert_eq!(names(folder.path()), ["export.jsonl"]);
}

#[test]
fn one_that_somebody_put_there_meanwhile_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    let export = begin(&path, Existing::Keep, Format::JsonLines).unwrap();
    fs::write(&path, "somebody else's").unwrap();
    assert_eq!(export.end().unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(names(folder.path()), ["export"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
}

#[test]
fn two_exports_to_one_place_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    let first = begin(&path, Existing::Replace, Format::JsonLines).unwrap();
    assert_eq!(begin(&path, Existing::Replace, Format::Xlsx).unwrap_err().kind(), ErrorKind::ResourceBusy);
    first.end().unwrap();
    begin(&path, Existing::Replace, Format::Xlsx).unwrap().end().unwrap();
}

#[test]
fn what_a_killed_run_left_is_removed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    fs::write(folder.path().join("export.part"), "half a ro").unwrap();
    begin(&path, Existing::Keep, Format::JsonLines).unwrap().end().unwrap();
    assert_eq!(names(folder.path()), ["export"]);
    assert!(!fs::read_to_string(&path).unwrap().contains("half"));
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    begin(&path, Existing::Keep, Format::JsonLines).unwrap().end().unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

/// A disk with room for so many bytes.
struct Small(usize);

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_wherever_it_fills_up() {
    for format in FORMATS {
        for room in [0, 10, 700, 5_000, 20_000] {
            let full = || -> Result<(), FillFault<Infallible>> {
                let mut table = Table::begin(format, &istanbul(Language::Turkish), Small(room))?;
                table.fill(many(1_000), |_| ControlFlow::Continue(()))?;
                table.end()?;
                Ok(())
            };
            let fault = full().unwrap_err();
            assert!(matches!(&fault, FillFault::Output(error) if error.kind() == ErrorKind::StorageFull), "{fault}");
        }
    }
}

#[test]
fn what_a_killed_run_left_is_swept_and_what_is_being_written_or_somebody_elses_is_not() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["vezne-2026.csv.part", "vezne-close-7.pdf.part", "vezne-2026.csv", "letter.part"] {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let mut going_on = WholeFile::begin(&folder.path().join("vezne-now.csv"), Existing::Keep).unwrap();
    assert_eq!(sweep(folder.path(), "vezne-").unwrap(), 2);
    assert_eq!(names(folder.path()), ["letter.part", "vezne-2026.csv", "vezne-now.csv.part"]);
    going_on.write_all(b"whole").unwrap();
    going_on.end().unwrap();
    assert_eq!(fs::read(folder.path().join("vezne-now.csv")).unwrap(), b"whole");
}
