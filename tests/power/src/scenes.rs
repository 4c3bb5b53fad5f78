//! What is recorded: a desk's life from its first start on, program by program.
#![expect(clippy::panic, reason = "a scene that does not play as it should fails the test, with what the program said")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use vezne_sandbox::{Call, CutPoint, Fault as Wire, FaultRule, Gateway};
use vezne_tests::desk::{AGENCY, AtTheBank, COUNTER, Desk, SUPERVISOR, SUPERVISOR_PIN, card, card_of};
use vezne_tests::run::{Ended, program, wait_for};

use crate::Fault;
use crate::disk::Tree;
use crate::folder;
use crate::plan::Plan;
use crate::random::Random;
use crate::recorder::Op;
use crate::recording::{Place, Recording};
use crate::traced::Traced;

const SOON: Duration = Duration::from_secs(60);
/// Attempts of a long day: their pages fill the log more than twice over, so that it is moved into the database and begun
/// anew.
const LONG_DAY: &str = "70";

/// A scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A home that is not there yet: folder, key, journal, first epoch, reserve, marker; then two payments.
    First,
    /// Payments of all kinds: 3-D, direct, declined, lost answer and asking about it, from the limit.
    Kinds,
    /// Reversals: a refund, a void, one whose answer is lost.
    Reversals,
    /// Killed while the answer is awaited, and taken up by the next program.
    Killed,
    /// The power was cut once already, right after a request had left; the next start recovers, and is cut too.
    CutBefore,
    /// Backup, export, rebuild.
    Keeping,
    /// A long day in one process: the log is moved into the database by itself, and cut when a name is erased.
    LongDay,
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::First, Self::Kinds, Self::Reversals, Self::Killed, Self::CutBefore, Self::Keeping, Self::LongDay];

    /// Its name in tables and folders.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Kinds => "kinds",
            Self::Reversals => "reversals",
            Self::Killed => "killed",
            Self::CutBefore => "cut-before",
            Self::Keeping => "keeping",
            Self::LongDay => "long-day",
        }
    }

    /// The scene of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| scene.name() == name)
    }

    /// Plays and records it at `place`.
    ///
    /// # Errors
    /// A folder that can't be written or a trace that is not understood.
    ///
    /// # Panics
    /// When it does not play as it should.
    pub fn record(self, place: &Place) -> Result<(), Fault> {
        let (desk, home) = match self {
            Self::First => (Desk::open(), "home/new/desk"),
            Self::Kinds | Self::Reversals | Self::Killed | Self::CutBefore | Self::Keeping | Self::LongDay => {
                (Desk::with_supervisor(), "home")
            }
        };
        if self == Self::Keeping {
            pay_in_silence(&desk);
        }
        let mut traced = Traced::begin(&desk, home, place)?;
        match self {
            Self::First => first(&desk, &mut traced)?,
            Self::Kinds => kinds(&desk, &mut traced),
            Self::Reversals => reversals(&desk, &mut traced),
            Self::Killed => killed(&desk, &mut traced)?,
            Self::CutBefore => return cut_before(&desk, traced, place),
            Self::Keeping => keeping(&mut traced)?,
            Self::LongDay => long_day(&desk, &mut traced),
        }
        traced.end()
    }
}

#[track_caller]
fn assert_ended(ended: &Ended, code: i32, about: &str) {
    assert_eq!(ended.code, Some(code), "{about}\n{ended:#?}");
}

/// The arguments of a payment at Finrota.
fn booking(reference: &str) -> Vec<&str> {
    let mut arguments = vec!["pay", "--account", COUNTER, "--reference", reference, "--card-stdin"];
    // The same customer pays all day.
    arguments.extend(["--amount", "545.00", "--currency", "TRY", "--twin-ok"]);
    arguments
}

fn order(order: &str) -> [&str; 7] {
    ["pay", "--account", AGENCY, "--order", order, "--card-stdin", "--twin-ok"]
}

fn plain() -> String {
    card(card_of("without_3d"))
}

fn payment(ended: &Ended) -> String {
    let last = ended.last();
    let id = last.get("payment").and_then(serde_json::Value::as_str);
    id.unwrap_or_else(|| panic!("no payment in {ended:#?}")).to_owned()
}

