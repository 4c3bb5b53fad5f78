//! Every single fault at every boundary of every course, held against the gateway's ledger.

use std::io::Write as _;
use std::time::Instant;

use vezne_simulation::schedule::Boundary;
use vezne_simulation::{Cell, Coverage, Outcome, run_all, scenes, singles};

/// What the words of the desk must have been, or these schedules prove nothing about them.
const STATES: [&str; 11] = [
    "ready",
    "sending",
    "reauthorising",
    "at_bank",
    "confirming",
    "unknown",
    "set_aside",
    "approved",
    "declined",
    "refused",
    "not_sent",
];

const UNKNOWN_BECAUSE: [&str; 16] = [
    "timed_out",
    "connection_lost",
    "server_error",
    "unexpected_status",
    "unreadable_answer",
    "contradictory_answer",
    "bank_timeout",
    "not_found_or_processed",
    "restarted",
    "bank_page_unusable",
    "no_final_answer",
    "failed_but_pending",
    "paid_by_unknown_card",
    "only_the_return_said_success",
    "only_the_return_said_failure",
    "nobody_said_anything",
];

const EVIDENCE: [(&str, &str); 20] = [
    ("approved", "gateway_status"),
    ("approved", "pay_answer"),
    ("approved", "return_and_probe"),
    ("approved", "return_alone"),
    ("approved", "supervisor"),
    ("approved", "counter_entry"),
    ("declined", "gateway_status"),
    ("declined", "pay_answer"),
    ("declined", "return_and_probe"),
    ("declined", "return_alone"),
    ("declined", "supervisor"),
    ("refused", "bad_request"),
    ("refused", "not_allowed"),
    ("refused", "too_many_requests"),
    ("refused", "unauthorised"),
    ("refused", "order_unreadable"),
    ("not_sent", "offline"),
    ("not_sent", "restarted"),
    ("not_sent", "journal_failed"),
    ("not_sent", "cancelled"),
];

const NOT_BEGUN: [&str; 6] =
    ["open or unknown", "already paid", "contradicted", "set aside same card", "journal", "too many open"];

const REVERSALS: [&str; 6] = ["sending", "reauthorising", "done", "refused", "not_sent", "unknown"];

fn say(words: &str) {
    // Past the test runner, which keeps a passing test's words to itself.
    drop(std::io::stdout().write_all(format!("{words}\n").as_bytes()));
}

/// Everything but the faults, one line each; of the faults only how many there are and which were the rarest.
fn report(outcome: &Outcome, began: Instant) {
    let mut faults: Vec<(Cell, u64)> = Vec::new();
    for (cell, count) in outcome.coverage.cells() {
        if matches!(cell, Cell::Fault(..)) {
            faults.push((cell, count));
        } else {
            say(&format!("{count:>9}  {cell}"));
        }
    }
    faults.sort_by_key(|(_, count)| *count);
    say(&format!("{} faults at boundaries came; the rarest:", faults.len()));
    for (cell, count) in faults.iter().take(12) {
        say(&format!("{count:>9}  {cell}"));
    }
    say(&format!("{} schedules in {:.1} s", outcome.runs, began.elapsed().as_secs_f32()));
}

fn nothing_failed(outcome: &Outcome) {
    for failure in outcome.failures.iter().take(3) {
        say(&failure.to_string());
    }
    let first = outcome.failures.first().map(ToString::to_string).unwrap_or_default();
    assert_eq!(outcome.failed, 0, "of {} schedules; the first:\n{first}", outcome.runs);
}

fn everything_was_reached(coverage: &Coverage) {
    let mut missing = Vec::new();
    let mut must = |cell: Cell| {
        if coverage.count(cell) == 0 {
            missing.push(cell.to_string());
        }
    };
    STATES.into_iter().for_each(|word| must(Cell::State(word)));
    UNKNOWN_BECAUSE.into_iter().for_each(|word| must(Cell::Unknown(word)));
    EVIDENCE.into_iter().for_each(|(outcome, word)| must(Cell::Evidence(outcome, word)));
    NOT_BEGUN.into_iter().for_each(|word| must(Cell::NotBegun(word)));
    REVERSALS.into_iter().for_each(|word| must(Cell::Reversal(word)));
    ["contradicted", "both_approved", "paid_by_unknown_card"].into_iter().for_each(|word| must(Cell::Alarm(word)));
    // What was given back by hand is written down, and refused where the journal can't.
    [true, false].into_iter().for_each(|taken| must(Cell::Word("by hand", taken)));
    (1..=3).for_each(|lives| must(Cell::Lives(lives)));
    (0..=2).for_each(|charges| must(Cell::Charges(charges)));
    for at in Boundary::ALL {
        for what in at.faults() {
            must(Cell::Fault(at, *what));
        }
    }
    assert!(missing.is_empty(), "never reached:\n{}", missing.join("\n"));
}

#[test]
fn no_single_fault_loses_a_payment_or_takes_one_twice() {
    let began = Instant::now();
    let schedules = singles().unwrap();
    assert!(schedules.len() > 15_000, "{}", schedules.len());
    let outcome = run_all(&schedules);
    report(&outcome, began);
    nothing_failed(&outcome);
    everything_was_reached(&outcome.coverage);
}

#[test]
fn the_courses_are_as_they_are_meant_without_faults() {
    let mut courses = scenes().unwrap();
    courses.retain(|course| course.faults.is_empty());
    let outcome = run_all(&courses);
    nothing_failed(&outcome);
    let faults = outcome.coverage.cells().filter(|(cell, _)| matches!(cell, Cell::Fault(..))).count();
    assert_eq!(faults, 0);
}
