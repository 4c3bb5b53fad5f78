//! One test a sentence of `RULES.md` 7 that the machine decides.

use super::{
    Effect, Entry, Event, Intent, Kind, Preparation, Proof, Reading, Refused, Reversal, State, Target, UnknownCause,
    VezneRefusal, next_due, recorded, step,
};
use crate::answers::{CouldNotAsk, GatewayRefusal, NotSentReason, OrderState, RefusalReason, ReversalAnswer, Unclear};
use crate::attempt::tests::samples::{at, attempt_id, blind_word, finrota, lira, order, seen, text, word};
use crate::attempt::{Refusal, Round};
use crate::ids::ReversalId;
use crate::status::Baseline;
use crate::time::Timestamp;

/// A refund of 100.00 of the 555.00 that were paid.
pub(crate) fn intent() -> Intent {
    let paid = finrota();
    Intent {
        reversal: ReversalId::from_parts(at(0), [3; 10]),
        payment: paid.payment,
        attempt: attempt_id(1),
        account: paid.account,
        kind: Kind::Refund,
        amount: lira(10_000),
        target: Target::Transaction { number: text("R-77"), reference: paid.reference },
        word: word(),
    }
}

pub(crate) fn ready_with(baseline: Baseline) -> Event {
    Event::Prepared(Preparation::Done { baseline })
}

fn cancel_order() -> Intent {
    Intent { kind: Kind::Void, target: Target::Order("order_1".parse().unwrap()), ..intent() }
}

struct Story {
    reversal: Reversal,
    entries: Vec<(Timestamp, Entry)>,
    effects: Vec<Effect>,
    sends: usize,
}

impl Story {
    fn open(intent: Intent) -> Self {
        let entries = vec![(at(0), Entry::Opened(Box::new(intent.clone())))];
        Self { reversal: Reversal::open(intent, at(0)), entries, effects: Vec::new(), sends: 0 }
    }

    /// On its way, with 555.00 left before.
    fn sent() -> Self {
        Self::open(intent()).then(0, ready_with(Baseline::Remaining(lira(55_500))))
    }

    fn answered(answer: ReversalAnswer) -> Self {
        Self::sent().then(1, Event::Answered(answer))
    }

    fn unknown() -> Self {
        Self::answered(ReversalAnswer::Unclear(Unclear::TimedOut))
    }

    fn then(mut self, seconds: u64, event: Event) -> Self {
        let now = at(seconds);
        let shown = format!("{event:?}");
        let taken = step(&self.reversal, event, now).unwrap_or_else(|refusal| panic!("{shown}: {refusal}"));
        self.entries.extend(taken.entries.into_iter().map(|entry| (now, entry)));
        assert_eq!(Reversal::fold(self.entries.clone()).unwrap(), taken.reversal, "after {shown}");
        self.reversal = taken.reversal;
        self.sends += taken.effects.iter().filter(|effect| **effect == Effect::Send).count();
        self.effects = taken.effects;
        self
    }

    fn refused(&self, event: Event) -> bool {
        matches!(step(&self.reversal, event, at(99)), Err(Refusal::NotNow { .. }))
    }

    fn state(&self) -> &'static str {
        self.reversal.state.word()
    }

    fn asks(&self) -> bool {
        self.effects.contains(&Effect::AskStatus)
    }
}

fn read(reading: Reading) -> Event {
    Event::Read { reading, asked: at(5) }
}

fn done(last_amount: Option<i64>) -> ReversalAnswer {
    ReversalAnswer::Done { last_amount: last_amount.map(lira) }
}

#[test]
fn what_is_left_is_written_down_before_the_request_goes() {
    let story = Story::sent();
    assert!(matches!(story.entries[1].1, Entry::BaselineRead(Baseline::Remaining(_))));
    assert!(matches!(&story.entries[2].1, Entry::Entered(state) if **state == State::Sending(Round::First)));
    assert_eq!(story.effects, [Effect::Send]);
}

