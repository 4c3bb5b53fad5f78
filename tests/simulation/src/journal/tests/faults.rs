//! What each fault means at each step, told by what is there afterwards.

use std::sync::Arc;

use vezne_core::attempt::Entry;
use vezne_core::ports::{Journal, JournalFault};

use super::batches::{attempt_id, batch, intent, line, opened};
use super::*;

struct Desk {
    faults: Arc<Planned>,
    disk: Arc<Disk>,
    journal: Option<Arc<SimJournal>>,
}

impl Desk {
    fn new() -> Self {
        let faults = Arc::new(Planned::default());
        let disk = Disk::new(faults.clone());
        let mut desk = Self { faults, disk, journal: None };
        desk.start().unwrap();
        desk
    }

    fn start(&mut self) -> Result<(), OpenRefused> {
        self.journal = None;
        self.journal = Some(SimJournal::open(&self.disk, keys(), seeded(1), at(1))?);
        Ok(())
    }

    /// Opens attempt 1 under this fault; `None` when the process dies.
    fn append(&self, number: u64, fault: Option<(DiskStep, DiskFault)>) -> Option<Result<(), JournalFault>> {
        if let Some((step, fault)) = fault {
            self.faults.next(step, fault);
        }
        let told = answer(self.journal().append(batch(vec![opened(&intent(number, number, number))]), at(2)));
        assert!(self.faults.none_left());
        told
    }

    fn journal(&self) -> &SimJournal {
        self.journal.as_ref().unwrap()
    }

    fn has(&self, number: u64) -> bool {
        answer(self.journal().attempt(attempt_id(number))).unwrap().unwrap().is_some()
    }
}

#[test]
fn what_was_told_to_be_in_survives_a_power_cut() {
    let mut desk = Desk::new();
    desk.append(1, None).unwrap().unwrap();
    desk.journal = None;
    desk.disk.power_cut();
    desk.start().unwrap();
    assert!(desk.has(1));
    desk.journal().check().unwrap();
    assert_eq!(desk.journal().events().len(), 2);
}

#[test]
fn a_write_that_fails_or_tears_leaves_nothing() {
    for fault in [DiskFault::Error, DiskFault::Torn] {
        let mut desk = Desk::new();
        assert!(matches!(desk.append(1, Some((DiskStep::Write, fault))), Some(Err(JournalFault::NotWritable(_)))));
        answer(desk.journal().reopen()).unwrap().unwrap();
        assert!(!desk.has(1));
        desk.append(2, None).unwrap().unwrap();
        desk.start().unwrap();
        assert!(!desk.has(1) && desk.has(2));
        desk.journal().check().unwrap();
    }
}

#[test]
fn a_sync_that_fails_leaves_what_a_power_cut_takes_unless_a_reopening_found_and_synced_it() {
    for (fault, reopened, power_cut) in [
        (DiskFault::Error, true, false),
        (DiskFault::Error, true, true),
        (DiskFault::Error, false, true),
        (DiskFault::Torn, false, true),
        (DiskFault::Torn, true, false),
    ] {
        let mut desk = Desk::new();
        assert!(desk.append(1, Some((DiskStep::Sync, fault))).unwrap().is_err());
        assert!(!desk.has(1));
        if reopened {
            answer(desk.journal().reopen()).unwrap().unwrap();
            assert!(desk.has(1));
        }
        desk.journal().check().unwrap();
        desk.journal = None;
        if power_cut {
            desk.disk.power_cut();
        }
        desk.start().unwrap();
        assert_eq!(desk.has(1), reopened || !power_cut, "{fault:?}, reopened {reopened}, power cut {power_cut}");
        desk.journal().check().unwrap();
    }
}

#[test]
fn the_next_append_goes_over_what_was_never_synced() {
    let desk = Desk::new();
    assert!(desk.append(1, Some((DiskStep::Sync, DiskFault::Error))).unwrap().is_err());
    desk.append(2, None).unwrap().unwrap();
    answer(desk.journal().reopen()).unwrap().unwrap();
    assert!(!desk.has(1) && desk.has(2));
    desk.journal().check().unwrap();
}