fn first(desk: &Desk, traced: &mut Traced<'_>) -> Result<(), Fault> {
    let add = ["operator", "add", "--name", SUPERVISOR, "--role", "supervisor"];
    assert_ended(&traced.run(&add, SUPERVISOR_PIN), 0, "the first start");
    let config = traced.home().join("config.toml");
    fs::copy(desk.home().join("config.toml"), &config).map_err(|error| Fault::of("config.toml", &error))?;
    assert_ended(&traced.run(&booking("FIRST-1"), &plain()), 0, "the first payment");
    assert_ended(&traced.run(&order("order_1001"), &plain()), 0, "the second payment");
    Ok(())
}

fn kinds(desk: &Desk, traced: &mut Traced<'_>) {
    assert_ended(&traced.run(&booking("KIND-1"), &card("5528790000000008")), 0, "3-D at Finrota");
    assert_ended(&traced.run(&order("order_1002"), &plain()), 0, "direct at Yolcu360");
    let declined = traced.run(&order("order_1003"), &card(card_of("decline_2001_402")));
    assert_ended(&declined, 10, "declined");
    assert_ended(&traced.run(&order("order_1003"), &card("4155650100416111")), 0, "the same order, by another card");
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Wire::Cut { at: CutPoint::AfterExecuting }).first(1));
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, busy()));
    let lost = traced.run(&booking("KIND-2"), &plain());
    assert_ended(&lost, 20, "a lost answer");
    desk.sandbox().clear_faults();
    assert_ended(&traced.run(&["payment", "ask", &payment(&lost)], ""), 0, "asked again");
    let limit = ["pay", "--account", AGENCY, "--order", "order_1004", "--from-limit"];
    assert_ended(&traced.run(&limit, ""), 0, "from the limit");
}

fn busy() -> Wire {
    Wire::Status { status: 503, body: None, when: vezne_sandbox::When::Before }
}

fn back(traced: &mut Traced<'_>, verb: &str, payment: &str, more: &[&str]) -> Ended {
    let mut arguments = vec!["payment", verb, payment, "--as", SUPERVISOR, "--reason", "car was not available"];
    arguments.extend(more);
    traced.run(&arguments, SUPERVISOR_PIN)
}

fn reversals(desk: &Desk, traced: &mut Traced<'_>) {
    let paid = traced.run(&booking("BACK-1"), &plain());
    assert_ended(&paid, 0, "paid");
    let paid = payment(&paid);
    assert_ended(&back(traced, "refund", &paid, &["--amount", "100.00"]), 0, "a part of it");
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Refund, Wire::Cut { at: CutPoint::AfterExecuting }).first(1));
    for later in 2..40 {
        desk.fault(FaultRule::new(Gateway::Finrota, Call::Status, busy()).nth(later));
    }
    assert_ended(&back(traced, "refund", &paid, &["--amount", "45.00"]), 20, "a lost answer");
    desk.sandbox().clear_faults();
    assert_ended(&traced.run(&["payment", "ask", &paid], ""), 0, "asked about it");
    let other = traced.run(&booking("BACK-2"), &plain());
    assert_ended(&other, 0, "paid");
    assert_ended(&back(traced, "void", &payment(&other), &[]), 0, "all of it");
}

/// Starts a payment whose answer takes its time, and kills the program when the request is at the gateway.
fn kill_while_sending(desk: &Desk, traced: &mut Traced<'_>, reference: &str) -> Result<(), Fault> {
    let before = desk.sandbox().requests().len();
    desk.fault(FaultRule::new(Gateway::Finrota, Call::Pay, Wire::Delay { millis: 400 }).first(1));
    let running = traced.start(&booking(reference), &plain(), AtTheBank::Pays);
    wait_for("the payment request", SOON, || {
        let requests = desk.sandbox().requests();
        requests.iter().skip(before).any(|request| request.path.ends_with("/b2c/payment")).then_some(())
    });
    let ended = traced.kill(running)?;
    assert_ne!(ended.code, Some(0), "it was killed: {ended:#?}");
    let charges = || desk.ledger().charges.iter().any(|charge| charge.amount_minor == 54_500).then_some(());
    wait_for("the charge", SOON, charges);
    Ok(())
}

