//! The table of states and events, as the README shows it: made by running [`step`] on an attempt in every state.

mod reversals;
mod words;

use std::fmt::Write as _;

use words::{effect_word, refusal_word, state_word};

use super::tests::samples::{
    START, blind_word, explicit, failure, finrota, forged, in_browser, not_asked, not_paid, order, paid, pending, read,
    return_settles, seen, success, text, word, yolcu,
};
use super::{
    Alarm, Attempt, Contradiction, CounterOutcome, Entry, Event, Heard, Intent, NotSent, PageEnd, Preparation, Refusal,
    Refused, Round, SetAsideBy, State, Unknown, UnknownCause, VezneRefusal, next_due, step,
};
use crate::answers::{
    CannotBeAsked, ChallengeFault, CouldNotAsk, GatewayRefusal, NotSentReason, OrderState, PayAnswer, Probe,
    RefusalReason, Unclear,
};
use crate::evidence::{Claim, Confirmation, Evidence};
use crate::status::{Baseline, Mismatch, Reading, Seen};
use crate::time::{Millis, Timestamp};

type Table = (&'static str, fn() -> String);

/// Where the README holds the tables.
const MARKERS: [Table; 2] = [("attempts", attempts), ("reversals", reversals::reversals)];

/// When each attempt came to stand where it stands.
fn since() -> Timestamp {
    START.after(Millis::minutes(5))
}

/// When each event comes, unless it says otherwise.
fn soon() -> Timestamp {
    since().after(Millis::seconds(5))
}

/// The kinds of account that the machine tells apart.
fn accounts() -> [(&'static str, Intent); 5] {
    [
        ("asked, window", finrota()),
        ("asked, system browser", in_browser(finrota())),
        ("not asked, Finrota", not_asked(finrota())),
        ("not asked, Yolcu360", not_asked(yolcu())),
        ("not asked, return settles", return_settles(finrota())),
    ]
}

/// The bank's page of a representative attempt.
#[derive(Clone, Copy)]
enum Stage {
    NoPage,
    Open,
    Gone,
}

/// Every state, and those of its data that the machine tells apart.
fn states() -> Vec<(&'static str, Stage, State)> {
    let unknown = || UnknownCause::NoFinalAnswer;
    let aside = SetAsideBy { cause: unknown(), word: word() };
    let approved = |confirmation| State::Approved { evidence: Evidence::PayAnswer, confirmation };
    let declined = |confirmation| State::Declined { failure: failure(), evidence: Evidence::PayAnswer, confirmation };
    let refusal = GatewayRefusal { reason: RefusalReason::NotAllowed, text: None };
    vec![
        ("ready", Stage::NoPage, State::Ready),
        ("sending (first)", Stage::NoPage, State::Sending(Round::First)),
        ("sending (second)", Stage::NoPage, State::Sending(Round::Second)),
        ("reauthorising", Stage::NoPage, State::Reauthorising),
        ("at_bank", Stage::Open, State::AtBank),
        ("confirming (success)", Stage::NoPage, State::Confirming(Heard::Success(success()))),
        ("confirming (failure)", Stage::NoPage, State::Confirming(Heard::Failure(failure()))),
        ("confirming (nothing)", Stage::Open, State::Confirming(Heard::Nothing)),
        ("unknown, page open", Stage::Open, State::Unknown(Unknown { cause: unknown() })),
        ("unknown", Stage::Gone, State::Unknown(Unknown { cause: unknown() })),
        ("set_aside", Stage::Gone, State::SetAside(aside)),
        ("approved", Stage::Gone, approved(Confirmation::Confirmed)),
        ("approved, unconfirmed", Stage::Gone, approved(Confirmation::Unconfirmed)),
        ("declined", Stage::Gone, declined(Confirmation::Confirmed)),
        ("declined, unconfirmed", Stage::Gone, declined(Confirmation::Unconfirmed)),
        ("declined, contradicted", Stage::Gone, declined(Confirmation::Confirmed)),
        ("refused", Stage::NoPage, State::Refused(Refused::Gateway(refusal))),
        ("not_sent", Stage::NoPage, State::NotSent(NotSent { reason: NotSentReason::Offline })),
    ]
}

/// An attempt that stands there, with the entries that lead there.
fn standing(intent: &Intent, name: &str, stage: Stage, state: &State) -> Attempt {
    let mut entries = vec![(START, Entry::Opened(Box::new(intent.clone())))];
    if *state != State::Ready {
        let baseline = Baseline::Order(order(OrderState::Pending, Some("p0"), "1"));
        entries.push((START, Entry::BaselineRead(baseline)));
        entries.push((START, Entry::Entered(Box::new(State::Sending(Round::First)))));
    }
    match stage {
        Stage::NoPage => {}
        Stage::Open => entries.push((since(), Entry::PageOpened)),
        Stage::Gone => entries.extend([(START, Entry::PageOpened), (START, Entry::PageGone(PageEnd::ClosedByHand))]),
    }
    if let State::Confirming(heard) = state {
        entries.push((since(), Entry::Heard(Box::new(heard.clone()))));
    }
    entries.push((since(), Entry::Entered(Box::new(state.clone()))));
    if name.ends_with("contradicted") {
        entries.push((since(), Entry::Contradicted(Contradiction { seen: Seen::default(), paid: true })));
    }
    Attempt::fold(entries).unwrap()
}

type Make = Box<dyn Fn(&Attempt) -> (Event, Timestamp)>;

fn event(name: &'static str, event: Event) -> (&'static str, Make) {
    (name, Box::new(move |_| (event.clone(), soon())))
}

fn later(name: &'static str, span: Millis, event: Event) -> (&'static str, Make) {
    (name, Box::new(move |_| (event.clone(), since().after(span))))
}

fn answer(name: &'static str, answer: PayAnswer) -> (&'static str, Make) {
    event(name, Event::PayAnswered(answer))
}

fn reading(name: &'static str, reading: Reading) -> (&'static str, Make) {
    event(name, read(reading, since().after(Millis::seconds(4))))
}

fn returned(name: &'static str, own_page: bool, claim: Claim) -> (&'static str, Make) {
    let make = move |attempt: &Attempt| {
        let intent = &attempt.intent;
        let hint = if own_page { explicit(intent, claim) } else { forged(intent, claim) };
        (Event::ReturnArrived(hint), soon())
    };
    (name, Box::new(make))
}

/// Everything that can happen, in the order of the enum, with the variants that matter.
fn events() -> Vec<(&'static str, Make)> {
    let mut all = vec![
        event("prepared", Event::Prepared(Preparation::Done { baseline: None })),
        event("prepared: not got", Event::Prepared(Preparation::NotSent(NotSentReason::NoSlot))),
        event("prepared: refused", Event::Prepared(Preparation::Refused(VezneRefusal::OrderAlreadyPaid))),
        event("cancel requested", Event::CancelRequested),
        event("journal failed", Event::JournalFailed),
    ];
    all.extend(pay_answers());
    all.extend([
        event("token renewed", Event::TokenRenewed),
        event("token unavailable", Event::TokenUnavailable),
        returned("return: forged", false, Claim::Success),
        returned("return: explicit success", true, Claim::Success),
        returned("return: explicit failure", true, Claim::Failure),
        event("page gone: closed by hand", Event::PageGone(PageEnd::ClosedByHand)),
        event("page gone: could not be loaded", Event::PageGone(PageEnd::LoadFailed)),
        event("page moved", Event::PageMoved),
    ]);
    all.extend(readings());
    all.extend([
        event("probed: still open", Event::Probed(Probe::StillOpen)),
        event("probed: gone", Event::Probed(Probe::Gone)),
        event("probed: no answer", Event::Probed(Probe::NoAnswer)),
        (
            "due: next question",
            Box::new(|attempt| (Event::Due, next_due(attempt, soon()).unwrap_or_else(soon).max(soon()))),
        ),
        later("due: after 30 s", Millis::seconds(30), Event::Due),
        later("due: after challenge_minutes", Millis::minutes(10), Event::Due),
        event("ask requested", Event::AskRequested),
        event("set aside: too early", Event::SetAside(word())),
        later(
            "set aside: asked enough, or after 10 min with the portal's reference",
            Millis::minutes(20),
            Event::SetAside(word()),
        ),
        later(
            "set aside: after 10 min without the portal's reference",
            Millis::minutes(20),
            Event::SetAside(blind_word()),
        ),
        event("resolved: approved", Event::Resolved { outcome: CounterOutcome::Approved, word: word() }),
        event("resolved: declined", Event::Resolved { outcome: CounterOutcome::Declined, word: word() }),
        event("counter-entered: approved", Event::CounterEntered { outcome: CounterOutcome::Approved, word: word() }),
        event("alarm raised", Event::AlarmRaised(Alarm::PaidByUnknownCard)),
        event("restarted", Event::Restarted),
        event("restarted, after loss", Event::RestartedAfterLoss),
    ]);
    all
}

fn pay_answers() -> Vec<(&'static str, Make)> {
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: None };
    vec![
        answer("pay answered: no byte left", PayAnswer::NotSent(NotSentReason::Offline)),
        answer("pay answered: success", PayAnswer::Success(success())),
        answer("pay answered: failure", PayAnswer::Failure(failure())),
        answer("pay answered: order, paid", PayAnswer::Order(paid())),
        answer("pay answered: order, not paid", PayAnswer::Order(not_paid())),
        answer("pay answered: order, pending", PayAnswer::Order(pending())),
        answer("pay answered: order, attention", PayAnswer::Order(Reading::Attention(seen("removed")))),
        answer("pay answered: challenge", PayAnswer::Challenge),
        answer("pay answered: challenge unusable", PayAnswer::ChallengeUnusable(ChallengeFault::NotHttps)),
        answer("pay answered: refused", PayAnswer::Refused(refusal)),
        answer("pay answered: 401", PayAnswer::Unauthorised(Some(text("expired")))),
        answer("pay answered: unclear", PayAnswer::Unclear(Unclear::TimedOut)),
    ]
}

fn readings() -> Vec<(&'static str, Make)> {
    vec![
        reading("status: paid", paid()),
        reading("status: paid, partly returned", Reading::PaidPartlyReturned(seen("6"))),
        reading("status: not paid", not_paid()),
        reading("status: pending", pending()),
        later("status: pending, after 30 s", Millis::seconds(30), read(pending(), since().after(Millis::seconds(29)))),
        reading("status: no trace", Reading::NoTrace),
        reading("status: could not ask", Reading::CouldNotAsk(CouldNotAsk::TimedOut)),
        reading("status: cannot be asked", Reading::CannotBeAsked(CannotBeAsked::Unauthorised)),
        reading("status: mismatch", Reading::Mismatch { what: Mismatch::Card, seen: seen("1") }),
        reading("status: attention", Reading::Attention(seen("removed"))),
        reading("status: paid by unknown card", Reading::PaidByUnknownCard(seen("reserved"))),
        reading("status: own reversal", Reading::OwnReversal(seen("cancelled"))),
    ]
}

/// Fills in what an event needs to have happened before it.
fn prepare(name: &str, mut attempt: Attempt) -> Attempt {
    if let (true, State::Unknown(_)) = (name.starts_with("set aside: asked enough"), &attempt.state) {
        let asked = |minute| read(Reading::NoTrace, since().after(Millis::minutes(minute)));
        for minute in [16, 17, 18] {
            if let Ok(taken) = step(&attempt, asked(minute), since().after(Millis::minutes(minute))) {
                attempt = taken.attempt;
            }
        }
    }
    attempt
}

/// A cell: the next state and what is asked for, or why not.
fn cell(attempt: &Attempt, event: Event, now: Timestamp) -> String {
    match step(attempt, event, now) {
        Err(Refusal::NotNow { .. }) => "—".to_owned(),
        Err(refusal) => format!("— {}", refusal_word(&refusal)),
        Ok(taken) => {
            let entered = taken.entries.iter().any(|entry| matches!(entry, Entry::Entered(_)));
            let mut next = if entered { state_word(&taken.attempt.state) } else { "stays".to_owned() };
            if taken.entries.iter().any(|entry| matches!(entry, Entry::Contradicted(_))) {
                next.push_str(", contradicted");
            }
            let effects: Vec<String> = taken.effects.iter().map(effect_word).collect();
            if effects.is_empty() { next } else { format!("{next} · {}", effects.join(", ")) }
        }
    }
}

/// The table of the attempt machine.
fn attempts() -> String {
    let accounts = accounts();
    let states = states();
    let mut table =
        "| event | in the state | at an account that is | next state · effects |\n|---|---|---|---|\n".to_owned();
    for (name, make) in events() {
        // Account by account, what each state answers; equal answers are put together.
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (state_name, stage, state) in &states {
            let mut cells: Vec<(Vec<&str>, String)> = Vec::new();
            for (account, intent) in &accounts {
                let attempt = prepare(name, standing(intent, state_name, *stage, state));
                let (event, now) = make(&attempt);
                let found = cell(&attempt, event, now);
                match cells.iter_mut().find(|(_, cell)| *cell == found) {
                    Some((names, _)) => names.push(account),
                    None => cells.push((vec![account], found)),
                }
            }
            match rows.iter_mut().find(|(_, known)| *known == cells) {
                Some((names, _)) => names.push(state_name),
                None => rows.push((vec![state_name], cells)),
            }
        }
        // What is refused comes last.
        rows.sort_by_key(|(_, cells)| cells[0].1 == "—");
        write_rows(&mut table, name, &rows, accounts.len());
    }
    table
}

type Row<'a> = (Vec<&'a str>, Vec<(Vec<&'a str>, String)>);

fn write_rows(table: &mut String, name: &str, rows: &[Row<'_>], accounts: usize) {
    let all: usize = rows.iter().map(|(names, _)| names.len()).sum();
    for (row, (names, cells)) in rows.iter().enumerate() {
        let name = if row == 0 { name } else { "" };
        let names = match (rows.len(), row + 1 == rows.len() && names.len() > all / 3) {
            (1, _) => "any".to_owned(),
            (_, true) => "any other".to_owned(),
            (_, false) => names.join(" · "),
        };
        for (place, (among, found)) in cells.iter().enumerate() {
            let (name, names) = if place == 0 { (name, names.as_str()) } else { ("", "") };
            let among = if among.len() == accounts { "any".to_owned() } else { among_word(among) };
            writeln!(table, "| {name} | {names} | {among} | {found} |").unwrap();
        }
    }
}

/// All accounts of a kind in one word.
fn among_word(among: &[&str]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for kind in ["asked", "not asked"] {
        let of_kind = |name: &&&str| name.starts_with(&format!("{kind}, "));
        let all = accounts().iter().filter(|(name, _)| of_kind(&name)).count();
        if among.iter().filter(of_kind).count() == all {
            words.push(kind);
        } else {
            words.extend(among.iter().copied().filter(|name| of_kind(&name)));
        }
    }
    words.join(" · ")
}

#[test]
fn the_readmes_tables_are_what_the_machines_do() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let mut current = readme.clone();
    for (marker, table) in MARKERS {
        let (begin, end) = (format!("<!-- begin {marker} -->\n"), format!("<!-- end {marker} -->"));
        let (head, rest) = current.split_once(&begin).expect("the README has the marker");
        let (_, tail) = rest.split_once(&end).expect("the README has the end marker");
        current = format!("{head}{begin}\n{}\n{end}{tail}", table());
    }
    if std::env::var_os("VEZNE_UPDATE_DOCS").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    assert!(
        readme == current || std::env::var_os("VEZNE_UPDATE_DOCS").is_some(),
        "the README is not current: run VEZNE_UPDATE_DOCS=1 cargo test -p vezne-core"
    );
}

#[test]
fn every_state_stands_in_the_tables() {
    let words: Vec<&str> = states().iter().map(|(_, _, state)| state.word()).collect();
    for word in [
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
    ] {
        assert!(words.contains(&word), "{word}");
    }
}

#[test]
fn each_question_about_a_state_has_the_answer_that_its_name_gives() {
    for (name, _, state) in states() {
        let is = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        assert_eq!(state.is_open(), is(&["ready", "sending", "reauthorising", "at_bank", "confirming"]), "{name}");
        assert_eq!(state.is_approved(), is(&["approved"]), "{name}");
        assert_eq!(state.is_set_aside(), is(&["set_aside"]), "{name}");
        assert_eq!(state.standing().is_some(), is(&["approved", "declined"]), "{name}");
        assert_eq!(state.evidence().is_some(), is(&["approved", "declined"]), "{name}");
        assert_eq!(state.is_unconfirmed(), name.ends_with(", unconfirmed"), "{name}");
        assert_eq!(state.is_final(), is(&["approved", "declined", "refused", "not_sent"]), "{name}");
    }
}
