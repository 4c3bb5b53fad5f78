//! The table of the reversal machine.

use super::super::tests::samples::{START, lira, seen, word};
use super::{Row, since, soon, write_rows};
use crate::answers::{
    CannotBeAsked, CouldNotAsk, GatewayRefusal, NotSentReason, RefusalReason, ReversalAnswer, Unclear,
};
use crate::attempt::Round;
use crate::reversal::{self, Event, Preparation, Proof, Reading, State, UnknownCause};
use crate::status::Baseline;

/// The table of the reversal machine.
pub(super) fn reversals() -> String {
    let mut table = "| event | in the state | next state · effects |\n|---|---|---|\n".to_owned();
    for (name, event) in reversal_events() {
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (state_name, state) in reversal_states() {
            let intent = reversal::tests::intent();
            let before = Baseline::Remaining(lira(55_500));
            let mut entries = vec![(START, reversal::Entry::Opened(Box::new(intent)))];
            if state != State::Ready {
                entries.push((START, reversal::Entry::BaselineRead(before)));
            }
            entries.push((since(), reversal::Entry::Entered(Box::new(state))));
            let found = reversal_cell(&reversal::Reversal::fold(entries).unwrap(), event.clone());
            let cells = vec![(vec!["any"], found)];
            match rows.iter_mut().find(|(_, known)| *known == cells) {
                Some((names, _)) => names.push(state_name),
                None => rows.push((vec![state_name], cells)),
            }
        }
        rows.sort_by_key(|(_, cells)| cells[0].1 == "—");
        let mut wide = String::new();
        write_rows(&mut wide, name, &rows, 1);
        table.push_str(&wide.replace(" | any | ", " | "));
    }
    table
}

fn reversal_states() -> Vec<(&'static str, State)> {
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: None };
    vec![
        ("ready", State::Ready),
        ("sending (first)", State::Sending(Round::First)),
        ("sending (second)", State::Sending(Round::Second)),
        ("reauthorising", State::Reauthorising),
        ("unknown", State::Unknown { cause: UnknownCause::Restarted }),
        ("done", State::Done { proof: Proof::Answer }),
        ("done (a supervisor's word)", State::Done { proof: Proof::Supervisor(word()) }),
        ("refused", State::Refused(reversal::Refused::Gateway(refusal))),
        ("not_done", State::NotDone { word: word() }),
        ("not_sent", State::NotSent { reason: NotSentReason::Offline }),
    ]
}

fn reversal_events() -> Vec<(&'static str, Event)> {
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: None };
    let answered =
        |last_amount: Option<i64>| Event::Answered(ReversalAnswer::Done { last_amount: last_amount.map(lira) });
    let not_done = |last_amount: Option<i64>| {
        let refusal = refusal.clone();
        Event::Answered(ReversalAnswer::NotDone { refusal, last_amount: last_amount.map(lira) })
    };
    let read = |reading| Event::Read { reading, asked: soon() };
    let not_refundable = Preparation::Refused(reversal::VezneRefusal::NotRefundable);
    vec![
        ("prepared", reversal::tests::ready_with(Baseline::Remaining(lira(55_500)))),
        ("prepared: not got", Event::Prepared(Preparation::NotSent(NotSentReason::NoSlot))),
        ("prepared: refused", Event::Prepared(not_refundable)),
        ("journal failed", Event::JournalFailed),
        ("answered: no byte left", Event::Answered(ReversalAnswer::NotSent(NotSentReason::Offline))),
        ("answered: done, as much left as should be", answered(Some(45_500))),
        ("answered: done, another amount left", answered(Some(0))),
        ("answered: done, without the amount that it owes", answered(None)),
        ("answered: not done", not_done(None)),
        ("answered: not done, all of it still there", not_done(Some(55_500))),
        ("answered: not done, another amount left", not_done(Some(45_500))),
        ("answered: 401", Event::Answered(ReversalAnswer::Unauthorised(None))),
        ("answered: unclear", Event::Answered(ReversalAnswer::Unclear(Unclear::TimedOut))),
        ("token renewed", Event::TokenRenewed),
        ("token unavailable", Event::TokenUnavailable),
        ("read: done", read(Reading::Done(seen("1")))),
        ("read: nothing has changed", read(Reading::NotYet(seen("1")))),
        ("read: another amount", read(Reading::OtherAmount { expected: lira(45_500), found: lira(0) })),
        ("read: no amount", read(Reading::NoAmount)),
        ("read: could not ask", read(Reading::CouldNotAsk(CouldNotAsk::Offline))),
        ("read: cannot be asked", read(Reading::CannotBeAsked(CannotBeAsked::Unauthorised))),
        ("due", Event::Due),
        ("ask requested", Event::AskRequested),
        ("resolved: done", Event::Resolved { done: true, word: word() }),
        ("resolved: not done", Event::Resolved { done: false, word: word() }),
        ("counter-entry: done", Event::CounterEntered { done: true, word: word(), contested: false }),
        ("counter-entry: not done", Event::CounterEntered { done: false, word: word(), contested: false }),
        ("counter-entry: not done, contested", Event::CounterEntered { done: false, word: word(), contested: true }),
        ("acknowledged", Event::Acknowledged(word())),
        ("restarted", Event::Restarted),
        ("restarted, after loss", Event::RestartedAfterLoss),
    ]
}

fn reversal_cell(before: &reversal::Reversal, event: Event) -> String {
    let Ok(taken) = reversal::step(before, event, soon()) else { return "—".to_owned() };
    let entered = taken.entries.iter().any(|entry| matches!(entry, reversal::Entry::Entered(_)));
    let next = match (&taken.reversal.state, entered) {
        (_, false) => "stays".to_owned(),
        (State::Sending(Round::First), true) => "**sending** (first)".to_owned(),
        (State::Sending(Round::Second), true) => "**sending** (second)".to_owned(),
        (state, true) => format!("**{}**", state.word()),
    };
    let effects: Vec<String> = taken
        .effects
        .iter()
        .map(|effect| match effect {
            reversal::Effect::Raise(_) => "Raise".to_owned(),
            reversal::Effect::Send | reversal::Effect::RenewToken | reversal::Effect::AskStatus => {
                format!("{effect:?}")
            }
        })
        .collect();
    if effects.is_empty() { next } else { format!("{next} · {}", effects.join(", ")) }
}
