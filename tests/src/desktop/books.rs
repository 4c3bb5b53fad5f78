//! The journal against the ledger: what the desk says it took is what the gateways really charged.

use std::fs;

use serde_json::Value;

use crate::desk::Desk;

/// Every attempt that the journal lists, newest first.
///
/// # Panics
/// When it can't be read.
#[must_use]
pub fn listed(desk: &Desk) -> Vec<Value> {
    let listed = desk.run(&["payment", "list"], "");
    assert_eq!(listed.code(), 0, "{listed:#?}");
    listed.lines()
}

/// How many attempts have this outcome.
#[must_use]
pub fn count(desk: &Desk, outcome: &str) -> usize {
    let said = |line: &Value| line.get("outcome").and_then(Value::as_str) == Some(outcome);
    listed(desk).iter().filter(|line| said(line)).count()
}

/// The journal verifies, each approved attempt is a charge of its amount, and each charge is an approved attempt.
///
/// # Panics
/// When they disagree.
#[track_caller]
pub fn assert_agree(desk: &Desk) {
    let verified = desk.run(&["journal", "verify"], "");
    assert_eq!(verified.code(), 0, "the journal does not verify: {verified:#?}");
    let mut taken: Vec<String> = listed(desk)
        .iter()
        .filter(|line| line.get("outcome").and_then(Value::as_str) == Some("approved"))
        .map(|line| line.get("amount").and_then(Value::as_str).unwrap_or("?").to_owned())
        .collect();
    let ledger = desk.ledger();
    let mut charged: Vec<String> = ledger
        .charges
        .iter()
        .map(|charge| format!("{}.{:02}", charge.amount_minor / 100, charge.amount_minor.rem_euclid(100)))
        .collect();
    taken.sort();
    charged.sort();
    assert_eq!(taken, charged, "what the journal calls approved, and what was really charged");
    for (key, counts) in &ledger.counts {
        assert!(counts.charged <= 1, "{key} was charged {} times", counts.charged);
        assert!(counts.received <= 1, "{key} was sent {} times", counts.received);
    }
}

/// The newest lines of the desk's log.
#[must_use]
pub fn log_of(desk: &Desk) -> String {
    let Ok(files) = fs::read_dir(desk.home().join("logs")) else { return String::new() };
    let texts = files.flatten().filter_map(|file| fs::read_to_string(file.path()).ok());
    let all = texts.collect::<Vec<_>>().join("\n");
    let lines: Vec<&str> = all.lines().collect();
    lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
}