#[test]
fn an_unreadable_baseline_or_an_order_that_gives_nothing_back_is_refused_before_sending() {
    for why in [VezneRefusal::BaselineUnreadable, VezneRefusal::NotRefundable, VezneRefusal::NotCancellable] {
        let story = Story::open(intent()).then(0, Event::Prepared(Preparation::Refused(why.clone())));
        assert_eq!(story.reversal.state, State::Refused(Refused::Vezne(why)));
        assert_eq!((story.sends, story.reversal.state.counts()), (0, false));
    }
}

#[test]
fn done_with_exactly_what_should_be_left_is_done() {
    let story = Story::answered(done(Some(45_500)));
    assert_eq!(story.reversal.state, State::Done { proof: Proof::Answer });
}

#[test]
fn done_with_another_amount_left_is_unknown_with_an_alarm() {
    let story = Story::answered(done(Some(0)));
    let cause = UnknownCause::Amount { expected: lira(45_500), found: lira(0) };
    assert_eq!(story.reversal.state, State::Unknown { cause: cause.clone() });
    assert_eq!(story.effects, [Effect::Raise(cause)], "the whole amount went back instead of a part");
    assert!(story.reversal.needs_attention());
}

#[test]
fn done_without_the_amount_that_it_owes_is_asked_about() {
    let story = Story::answered(done(None));
    assert_eq!((story.state(), story.asks()), ("unknown", true));
    let settled = story.then(6, read(Reading::Done(seen("1"))));
    assert_eq!(settled.reversal.state, State::Done { proof: Proof::Status(seen("1")) });
}

#[test]
fn a_cancelled_order_is_done_by_its_answer_because_there_is_no_amount_to_compare() {
    let before = Baseline::Order(order(OrderState::Reserved, Some("p1"), "1"));
    let story = Story::open(cancel_order()).then(0, ready_with(before)).then(1, Event::Answered(done(None)));
    assert_eq!(story.reversal.state, State::Done { proof: Proof::Answer });
}

#[test]
fn a_lost_answer_is_unknown_and_asked_about_and_never_sent_again() {
    let mut story = Story::unknown();
    assert!(story.asks() && story.sends == 1);
    for second in [2, 5, 10, 60, 3_600] {
        story = story
            .then(second, Event::Due)
            .then(second + 1, Event::Read { reading: Reading::CouldNotAsk(CouldNotAsk::Offline), asked: at(second) });
    }
    assert_eq!((story.state(), story.sends), ("unknown", 1));
}

#[test]
fn an_unknown_reversal_is_done_only_when_exactly_its_amount_is_missing() {
    let read_amount = |found: Option<i64>| Story::unknown().reversal.read_remaining(found.map(lira), seen("1"));
    assert_eq!(read_amount(Some(45_500)), Reading::Done(seen("1")));
    assert_eq!(read_amount(Some(55_500)), Reading::NotYet(seen("1")), "it may still come");
    assert_eq!(read_amount(Some(0)), Reading::OtherAmount { expected: lira(45_500), found: lira(0) });
    assert_eq!(read_amount(None), Reading::NoAmount);
}

#[test]
fn the_baseline_is_never_final_and_another_amount_is_an_alarm() {
    let story = Story::unknown().then(6, read(Reading::NotYet(seen("1"))));
    assert_eq!((story.state(), story.effects.len()), ("unknown", 0));
    let other = Reading::OtherAmount { expected: lira(45_500), found: lira(1) };
    let story = story.then(8, read(other.clone()));
    assert!(matches!(story.effects[..], [Effect::Raise(UnknownCause::Amount { .. })]));
    let again = story.then(9, read(other));
    assert!(again.effects.is_empty() && again.state() == "unknown");
    let settled = again.then(10, read(Reading::Done(seen("1"))));
    assert_eq!((settled.state(), settled.reversal.alarms.len()), ("done", 1), "the alarm outlives it");
}

