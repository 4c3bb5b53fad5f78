//! Every page of a small journal is damaged in turn, in four ways, with and without a backup; and every frame of its
//! write-ahead log.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::damage::{End, Noticed, Whole};

const PAGE: usize = 4096;
const LOG_HEADER: usize = 32;
const FRAME: usize = PAGE + 24;
/// Homes that are tried at the same time.
const AT_ONCE: usize = 3;

/// What is done to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Blow {
    Zeroed,
    Random,
    /// One bit of a byte that differs from page to page.
    Bit,
    /// The file ends there.
    CutOff,
}

const BLOWS: [Blow; 4] = [Blow::Zeroed, Blow::Random, Blow::Bit, Blow::CutOff];

fn strike(whole: &[u8], at: usize, length: usize, blow: Blow) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let end = (at + length).min(bytes.len());
    match blow {
        Blow::Zeroed => bytes[at..end].fill(0),
        Blow::Random => {
            // The same each time.
            let mut state = u64::try_from(at).unwrap() ^ 0x9e37_79b9_7f4a_7c15;
            for byte in &mut bytes[at..end] {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = u8::try_from(state >> 56).unwrap();
            }
        }
        Blow::Bit => {
            let place = at + (at / length * 997 + 5) % (end - at);
            bytes[place] ^= 1 << (at / length % 8);
        }
        Blow::CutOff => bytes.truncate(at),
    }
    bytes
}

struct Case {
    file: &'static str,
    at: usize,
    length: usize,
    blow: Blow,
    backup: bool,
}

type Figures = BTreeMap<(&'static str, Blow, bool, Noticed), usize>;

async fn try_one(whole: &Whole, case: &Case) -> Noticed {
    let Case { file, at, length, blow, backup } = *case;
    let about = format!("{file} at {at}, {blow:?}, backup {backup}");
    let home = whole.with(file, &strike(&whole.read(file), at, length, blow), backup);
    let intact = whole.intact(home.path());
    let noticed = whole.notice(home.path(), &about).await;
    match noticed {
        Noticed::AtOpening | Noticed::ByCheck => drop(whole.repair(home.path(), (&intact, backup), &about).await),
        Noticed::Harmless | Noticed::MadeAnew | Noticed::AsRestored => {}
    }
    noticed
}

async fn try_all(whole: Whole, cases: Vec<Case>) -> Figures {
    let whole = Arc::new(whole);
    let room = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut tasks = tokio::task::JoinSet::new();
    for case in cases {
        let (whole, room) = (Arc::clone(&whole), Arc::clone(&room));
        tasks.spawn(async move {
            let _place = room.acquire_owned().await.unwrap();
            let noticed = try_one(&whole, &case).await;
            (case.file, case.blow, case.backup, noticed)
        });
    }
    let (mut figures, mut failed) = (Figures::new(), Vec::new());
    while let Some(done) = tasks.join_next().await {
        match done {
            Ok(done) => *figures.entry(done).or_default() += 1,
            Err(error) => failed.push(error.to_string()),
        }
    }
    assert!(failed.is_empty(), "{} cases failed: {failed:#?}", failed.len());
    figures
}

fn cases(file: &'static str, from: usize, length: usize, size: usize, backup: bool) -> Vec<Case> {
    let places = (from..size).step_by(length);
    places.flat_map(|at| BLOWS.map(|blow| Case { file, at, length, blow, backup })).collect()
}

/// Another blow for each place in turn.
fn in_turn(cases: Vec<Case>) -> Vec<Case> {
    let turns = cases.into_iter().enumerate().filter(|(index, _)| index % 4 == index / 4 % 4);
    turns.map(|(_, case)| case).collect()
}

fn noticed(figures: &Figures) -> usize {
    figures.iter().filter(|((.., noticed), _)| *noticed != Noticed::Harmless).map(|(_, count)| count).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_page_is_damaged_it_is_noticed_and_all_that_can_be_read_is_kept() {
    let whole = Whole::make(End::Closed).await;
    let size = whole.read("journal.db").len();
    let cases = cases("journal.db", 0, PAGE, size, false);
    let count = cases.len();
    assert!(count > 200, "{count} cases");
    let figures = try_all(whole, cases).await;
    assert!(noticed(&figures) > count / 2, "{figures:#?}");
    report(&figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_backup_nothing_of_it_is_lost_whichever_page_is_damaged() {
    let whole = Whole::make(End::Closed).await;
    let size = whole.read("journal.db").len();
    let cases = in_turn(cases("journal.db", 0, PAGE, size, true));
    let figures = try_all(whole, cases).await;
    report(&figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_part_of_the_log_of_a_killed_desk_is_damaged_nothing_is_lost_in_silence() {
    let whole = Whole::make(End::Killed).await;
    let size = whole.read("journal.db-wal").len();
    let frames = in_turn(cases("journal.db-wal", LOG_HEADER, FRAME, size, false));
    let mut all: Vec<Case> = frames.into_iter().step_by(3).collect();
    // The database below it may be missing altogether, and the log's header damaged.
    all.extend(BLOWS.map(|blow| Case { file: "journal.db-wal", at: 0, length: LOG_HEADER, blow, backup: false }));
    all.extend(BLOWS.map(|blow| Case { file: "journal.db", at: 0, length: PAGE, blow, backup: false }));
    let figures = try_all(whole, all).await;
    report(&figures);
}

/// The figures, for whoever wants them: `cargo test -p vezne-journal pages -- --nocapture`.
#[expect(clippy::print_stderr, reason = "a test says what it counted")]
fn report(figures: &Figures) {
    for ((file, blow, backup, noticed), count) in figures {
        eprintln!("{file} {blow:?} backup={backup}: {noticed:?} {count}");
    }
}
