//! What is stored for looking up says what the events say.

use vezne_core::answers::{DeclineReason, Failure, GatewayRefusal, NotSentReason, RefusalReason};
use vezne_core::attempt::{
    Alarm, Attempt, Contradiction, Entry, Heard, NotSent, Outcome, Refused, Round, SetAsideBy, State, Unknown,
    UnknownCause, VezneRefusal,
};
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::record::{EpochReason, Operator, Record};
use vezne_core::reversal::{self, Kind, Reversal};
use vezne_core::rights::{Act, Role};
use vezne_core::status::Seen;

use super::samples::*;
use crate::event::Event;
use crate::rows::{self, AttemptRow, OperatorRow, PaymentRow, ReversalRow, RightRow, Standing};

const STANDS: Standing<'static> = Standing { desk: "dsk_1", first_seq: 7, last_seq: 9 };

fn row(attempt: &Attempt) -> AttemptRow {
    rows::attempt(attempt, STANDS)
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn approved(confirmation: Confirmation) -> State {
    State::Approved { evidence: Evidence::PayAnswer, confirmation }
}

#[test]
fn the_row_of_a_card_payment_holds_all_that_is_looked_up() {
    let mut attempt = Attempt::open(intent(), START);
    attempt.apply(&Entry::Entered(Box::new(State::Sending(Round::First))), at(5)).unwrap();
    let expected = AttemptRow {
        place: 7,
        attempt_id: attempt_id(1).to_string(),
        desk_id: "dsk_1".to_owned(),
        payment_id: payment_id().to_string(),
        reference: reference().to_string(),
        account_id: "counter".to_owned(),
        account_name: "Tezgâh".to_owned(),
        gateway: "finrota".to_owned(),
        guard_key: intent().guard_key().as_str().to_owned(),
        blocks: true,
        state: "sending".to_owned(),
        outcome: None,
        refused_by: None,
        evidence: None,
        unconfirmed: false,
        reason: None,
        subject_kind: "reference".to_owned(),
        subject: "REZ-İ1".to_owned(),
        part: text("deposit"),
        base_minor: Some(54_500),
        base_currency: text("TRY"),
        total_minor: Some(55_500),
        total_currency: text("TRY"),
        means: "card".to_owned(),
        installments: Some(3),
        brand: text("visa"),
        bin: text("41556501"),
        first_six: text("415565"),
        last_four: text("6111"),
        holder: Some(name_id(1).to_string()),
        operator_id: Some(operator_id().to_string()),
        overrides: Some(attempt_id(2).to_string()),
        follows: Some(attempt_id(3).to_string()),
        opened_ms: START.as_millis(),
        since_ms: at(5).as_millis(),
        sent_ms: Some(at(5).as_millis()),
        is_final: false,
        set_aside: false,
        contradicted: false,
        alarmed: false,
        watched: true,
        attention_ms: None,
        search: row(&attempt).search,
        last_seq: 9,
    };
    assert_eq!(row(&attempt), expected);
}

#[test]
fn a_payment_from_the_limit_has_no_card_and_no_installments() {
    let row = row(&Attempt::open(on_limit(), START));
    let terms = format!(" {} ", crate::search::terms(&row, &[]));
    assert_eq!(terms.matches(" §m545p00 ").count(), 1, "an amount is searched once: {terms}");
    assert_eq!((row.subject_kind.as_str(), row.subject.as_str(), row.part), ("order", "order_1", None));
    assert_eq!((row.means.as_str(), row.installments, row.holder), ("credit_limit", None, None));
    assert_eq!((row.brand, row.bin, row.first_six, row.last_four), (None, None, None, None));
    assert_eq!(row.total_minor, Some(54_500), "what is owed is charged");
}

#[test]
fn an_attempt_is_found_by_subject_reference_account_digits_and_both_amounts() {
    let row = row(&Attempt::open(intent(), START));
    let terms = format!(" {} ", crate::search::terms(&row, &[7]));
    let reference = reference().as_str().to_lowercase();
    for term in [
        "rezi1",
        "rez",
        "i1",
        &reference,
        "tezgah",
        "t",
        "41556501",
        "4155",
        "6111",
        "§c6111",
        "§m545p00",
        "§m555p",
        "§ytry",
        "§n7",
        "§p3",
    ] {
        assert!(terms.contains(&format!(" {term} ")), "{term} is not in {terms}");
    }
    // A number that a machine made up is not found by a letter or two.
    assert!(!terms.contains(&format!(" {} ", &reference[..3])) && !terms.contains(" 415 "), "{terms}");
}

/// What a row says of a state: outcome, who refused, evidence, unconfirmed, reason.
type Said<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>, bool, Option<&'a str>);

fn said(row: &AttemptRow) -> Said<'_> {
    let (outcome, by) = (row.outcome.as_deref(), row.refused_by.as_deref());
    (outcome, by, row.evidence.as_deref(), row.unconfirmed, row.reason.as_deref())
}