#[test]
fn a_commit_can_get_in_and_tell_an_error() {
    let mut desk = Desk::new();
    assert!(desk.append(1, Some((DiskStep::Commit, DiskFault::Error))).unwrap().is_err());
    assert!(desk.has(1));
    desk.journal = None;
    desk.disk.power_cut();
    desk.start().unwrap();
    assert!(desk.has(1));
}

#[test]
fn a_process_that_dies_answers_nothing_any_more_and_what_is_left_depends_on_the_step() {
    for (step, power_cut, there) in [
        (DiskStep::Write, false, false),
        (DiskStep::Sync, false, true),
        (DiskStep::Sync, true, false),
        (DiskStep::Commit, true, true),
    ] {
        let mut desk = Desk::new();
        assert_eq!(desk.append(1, Some((step, DiskFault::Gone))), None);
        assert_eq!(answer(desk.journal().operators()), None);
        assert_eq!(answer(desk.journal().reopen()), None);
        assert_eq!(answer(desk.journal().append(batch(vec![opened(&intent(2, 2, 2))]), at(3))), None);
        desk.journal = None;
        if power_cut {
            desk.disk.power_cut();
        }
        desk.start().unwrap();
        assert_eq!(desk.has(1), there, "{step:?}, power cut {power_cut}");
        assert!(!desk.has(2));
        desk.journal().check().unwrap();
    }
}

#[test]
fn a_full_disk_takes_the_reserve_once_and_then_no_new_money() {
    for step in [DiskStep::Write, DiskStep::Sync, DiskStep::Commit] {
        let desk = Desk::new();
        desk.journal().may_take_money().unwrap();
        desk.append(1, Some((step, DiskFault::Full))).unwrap().unwrap();
        assert_eq!(desk.journal().may_take_money(), Err(JournalFault::DiskFull));
        assert_eq!(desk.append(2, Some((step, DiskFault::Full))), Some(Err(JournalFault::DiskFull)));
        assert!(desk.has(1) && !desk.has(2));
        desk.disk.make_room();
        desk.journal().may_take_money().unwrap();
        desk.append(2, None).unwrap().unwrap();
        desk.journal().check().unwrap();
    }
}

#[test]
fn reads_and_openings_fail_as_they_are_told() {
    let mut desk = Desk::new();
    for (fault, told) in [(DiskFault::Full, Some(JournalFault::DiskFull)), (DiskFault::Gone, None)] {
        desk.faults.next(DiskStep::Read, fault);
        assert_eq!(answer(desk.journal().operators()), told.map(Err));
    }
    desk.faults.next(DiskStep::Open, DiskFault::Gone);
    assert_eq!(desk.start(), Err(OpenRefused::Gone));
    desk.faults.next(DiskStep::Open, DiskFault::Torn);
    assert!(matches!(desk.start(), Err(OpenRefused::Fault(JournalFault::Unreadable(_)))));
    desk.start().unwrap();
    desk.faults.next(DiskStep::Reopen, DiskFault::Error);
    assert!(answer(desk.journal().reopen()).unwrap().is_err());
}

#[test]
fn one_process_owns_the_journal() {
    let desk = Desk::new();
    let second = SimJournal::open(&desk.disk, keys(), seeded(2), at(2));
    assert!(matches!(second, Err(OpenRefused::Owned)));
}

#[test]
fn a_check_finds_what_was_promised_and_is_gone() {
    let mut desk = Desk::new();
    desk.append(1, None).unwrap().unwrap();
    // A disk that lies about its syncs.
    desk.disk.lock().durable = 0;
    assert!(desk.journal().check().unwrap_err().contains("promised"));
    desk.journal = None;
    desk.disk.power_cut();
    desk.start().unwrap();
    desk.append(2, None).unwrap().unwrap();
    desk.journal().check().unwrap();
}

#[test]
fn a_byte_changed_in_the_file_keeps_the_journal_from_opening() {
    let mut desk = Desk::new();
    let one = intent(1, 1, 1);
    answer(desk.journal().append(batch(vec![opened(&one), line(&one, Entry::PageOpened)]), at(2))).unwrap().unwrap();
    {
        let mut held = desk.disk.lock();
        let text = String::from_utf8(held.bytes.clone()).unwrap();
        held.bytes = text.replace("55500", "55501").into_bytes();
    }
    assert!(desk.journal().check().is_err());
    assert!(matches!(desk.start(), Err(OpenRefused::Fault(JournalFault::Unreadable(_)))));
}