#[test]
fn an_alarm_about_an_amount_stays_until_a_supervisor_has_seen_it() {
    let settled = Story::answered(done(Some(0))).then(6, read(Reading::Done(seen("1"))));
    assert!(settled.state() == "done" && settled.reversal.needs_attention());
    let seen = settled.then(7, Event::Acknowledged(word()));
    assert!(seen.state() == "done" && !seen.reversal.needs_attention());
    assert_eq!(step(&seen.reversal, Event::Acknowledged(word()), at(8)), Err(Refusal::NothingContradicts));
    // Settling it is an answer too; while nobody knows where the money is, having seen the alarm is none.
    let alarmed = Story::answered(done(Some(0)));
    assert!(alarmed.refused(Event::Acknowledged(word())));
    assert!(!alarmed.then(9, Event::Resolved { done: true, word: word() }).reversal.needs_attention());
}

#[test]
fn restart_is_as_for_a_payment() {
    assert_eq!(Story::open(intent()).then(9, Event::Restarted).state(), "not_sent");
    let sending = Story::sent().then(9, Event::Restarted);
    assert_eq!(sending.reversal.state, State::Unknown { cause: UnknownCause::Restarted });
    assert!(sending.asks() && sending.sends == 1);
    let between = Story::answered(ReversalAnswer::Unauthorised(None)).then(9, Event::Restarted);
    assert_eq!((between.state(), between.sends), ("refused", 1));
    let second = Story::answered(ReversalAnswer::Unauthorised(None)).then(2, Event::TokenRenewed);
    assert_eq!(second.then(9, Event::Restarted).state(), "unknown");
    let unknown = Story::unknown().then(9, Event::Restarted);
    assert!(unknown.asks() && unknown.state() == "unknown");
    // Unless the journal lost what came last: then it may have left.
    for story in [Story::open(intent()), Story::answered(ReversalAnswer::Unauthorised(None))] {
        let lost = story.then(9, Event::RestartedAfterLoss);
        assert_eq!(lost.reversal.state, State::Unknown { cause: UnknownCause::SpanLost });
    }
}

#[test]
fn a_401_is_answered_by_one_more_request_with_a_new_token() {
    let story = Story::answered(ReversalAnswer::Unauthorised(None));
    assert_eq!((story.state(), story.effects.clone()), ("reauthorising", vec![Effect::RenewToken]));
    let story = story.then(2, Event::TokenRenewed);
    assert_eq!((story.reversal.state.clone(), story.sends), (State::Sending(Round::Second), 2));
    let story = story.then(3, Event::Answered(ReversalAnswer::Unauthorised(None)));
    assert_eq!((story.state(), story.sends), ("refused", 2));
    assert!(story.refused(Event::TokenRenewed));
}

#[test]
fn what_fails_before_the_second_request_left_is_refused_not_hidden_behind_not_sent() {
    let between = || Story::answered(ReversalAnswer::Unauthorised(None));
    let second = || between().then(2, Event::TokenRenewed);
    let offline = || Event::Answered(ReversalAnswer::NotSent(NotSentReason::Offline));
    for story in [
        between().then(2, Event::TokenUnavailable),
        between().then(2, Event::JournalFailed),
        second().then(3, Event::JournalFailed),
        second().then(3, offline()),
    ] {
        assert!(matches!(
            &story.reversal.state,
            State::Refused(Refused::Gateway(GatewayRefusal { reason: RefusalReason::Unauthorised, .. }))
        ));
    }
    assert_eq!(Story::sent().then(1, offline()).state(), "not_sent");
    assert_eq!(Story::sent().then(1, Event::JournalFailed).state(), "not_sent");
}

#[test]
fn a_refusal_by_the_gateway_gives_the_amount_free_again() {
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: Some(text("already settled")) };
    for last_amount in [None, Some(lira(55_500))] {
        let story = Story::answered(ReversalAnswer::NotDone { refusal: refusal.clone(), last_amount });
        assert_eq!(story.reversal.state, State::Refused(Refused::Gateway(refusal.clone())));
        assert!(!story.reversal.state.counts());
    }
}

#[test]
fn a_refusal_that_leaves_less_than_there_was_is_no_refusal() {
    let refusal = GatewayRefusal { reason: RefusalReason::BadRequest, text: None };
    for left in [0, 45_500] {
        let answer = ReversalAnswer::NotDone { refusal: refusal.clone(), last_amount: Some(lira(left)) };
        let story = Story::answered(answer);
        let cause = UnknownCause::Amount { expected: lira(55_500), found: lira(left) };
        assert_eq!(story.reversal.state, State::Unknown { cause: cause.clone() });
        assert_eq!(story.effects, [Effect::Raise(cause)]);
        assert!(story.reversal.state.counts(), "it may not be asked for again");
    }
}