#[test]
fn what_a_state_carries_stands_in_columns_of_its_own() {
    let failure = Failure::plain(DeclineReason::InsufficientFunds);
    let evidence = Evidence::GatewayStatus(Seen::default());
    let (sure, unsure) = (Confirmation::Confirmed, Confirmation::Unconfirmed);
    let declined =
        |confirmation| State::Declined { failure: failure.clone(), evidence: evidence.clone(), confirmation };
    let no = GatewayRefusal { reason: RefusalReason::NotAllowed, text: None };
    let cause = UnknownCause::NoFinalAnswer;
    let (yes, funds) = (Some("approved"), Some("insufficient_funds"));
    let states: [(State, Said<'_>); 11] = [
        (State::AtBank, (None, None, None, false, None)),
        (State::Confirming(Heard::Nothing), (None, None, None, false, None)),
        (approved(sure), (yes, None, Some("pay_answer"), false, None)),
        (approved(unsure), (yes, None, Some("pay_answer"), true, None)),
        (declined(sure), (Some("declined"), None, Some("gateway_status"), false, funds)),
        (declined(unsure), (Some("declined"), None, Some("gateway_status"), true, funds)),
        (State::Refused(Refused::Gateway(no)), (Some("refused"), Some("gateway"), None, false, Some("not_allowed"))),
        (
            State::Refused(Refused::Vezne(VezneRefusal::OrderAlreadyPaid)),
            (Some("refused"), Some("vezne"), None, false, Some("order_already_paid")),
        ),
        (
            State::NotSent(NotSent { reason: NotSentReason::Offline }),
            (Some("not_sent"), None, None, false, Some("offline")),
        ),
        (
            State::Unknown(Unknown { cause: cause.clone() }),
            (Some("unknown"), None, None, false, Some("no_final_answer")),
        ),
        (
            State::SetAside(SetAsideBy { cause, word: word() }),
            (Some("unknown"), None, None, false, Some("no_final_answer")),
        ),
    ];
    for (state, expected) in states {
        let attempt = standing(state);
        let row = row(&attempt);
        assert_eq!(said(&row), expected, "{}", row.state);
        assert_eq!((row.blocks, row.is_final), (attempt.state.blocks(), attempt.state.is_final()));
        assert_eq!((row.set_aside, row.watched), (attempt.state.is_set_aside(), !attempt.state.is_final()));
    }
}

#[test]
fn a_reason_that_carries_more_than_its_word_is_stored_as_its_word() {
    let refusal = VezneRefusal::PriceChanged { shown: lira(1), now: lira(2) };
    let row = row(&standing(State::Refused(Refused::Vezne(refusal))));
    assert_eq!(row.reason.as_deref(), Some("price_changed"));
}

#[test]
fn a_final_attempt_is_watched_while_it_is_contradicted_or_an_alarm_stands() {
    let quiet = standing(approved(Confirmation::Confirmed));
    assert!(!row(&quiet).watched);
    let mut contradicted = quiet.clone();
    let word = Contradiction { seen: Seen::default(), paid: false };
    contradicted.apply(&Entry::Contradicted(word), at(70)).unwrap();
    let contradicted = row(&contradicted);
    assert_eq!((contradicted.contradicted, contradicted.alarmed, contradicted.watched), (true, false, true));
    let mut alarmed = quiet;
    alarmed.apply(&Entry::Alarmed(Alarm::Contradicted), at(70)).unwrap();
    let alarmed = row(&alarmed);
    assert_eq!((alarmed.contradicted, alarmed.alarmed, alarmed.watched), (false, true, true));
}

#[test]
fn attention_is_due_at_once_after_a_day_or_never() {
    let unknown = standing(State::Unknown(Unknown { cause: UnknownCause::Restarted }));
    assert_eq!(row(&unknown).attention_ms, Some(at(60).as_millis()));
    let unconfirmed = standing(approved(Confirmation::Unconfirmed));
    let due = row(&unconfirmed).attention_ms.unwrap();
    assert_eq!(due, at(60 + 24 * 3600).as_millis() + 1);
    for (moment, needs) in [(due - 1, false), (due, true)] {
        assert_eq!(unconfirmed.needs_attention(vezne_core::time::Timestamp::from_millis(moment)), needs);
    }
    assert_eq!(row(&standing(approved(Confirmation::Confirmed))).attention_ms, None);
}

#[test]
fn an_outcomes_word_is_read_back_and_another_word_is_none() {
    for outcome in [Outcome::Approved, Outcome::Declined, Outcome::Refused, Outcome::Unknown, Outcome::NotSent] {
        assert_eq!(rows::outcome_of(outcome.word()), Some(outcome));
    }
    assert_eq!(rows::outcome_of("set_aside"), None);
}

fn reversal_in(state: reversal::State) -> ReversalRow {
    let mut reversal = Reversal::open(refund(), START);
    reversal.apply(&reversal::Entry::Entered(Box::new(state)), at(9)).unwrap();
    rows::reversal(&reversal, STANDS)
}

#[test]
fn the_row_of_a_reversal_holds_all_that_is_looked_up() {
    let expected = ReversalRow {
        place: 7,
        reversal_id: reversal_id().to_string(),
        desk_id: "dsk_1".to_owned(),
        payment_id: payment_id().to_string(),
        attempt_id: attempt_id(1).to_string(),
        account_id: "counter".to_owned(),
        account_name: "Tezgâh".to_owned(),
        gateway: "finrota".to_owned(),
        kind: "refund".to_owned(),
        amount_minor: 10_000,
        currency: "TRY".to_owned(),
        state: "sending".to_owned(),
        is_final: false,
        reason: None,
        operator_id: operator_id().to_string(),
        opened_ms: START.as_millis(),
        since_ms: at(9).as_millis(),
        alarmed: false,
        watched: true,
        attention: false,
        last_seq: 9,
    };
    assert_eq!(reversal_in(reversal::State::Sending(Round::First)), expected);
    let void = Reversal::open(reversal::Intent { kind: Kind::Void, ..refund() }, START);
    assert_eq!(rows::reversal(&void, STANDS).kind, "void");
}

#[test]
fn a_reversals_reason_and_whether_it_is_watched_follow_its_state() {
    let no = GatewayRefusal { reason: RefusalReason::BadRequest, text: None };
    let found = reversal::VezneRefusal::Remaining { expected: lira(1), found: lira(2) };
    let states = [
        (reversal::State::Done { proof: reversal::Proof::Answer }, None, false),
        (reversal::State::NotDone { word: word() }, None, false),
        (reversal::State::Refused(reversal::Refused::Gateway(no)), Some("bad_request"), false),
        (reversal::State::Refused(reversal::Refused::Vezne(found)), Some("remaining"), false),
        (reversal::State::NotSent { reason: NotSentReason::NoSlot }, Some("no_slot"), false),
        (reversal::State::Unknown { cause: reversal::UnknownCause::Restarted }, Some("restarted"), true),
    ];
    for (state, reason, open) in states {
        let row = reversal_in(state);
        assert_eq!((row.reason.as_deref(), row.is_final, row.watched), (reason, !open, open), "{}", row.state);
        assert_eq!((row.attention, row.alarmed), (open, false), "{}", row.state);
    }
}

#[test]
fn a_finished_reversal_is_watched_while_an_alarm_stands() {
    let mut reversal = Reversal::open(refund(), START);
    let done = reversal::State::Done { proof: reversal::Proof::Answer };
    reversal.apply(&reversal::Entry::Entered(Box::new(done)), at(9)).unwrap();
    reversal.apply(&reversal::Entry::Alarmed(reversal::UnknownCause::Restarted), at(10)).unwrap();
    let row = rows::reversal(&reversal, STANDS);
    assert_eq!((row.is_final, row.alarmed, row.watched, row.attention), (true, true, true, true));
}

#[test]
fn a_payment_counts_its_attempts_reversals_and_what_was_approved() {
    let declined = State::NotSent(NotSent { reason: NotSentReason::Cancelled });
    let (first, second) = (row(&standing(declined)), row(&standing(approved(Confirmation::Confirmed))));
    let third = AttemptRow { place: 21, last_seq: 31, ..first.clone() };
    let second = AttemptRow { place: 20, last_seq: 30, ..second };
    let back = ReversalRow { last_seq: 40, ..reversal_in(reversal::State::Ready) };
    let expected = PaymentRow {
        place: 7,
        payment_id: payment_id().to_string(),
        desk_id: "dsk_1".to_owned(),
        guard_key: intent().guard_key().as_str().to_owned(),
        account_id: "counter".to_owned(),
        subject_kind: "reference".to_owned(),
        subject: "REZ-İ1".to_owned(),
        opened_ms: START.as_millis(),
        attempts: 3,
        approved: 1,
        reversals: 1,
        last_seq: 40,
    };
    assert_eq!(rows::payment(&[&first, &second, &third], &[&back]), Some(expected));
    assert_eq!(rows::payment(&[], &[&back]), None);
}

fn event_of(record: Record) -> (Record, Event) {
    let chain = Chain::new("dsk_1").write(batch(vec![record.clone()]), &key("key-1", 1), None);
    (record, chain.events[0].clone())
}

#[test]
fn an_operator_is_stored_and_read_back() {
    for (role, role_word) in [(Role::Cashier, "cashier"), (Role::Supervisor, "supervisor")] {
        let operator = Operator {
            id: operator_id(),
            name: "Ayşe Işık".parse().unwrap(),
            role,
            pin_hash: "$argon2id$hash".to_owned(),
        };
        let (_, event) = event_of(Record::OperatorAdded(operator.clone()));
        let row = rows::operator(&operator, &event);
        let seen = (row.operator_id.as_str(), row.desk_id.as_str(), row.role.as_str(), row.added_ms, row.seq);
        assert_eq!(seen, (operator_id().to_string().as_str(), "dsk_1", role_word, at(1).as_millis(), 1));
        assert_eq!(row.name_key, vezne_core::text::fold("AYŞE IŞIK"), "the name is unique without its case");
        assert!(row.operator().unwrap() == operator);
        let odd = OperatorRow { role: "owner".to_owned(), ..row };
        assert!(odd.operator().is_err());
    }
}

#[test]
fn a_right_used_is_stored_and_no_other_record_is_one() {
    let used = Record::RightUsed {
        operator: operator_id(),
        act: Act::OverrideGuard,
        reason: "ikinci araç".parse().unwrap(),
        about: Some(attempt_id(2)),
    };
    let (record, event) = event_of(used);
    let expected = RightRow {
        event_id: event.event_id.clone(),
        desk_id: "dsk_1".to_owned(),
        operator_id: operator_id().to_string(),
        act: "override_guard".to_owned(),
        reason: "ikinci araç".to_owned(),
        about: Some(attempt_id(2).to_string()),
        at_ms: at(1).as_millis(),
        seq: 1,
    };
    assert_eq!(rows::right(&record, &event), Some(expected));
    let (other, event) = event_of(Record::EpochStarted { epoch: 1, why: EpochReason::NewJournal });
    assert_eq!(rows::right(&other, &event), None);
}

#[test]
fn an_attempt_stands_from_its_first_line_to_its_newest() {
    let lines = |numbers: &[i64]| -> Vec<_> {
        numbers.iter().map(|seq| crate::Line { seq: *seq, at_ms: 0, body: String::new() }).collect()
    };
    let standing = Standing::of("dsk_1", &lines(&[3, 5, 8])).unwrap();
    assert_eq!((standing.desk, standing.first_seq, standing.last_seq), ("dsk_1", 3, 8));
    assert!(Standing::of("dsk_1", &lines(&[])).is_none());
}