/// The newest payment in the list of whoever only looks.
fn newest(traced: &mut Traced<'_>) -> String {
    let listed = traced.run(&["payment", "list"], "");
    assert_ended(&listed, 0, "the list");
    let lines = listed.lines();
    let first = lines.first().unwrap_or_else(|| panic!("nothing is listed: {listed:#?}"));
    let id = first.get("payment").and_then(serde_json::Value::as_str);
    id.unwrap_or_else(|| panic!("no payment in {first}")).to_owned()
}

fn killed(desk: &Desk, traced: &mut Traced<'_>) -> Result<(), Fault> {
    kill_while_sending(desk, traced, "KILLED-1")?;
    let payment = newest(traced);
    assert_ended(&traced.run(&["payment", "ask", &payment], ""), 0, "asked after the restart");
    assert_ended(&traced.run(&booking("KILLED-2"), &plain()), 0, "the next customer");
    Ok(())
}

/// Records a payment that is killed, takes a state that a cut at that moment may leave, puts it into the home, and records
/// the next start.
fn cut_before(desk: &Desk, mut traced: Traced<'_>, place: &Place) -> Result<(), Fault> {
    kill_while_sending(desk, &mut traced, "CUT-1")?;
    traced.end()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Fault::of("a runtime", &error))?;
    let recording = runtime.block_on(Recording::load(place))?;
    let state = some_state_after_leaving(&recording)?;
    let config = fs::read(desk.home().join("config.toml")).map_err(|error| Fault::of("config.toml", &error))?;
    fs::remove_dir_all(desk.home()).map_err(|error| Fault::of("the home", &error))?;
    put_back(&state, desk.folder(), &config)?;
    let mut traced = Traced::begin(desk, "home", place)?;
    let payment = newest(&mut traced);
    assert_ended(&traced.run(&["payment", "ask", &payment], ""), 0, "asked after the cut");
    assert_ended(&traced.run(&booking("CUT-2"), &plain()), 0, "the next customer");
    traced.end()
}

/// What a cut may leave after the request left and the program had begun to write something more.
fn some_state_after_leaving(recording: &Recording) -> Result<Tree, Fault> {
    let left = recording.ops.iter().position(|op| matches!(op, Op::Left(_)));
    let left = left.ok_or_else(|| Fault("no request left".to_owned()))?;
    let mut random = Random::of(4);
    let mut found = None;
    recording.moments(|moment| {
        if moment.after > left {
            found = Some(moment.disk.cut(&Plan::ByChance(random.next()).fates(moment.disk.pending())));
        }
        Ok(())
    })?;
    found.ok_or_else(|| Fault("nothing came after the request".to_owned()))
}

fn put_back(state: &Tree, desk: &Path, config: &[u8]) -> Result<(), Fault> {
    let share = tempfile::tempdir_in(desk).map_err(|error| Fault::of("a folder", &error))?;
    folder::write(state, desk, share.path())?;
    fs::write(desk.join("home/config.toml"), config).map_err(|error| Fault::of("config.toml", &error))
}

/// A few payments before the recording begins.
fn pay_in_silence(desk: &Desk) {
    for reference in ["KEEP-1", "KEEP-2"] {
        assert_ended(&desk.run(&booking(reference), &plain()), 0, "paid before");
    }
}

fn keeping(traced: &mut Traced<'_>) -> Result<(), Fault> {
    let (backup, export) = (traced.kept("backup.db"), traced.kept("events.jsonl"));
    assert_ended(&traced.run(&["journal", "backup", &backup], ""), 0, "a backup");
    traced.promised("kept/backup.db")?;
    let events = ["journal", "export", "--what", "events", &export];
    assert_ended(&traced.run(&events, ""), 0, "an export");
    traced.promised("kept/events.jsonl")?;
    assert_ended(&traced.run(&["journal", "rebuild"], ""), 0, "a rebuild");
    assert_ended(&traced.run(&booking("KEEP-3"), &plain()), 0, "paid after it");
    Ok(())
}

fn long_day(desk: &Desk, traced: &mut Traced<'_>) {
    let mut command = Command::new(program("vezne-day"));
    command.arg(LONG_DAY).current_dir(desk.folder());
    let ended = traced.start_other(&command, "").wait(SOON);
    assert_ended(&ended, 0, "a long day");
    assert_ended(&traced.run(&booking("DAY-1"), &plain()), 0, "one more customer");
}