#[test]
fn what_a_supervisor_settled_is_followed_and_late_money_raises_an_alarm_once() {
    let settled = || Story::unknown().then(9, Event::Resolved { done: false, word: word() });
    let story = settled();
    let hour = next_due(&story.reversal, at(9)).unwrap();
    assert_eq!(hour, at(9 + 3_600));
    let story = story.then(9 + 3_600, Event::Due);
    assert!(story.asks() && story.state() == "not_done");
    let quiet = story.then(9 + 3_601, read(Reading::NotYet(seen("1"))));
    assert!(quiet.effects.is_empty() && !quiet.reversal.needs_attention());
    let late = quiet.then(2 * 3_600, read(Reading::Done(seen("1"))));
    assert_eq!(late.effects, [Effect::Raise(UnknownCause::GoneBack(seen("1")))]);
    assert!(late.state() == "not_done" && late.reversal.needs_attention(), "nothing overwrites a final outcome");
    // Seen, or insisted on: what the gateway goes on saying is no news.
    let seen_it = late.then(2 * 3_600 + 1, Event::Acknowledged(word())).then(3 * 3_600, read(Reading::Done(seen("1"))));
    assert!(seen_it.effects.is_empty() && !seen_it.reversal.needs_attention());
    let other = Reading::OtherAmount { expected: lira(45_500), found: lira(0) };
    let story = settled().then(20, read(other.clone()));
    assert_eq!(story.effects, [Effect::Raise(UnknownCause::Amount { expected: lira(55_500), found: lira(0) })]);
    // Settled as done: what should be left is what the reversal leaves, not what was there before it.
    let done_by_word = Story::unknown().then(9, Event::Resolved { done: true, word: word() }).then(20, read(other));
    assert_eq!(done_by_word.effects, [Effect::Raise(UnknownCause::Amount { expected: lira(45_500), found: lira(0) })]);
    // After a week nobody is asked any more by themselves; a person may ask at any time.
    let in_a_week = Event::Read { reading: Reading::NotYet(seen("1")), asked: at(8 * 86_400) };
    assert_eq!(next_due(&settled().then(8 * 86_400, in_a_week).reversal, at(9 * 86_400)), None);
    assert!(settled().then(9 * 86_400, Event::AskRequested).asks());
    assert!(Story::answered(done(Some(45_500))).then(9, Event::AskRequested).asks());
    assert!(Story::sent().then(1, Event::JournalFailed).refused(Event::AskRequested), "it never left");
}

#[test]
fn a_reversal_counts_in_full_from_the_start_until_it_is_surely_not_done() {
    for story in [Story::open(intent()), Story::sent(), Story::unknown(), Story::answered(done(Some(45_500)))] {
        assert!(story.reversal.state.counts(), "{}", story.state());
    }
}

#[test]
fn a_supervisor_settles_an_unknown_reversal_as_done_or_not_done() {
    let done = Story::unknown().then(9, Event::Resolved { done: true, word: word() });
    assert_eq!(done.reversal.state, State::Done { proof: Proof::Supervisor(word()) });
    let not_done = Story::unknown().then(9, Event::Resolved { done: false, word: word() });
    assert_eq!((not_done.state(), not_done.reversal.state.counts()), ("not_done", false));
    for story in [Story::open(intent()), Story::sent(), done, not_done] {
        assert!(story.refused(Event::Resolved { done: true, word: word() }), "{}", story.state());
    }
    let blind = Event::Resolved { done: true, word: blind_word() };
    assert_eq!(step(&Story::unknown().reversal, blind, at(9)), Err(Refusal::PortalReferenceMissing));
}

