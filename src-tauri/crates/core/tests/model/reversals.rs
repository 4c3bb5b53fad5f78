//! Random events against the reversal machine, held against what `RULES.md` 7 allows.

use vezne_core::answers::{
    CannotBeAsked, CouldNotAsk, GatewayRefusal, NotSentReason, RefusalReason, ReversalAnswer, Unclear,
};
use vezne_core::money::{Currency, Money};
use vezne_core::reversal::{
    Effect, Entry, Event, Intent, Preparation, Reading, Reversal, State, VezneRefusal, next_due, step,
};
use vezne_core::status::{Baseline, Seen};
use vezne_core::text::ForeignText;
use vezne_core::time::{Millis, Timestamp};

use crate::desk::{CARD, word};
use crate::dice::Dice;

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

fn seen() -> Seen {
    Seen { word: Some(ForeignText::filter(CARD)), ..Seen::default() }
}

/// What may be said of a reversal from outside.
#[derive(Default)]
struct Facts {
    sent: u32,
    answered_401: u32,
    restarted: bool,
    clock_went_back: bool,
}

pub(crate) fn run(dice: &mut Dice, intent: &Intent) {
    let mut now = Timestamp::from_millis(1_800_000_000_000);
    let mut reversal = Reversal::open(intent.clone(), now);
    let mut entries = vec![(now, Entry::Opened(Box::new(intent.clone())))];
    let mut facts = Facts::default();
    let mut at_this_moment = 0;
    for _ in 0..4 + dice.below(16) {
        now = now.after(Millis(dice.below(100_000)));
        if dice.once_in(100) {
            now = Timestamp::from_millis(now.as_millis() - 3_600_000);
            facts.clock_went_back = true;
        }
        let event = match next_due(&reversal, now) {
            Some(due) if dice.once_in(3) => {
                assert!(due <= now.after(Millis::days(1)), "due too late");
                let hourly = reversal.state.is_final() || now.since(reversal.since) >= Millis::minutes(14);
                assert!(due <= now.after(Millis::minutes(1)) || hourly);
                at_this_moment = if due <= now { at_this_moment + 1 } else { 0 };
                now = now.max(due);
                let asked = step(&reversal, Event::Due, now).unwrap();
                assert_eq!(asked.effects, [Effect::AskStatus], "due and nothing came of it");
                Event::Read { reading: reading(dice), asked: now }
            }
            Some(_) | None => event(dice, now),
        };
        assert!(at_this_moment < 20, "always due");
        let before = reversal.state.clone();
        let Ok(taken) = step(&reversal, event.clone(), now) else { continue };
        judge(&mut facts, &event, &before, &taken.reversal.state, &taken.effects);
        for entry in taken.entries {
            let json = serde_json::to_string(&entry).unwrap();
            assert!(!json.contains(CARD) && !format!("{entry:?}").contains(CARD));
            let kept: Entry = serde_json::from_str(&json).unwrap();
            assert_eq!(kept, entry);
            entries.push((now, kept));
        }
        assert_eq!(Reversal::fold(entries.clone()).unwrap(), taken.reversal, "the fold is not the reversal");
        reversal = taken.reversal;
        let waits = matches!(reversal.state, State::Ready | State::Sending(_) | State::Reauthorising);
        assert!(reversal.state.is_final() || waits || next_due(&reversal, now).is_some());
        assert!(reversal.state.is_final() || waits || reversal.needs_attention());
    }
}

fn judge(facts: &mut Facts, event: &Event, before: &State, after: &State, effects: &[Effect]) {
    facts.restarted |= matches!(event, Event::Restarted | Event::RestartedAfterLoss);
    facts.answered_401 += u32::from(matches!(event, Event::Answered(ReversalAnswer::Unauthorised(_))));
    if effects.contains(&Effect::Send) {
        facts.sent += 1;
        assert!(!facts.restarted && matches!(before, State::Ready | State::Reauthorising));
        assert!(facts.sent <= 2 && facts.sent <= 1 + facts.answered_401, "sent {} times", facts.sent);
    }
    if before.is_final() && before != after {
        assert!(matches!(event, Event::CounterEntered { .. }), "a final outcome changed");
        assert!(after.rests_on_a_word() && matches!(before, State::Done { .. } | State::NotDone { .. }));
    }
    match (before, after) {
        (State::Unknown { .. }, State::Done { .. }) => {
            assert!(matches!(event, Event::Read { reading: Reading::Done(_), .. } | Event::Resolved { done: true, .. }))
        }
        (State::Unknown { .. }, State::NotDone { .. }) => assert!(matches!(event, Event::Resolved { done: false, .. })),
        (State::Unknown { .. }, after) => assert!(matches!(after, State::Unknown { .. }), "unknown became {after:?}"),
        (State::Sending(_), State::Done { .. }) => assert!(matches!(
            event,
            Event::Answered(ReversalAnswer::Done { last_amount: Some(left) }) if *left == lira(45_500)
        )),
        (State::Sending(_), State::Refused(_)) => assert!(
            !matches!(event, Event::Answered(ReversalAnswer::NotDone { last_amount: Some(left), .. }) if *left != lira(55_500)),
            "refused, and less is left"
        ),
        (_, State::NotSent { .. }) if !before.is_final() => {
            let unsent = matches!(event, Event::Answered(ReversalAnswer::NotSent(_)) | Event::JournalFailed);
            assert!(facts.answered_401 == 0 && (facts.sent == 0 || unsent), "not sent hides a request");
        }
        _ => {}
    }
}

fn reading(dice: &mut Dice) -> Reading {
    dice.pick(&[
        Reading::Done(seen()),
        Reading::NotYet(seen()),
        Reading::NotYet(seen()),
        Reading::OtherAmount { expected: lira(45_500), found: lira(0) },
        Reading::NoAmount,
        Reading::CouldNotAsk(CouldNotAsk::Offline),
        Reading::CannotBeAsked(CannotBeAsked::NotAllowed),
    ])
}

fn event(dice: &mut Dice, now: Timestamp) -> Event {
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: None };
    let done = |left: i64| Event::Answered(ReversalAnswer::Done { last_amount: Some(lira(left)) });
    match dice.below(24) {
        0..=4 => Event::Prepared(Preparation::Done { baseline: Baseline::Remaining(lira(55_500)) }),
        5 => Event::Prepared(Preparation::Refused(VezneRefusal::BaselineUnreadable)),
        6 => Event::JournalFailed,
        7 => done(45_500),
        8 => done(0),
        9 => Event::Answered(ReversalAnswer::Done { last_amount: None }),
        10 => {
            let last_amount = dice.pick(&[None, Some(lira(55_500)), Some(lira(45_500))]);
            Event::Answered(ReversalAnswer::NotDone { refusal, last_amount })
        }
        11 | 12 => Event::Answered(ReversalAnswer::Unauthorised(None)),
        13 => Event::Answered(ReversalAnswer::Unclear(Unclear::TimedOut)),
        14 => Event::Answered(ReversalAnswer::NotSent(NotSentReason::Offline)),
        15 => Event::TokenRenewed,
        16 => Event::TokenUnavailable,
        17 => Event::Read { reading: reading(dice), asked: now },
        18 => Event::Resolved { done: dice.once_in(2), word: word() },
        19 => Event::RestartedAfterLoss,
        20 | 21 => Event::CounterEntered { done: dice.once_in(2), word: word(), contested: dice.once_in(2) },
        22 => Event::Acknowledged(word()),
        _ => Event::Restarted,
    }
}