#[test]
fn what_a_person_settled_is_corrected_by_a_counter_entry_and_by_nothing_else() {
    let counter = |done, contested| Event::CounterEntered { done, word: word(), contested };
    let settled = || Story::unknown().then(9, Event::Resolved { done: true, word: word() });
    let corrected = settled().then(10, counter(false, false));
    assert_eq!(corrected.reversal.state, State::NotDone { word: word() });
    assert_eq!(corrected.then(11, counter(true, false)).state(), "done");
    // What the gateway said stands, unless it contradicts itself now.
    let by_answer = || Story::answered(done(Some(45_500)));
    assert_eq!(step(&by_answer().reversal, counter(false, false), at(9)), Err(Refusal::NothingContradicts));
    assert_eq!(by_answer().then(9, counter(false, true)).state(), "not_done");
    for story in [Story::open(intent()), Story::sent(), Story::unknown()] {
        assert!(story.refused(counter(true, true)), "{}", story.state());
    }
    let refused = Story::answered(ReversalAnswer::NotDone {
        refusal: GatewayRefusal { reason: RefusalReason::BadRequest, text: None },
        last_amount: None,
    });
    assert!(
        refused.refused(counter(true, true)),
        "nothing was processed: what was done elsewhere is a record of its own"
    );
    let blind = Event::CounterEntered { done: false, word: blind_word(), contested: false };
    assert_eq!(step(&settled().reversal, blind, at(10)), Err(Refusal::PortalReferenceMissing));
}

#[test]
fn what_was_done_in_the_portal_is_final_as_it_is_written_and_is_never_sent_or_asked_about() {
    let intent = Intent { target: Target::Portal, ..intent() };
    let (reversal, entries) = recorded(intent, at(3));
    assert_eq!(Reversal::fold(entries.into_iter().map(|entry| (at(3), entry))).unwrap(), reversal);
    assert_eq!(reversal.state, State::Done { proof: Proof::Supervisor(word()) });
    assert!(reversal.in_portal() && reversal.state.counts() && !reversal.needs_attention());
    assert_eq!(next_due(&reversal, at(9)), None);
    let restarted = step(&reversal, Event::Restarted, at(9)).unwrap();
    assert!(restarted.effects.is_empty() && restarted.entries.is_empty());
}

#[test]
fn an_unknown_reversal_is_asked_about_by_the_same_schedule() {
    let story = Story::unknown();
    assert!(next_due(&story.reversal, at(1)).is_some_and(|due| due <= at(1)));
    let story = story.then(1, Event::Read { reading: Reading::NotYet(seen("1")), asked: at(1) });
    assert_eq!(next_due(&story.reversal, at(1)), Some(at(3)));
    let early = Story::unknown().then(1, read(Reading::NotYet(seen("1")))).then(5, Event::Due);
    assert!(!early.asks(), "asked at second 5, it is due at second 6");
    for story in [Story::open(intent()), Story::sent(), Story::answered(done(Some(45_500)))] {
        assert_eq!(next_due(&story.reversal, at(99)), None);
    }
}

#[test]
fn nothing_is_sent_but_out_of_ready_and_reauthorising() {
    for story in [Story::sent(), Story::unknown(), Story::answered(done(Some(45_500)))] {
        assert!(story.refused(ready_with(Baseline::Remaining(lira(55_500)))), "{}", story.state());
        assert!(story.refused(Event::TokenRenewed), "{}", story.state());
    }
}

#[test]
fn a_refusal_names_the_state_and_the_event() {
    let refused = step(&Story::sent().reversal, Event::TokenRenewed, at(9)).unwrap_err();
    assert_eq!(refused, Refusal::NotNow { state: "sending", event: "token renewed" });
}

#[test]
fn only_what_is_done_refused_or_never_sent_is_final() {
    let not_done = Story::unknown().then(9, Event::Resolved { done: false, word: word() });
    let refused = Story::answered(ReversalAnswer::Unauthorised(None)).then(2, Event::TokenUnavailable);
    for story in
        [Story::answered(done(Some(45_500))), not_done, refused, Story::open(intent()).then(9, Event::Restarted)]
    {
        assert!(story.reversal.state.is_final(), "{}", story.state());
    }
    let between = Story::answered(ReversalAnswer::Unauthorised(None));
    for story in [Story::open(intent()), Story::sent(), between, Story::unknown()] {
        assert!(!story.reversal.state.is_final(), "{}", story.state());
    }
}
