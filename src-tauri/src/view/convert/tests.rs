//! Every reason that the till can give, and every line that the journal can hold, has its place in the window.

use vezne_core::answers::{
    CannotBeAsked, CouldNotAsk, DeclineReason, Failure, NotSentReason, Probe, SecureUse, Success,
};
use vezne_core::attempt::{
    Alarm, Contradiction, Entry, Heard, NotSent, PageEnd, Refusal, Refused, ReturnFields, ReturnHint, Round,
    SetAsideBy, State, Subject, Unknown, UnknownCause, VezneRefusal,
};
use vezne_core::evidence::{Claim, Confirmation, Evidence, SupervisorWord};
use vezne_core::guard::{Block, Earlier};
use vezne_core::ids::{AttemptId, OperatorId, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::{JournalFault, ReadFault};
use vezne_core::record::{EpochReason, Operator, Record};
use vezne_core::reversal;
use vezne_core::rights::{Act, Role};
use vezne_core::status::{Baseline, Mismatch, Reading, Seen};
use vezne_core::text::ForeignText;
use vezne_core::time::{Millis, Timestamp};
use vezne_till::{PayError, SettleError};

use super::{Names, lines};
use crate::view::{BlockKind, Code, Fault, Field, LineKind, PayStop};

const AT: Timestamp = Timestamp::from_millis(1_795_000_000_123);

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

fn attempt() -> AttemptId {
    AttemptId::from_parts(AT, [1; 10])
}

fn deniz() -> Operator {
    let (id, pin_hash) = (OperatorId::from_parts(AT, [2; 10]), String::new());
    Operator { id, name: "Deniz".parse().unwrap(), role: Role::Supervisor, pin_hash }
}

fn names() -> Names {
    Names::of(&[deniz()])
}

fn word() -> SupervisorWord {
    SupervisorWord { operator: deniz().id, reason: "seen".parse().unwrap(), saw: Some("slip 7".parse().unwrap()) }
}

fn reference() -> Subject {
    Subject::Reference { reference: "R-1".parse().unwrap(), part: None }
}

fn earlier() -> Box<Earlier> {
    Box::new(Earlier {
        attempt: attempt(),
        payment: PaymentId::from_parts(AT, [3; 10]),
        operator: Some(deniz().id),
        opened: AT,
        since: AT.after(Millis::seconds(1)),
        state: "unknown".to_owned(),
        outcome: None,
        blocks: true,
        set_aside: false,
        contradicted: false,
        part: None,
        base: Some(lira(100)),
        total: None,
        returned: None,
        card: None,
        override_used: false,
    })
}

#[test]
fn every_block_is_shown_with_what_releases_it() {
    let order = Subject::Order("order_1".parse().unwrap());
    let paid = || Block::AlreadyPaid { earlier: earlier(), paid: Some(lira(100)) };
    for (block, subject, kind, can_override, can_declare_part) in [
        (Block::OpenOrUnknown(earlier()), &order, BlockKind::OpenOrUnknown, false, false),
        (Block::Contradicted(earlier()), &order, BlockKind::Contradicted, false, false),
        (paid(), &order, BlockKind::AlreadyPaid, true, false),
        (paid(), &reference(), BlockKind::AlreadyPaid, true, true),
        (Block::SameCardUnknown(earlier()), &order, BlockKind::SameCardUnknown, true, false),
        (Block::SetAsideSameCard(earlier()), &order, BlockKind::SetAsideSameCard, true, false),
        (Block::Twin(earlier()), &order, BlockKind::Twin, false, false),
        (Block::TooManyOpen { open: 3 }, &order, BlockKind::TooManyOpen, false, false),
    ] {
        let view = crate::view::BlockView::of(&block, subject, &names());
        assert_eq!((view.kind, view.can_override, view.can_declare_part), (kind, can_override, can_declare_part));
        assert_eq!(view.earlier.is_some(), kind != BlockKind::TooManyOpen);
        assert_eq!(view.paid.is_some(), kind == BlockKind::AlreadyPaid);
        if let Some(earlier) = view.earlier {
            assert_eq!(earlier.operator.as_deref(), Some("Deniz"));
            assert_eq!((earlier.opened, earlier.since), (AT.to_string(), AT.after(Millis::seconds(1)).to_string()));
        }
    }
    let mut used = earlier();
    used.override_used = true;
    let view = crate::view::BlockView::of(&Block::SameCardUnknown(used), &order, &names());
    assert!(!view.can_override, "an override is for one use");
}

/// What a stop is, in a few words for a table.
fn told(stop: PayStop) -> (&'static str, Option<Code>, Option<Field>) {
    match stop {
        PayStop::Blocked { .. } => ("blocked", None, None),
        PayStop::TypeAgain { .. } => ("type again", None, None),
        PayStop::Supervisor { code } => ("supervisor", Some(code), None),
        PayStop::NotASupervisor => ("not a supervisor", None, None),
        PayStop::SpanMissing { .. } => ("span", None, None),
        PayStop::Options { fault } => ("options", Some(fault.code), fault.field),
        PayStop::Wrong { fault } => ("wrong", Some(fault.code), fault.field),
    }
}

#[test]
fn every_reason_not_to_begin_a_payment_leads_somewhere() {
    let refused = PayError::Refused;
    let foreign = || ForeignText::filter("odd");
    let price = VezneRefusal::PriceChanged { shown: lira(1), now: lira(2) };
    let table = [
        (PayError::UnknownAccount, ("wrong", Some(Code::UnknownAccount), None)),
        (PayError::WrongSubject("no"), ("wrong", Some(Code::WrongSubject), None)),
        (PayError::CurrencyNotTaken(Currency::EUR), ("wrong", Some(Code::CurrencyNotTaken), Some(Field::Currency))),
        (PayError::NoCreditLimit, ("wrong", Some(Code::NoCreditLimit), None)),
        (PayError::TypeTwice { limit: lira(1) }, ("type again", None, None)),
        (PayError::Blocked(Box::new(Block::Twin(earlier()))), ("blocked", None, None)),
        (PayError::SpanMissing { from: AT, until: AT }, ("span", None, None)),
        (PayError::NeedsSupervisor(Act::TakeWithout3ds), ("supervisor", Some(Code::ThreeDsOff), None)),
        (PayError::NeedsSupervisor(Act::OverrideGuard), ("supervisor", Some(Code::Override), None)),
        (PayError::NeedsSupervisor(Act::Resolve), ("supervisor", Some(Code::NeedsSupervisor), None)),
        (PayError::NotASupervisor, ("not a supervisor", None, None)),
        (refused(VezneRefusal::OrderNotFound), ("wrong", Some(Code::OrderNotFound), Some(Field::Order))),
        (refused(VezneRefusal::OrderAlreadyPaid), ("wrong", Some(Code::OrderAlreadyPaid), None)),
        (refused(VezneRefusal::OrderCancelled), ("wrong", Some(Code::OrderCancelled), None)),
        (refused(VezneRefusal::OrderState(foreign())), ("wrong", Some(Code::OrderState), None)),
        (refused(VezneRefusal::OrderUnreadable), ("wrong", Some(Code::OrderUnreadable), None)),
        (refused(VezneRefusal::Overtaken), ("wrong", Some(Code::Overtaken), None)),
        (refused(price), ("options", Some(Code::PriceChanged), None)),
        (refused(VezneRefusal::Choice("old".to_owned())), ("options", Some(Code::OptionsTooOld), None)),
        (refused(VezneRefusal::OptionsUnanswered), ("options", Some(Code::OptionsUnanswered), None)),
        (
            PayError::Options(ReadFault::CouldNotAsk(CouldNotAsk::TimedOut)),
            ("options", Some(Code::OptionsUnanswered), None),
        ),
        (PayError::Options(ReadFault::Refused(None)), ("options", Some(Code::QuestionRefused), None)),
        (PayError::NotSent(NotSentReason::Offline), ("wrong", Some(Code::Offline), None)),
        (PayError::CardForgotten, ("wrong", Some(Code::CardForgotten), Some(Field::Number))),
        (PayError::Journal(JournalFault::KeyTaken), ("wrong", Some(Code::DuplicateOpen), None)),
        (PayError::Journal(JournalFault::DiskFull), ("wrong", Some(Code::DiskFull), None)),
        (PayError::Journal(JournalFault::Damaged("page 7".to_owned())), ("wrong", Some(Code::Damaged), None)),
        (PayError::Journal(JournalFault::Gone("moved".to_owned())), ("wrong", Some(Code::Gone), None)),
        (PayError::Closing, ("wrong", Some(Code::Closing), None)),
    ];
    for (error, expected) in table {
        let words = format!("{error:?}");
        let stop = PayStop::of(error, &reference(), &names(), Some(Code::OptionsTooOld));
        assert_eq!(told(stop), expected, "{words}");
    }
}

#[test]
fn every_reason_not_to_take_a_word_has_its_code() {
    let refused = SettleError::Refused;
    for (error, code, field) in [
        (SettleError::NotFound, Code::NotFound, None),
        (SettleError::NotASupervisor, Code::NotASupervisor, Some(Field::Pin)),
        (SettleError::NameTaken, Code::NameTaken, Some(Field::Name)),
        (refused(Refusal::NotNow { state: "approved", event: "set aside" }), Code::NotNow, None),
        (refused(Refusal::TooLateToCancel), Code::TooLateToCancel, None),
        (refused(Refusal::PageStillOpen), Code::PageStillOpen, None),
        (refused(Refusal::NotAskedEnough { answered: 1, needed: 3 }), Code::NotAskedEnough, None),
        (refused(Refusal::TooSoon { until: AT, wait: Millis::ZERO }), Code::TooSoon, None),
        (refused(Refusal::SaidPaid), Code::SaidPaid, None),
        (refused(Refusal::PortalReferenceMissing), Code::PortalReference, Some(Field::Saw)),
        (refused(Refusal::NothingContradicts), Code::NothingContradicts, None),
        (SettleError::Journal(JournalFault::ReversalOpen), Code::ReversalOpen, None),
        (SettleError::Journal(JournalFault::OverrideUsed), Code::DuplicatePaid, None),
        (SettleError::Journal(JournalFault::NotWritable("w".to_owned())), Code::Journal, None),
        (SettleError::Closing, Code::Closing, None),
    ] {
        let words = format!("{error:?}");
        let fault = Fault::from(error);
        assert_eq!((fault.code, fault.field), (code, field), "{words}");
    }
}

#[test]
fn every_reading_that_failed_has_its_code() {
    for (fault, code) in [
        (ReadFault::CouldNotAsk(CouldNotAsk::Offline), Code::NoAnswer),
        (ReadFault::CannotBeAsked(CannotBeAsked::NotAllowed), Code::NotLet),
        (ReadFault::NotFound, Code::NotKnown),
        (ReadFault::Refused(None), Code::QuestionRefused),
        (ReadFault::Refused(Some(ForeignText::filter("no such bin"))), Code::QuestionRefused),
        (ReadFault::Amount { field: "total", why: "too fine".to_owned() }, Code::AmountUnreadable),
    ] {
        let said = matches!(fault, ReadFault::Refused(Some(_)));
        let fault = Fault::from(fault);
        assert_eq!(fault.code, code);
        assert_eq!(fault.text.as_deref() == Some("no such bin"), said, "the gateway's own words");
    }
}

fn kinds_of(entry: Entry) -> Vec<(LineKind, Option<String>, Option<Code>)> {
    let record = Record::Attempt { attempt: attempt(), payment: PaymentId::from_parts(AT, [3; 10]), entry };
    let told = lines(&[(AT, record)], &names());
    assert!(told.iter().all(|line| line.about == attempt().to_string() && line.at == "2026-11-18T11:06:40.123Z"));
    told.into_iter().map(|line| (line.kind, line.detail, line.code)).collect()
}

fn entered(state: State) -> Entry {
    Entry::Entered(Box::new(state))
}

fn failure() -> Failure {
    Failure { bank_text: Some(ForeignText::filter("do not honour")), ..Failure::plain(DeclineReason::CardDeclined) }
}

#[test]
fn every_state_that_an_attempt_enters_has_its_line() {
    let confirmed = Confirmation::Confirmed;
    let declined = |evidence| State::Declined { failure: failure(), evidence, confirmation: confirmed };
    let approved = |evidence| State::Approved { evidence, confirmation: confirmed };
    let lost = || UnknownCause::Restarted;
    let said = Some("do not honour".to_owned());
    let who = Some("Deniz: seen (slip 7)".to_owned());
    let no = (LineKind::Declined, said, Some(Code::CardDeclined));
    let person = (LineKind::PersonSettled, who.clone(), None);
    for (state, expected) in [
        (State::Ready, vec![(LineKind::WrittenDown, None, None)]),
        (State::Sending(Round::First), vec![(LineKind::Sent, None, None)]),
        (State::Sending(Round::Second), vec![(LineKind::SentAgain, None, None)]),
        (State::Reauthorising, vec![(LineKind::Reauthorising, None, None)]),
        (State::AtBank, vec![(LineKind::AtBank, None, None)]),
        (State::Confirming(Heard::Nothing), vec![(LineKind::Confirming, None, None)]),
        (State::Unknown(Unknown { cause: lost() }), vec![(LineKind::Unknown, None, Some(Code::Restarted))]),
        (State::SetAside(SetAsideBy { cause: lost(), word: word() }), vec![(LineKind::SetAside, who, None)]),
        (approved(Evidence::PayAnswer), vec![(LineKind::Approved, None, None)]),
        (approved(Evidence::Supervisor(word())), vec![person.clone(), (LineKind::Approved, None, None)]),
        (declined(Evidence::ReturnAlone(Claim::Failure)), vec![no]),
        // What a person settled no bank has declined: there is no reason to name.
        (declined(Evidence::CounterEntry(word())), vec![person, (LineKind::Declined, None, None)]),
        (
            State::Refused(Refused::Vezne(VezneRefusal::OptionsUnanswered)),
            vec![(LineKind::Refused, Some(VezneRefusal::OptionsUnanswered.to_string()), Some(Code::OptionsUnanswered))],
        ),
        (
            State::NotSent(NotSent { reason: NotSentReason::NoSlot }),
            vec![(LineKind::NotSent, None, Some(Code::NoSlot))],
        ),
    ] {
        let words = format!("{state:?}");
        assert_eq!(kinds_of(entered(state)), expected, "{words}");
    }
}

#[test]
fn every_other_entry_of_an_attempt_has_its_line() {
    let seen = || Seen { word: Some(ForeignText::filter("odd")), ..Seen::default() };
    let odd = Some("odd".to_owned());
    let success = Success { numbers: Default::default(), secure: SecureUse::NotSaid };
    let fields = ReturnFields { status: Some(ForeignText::filter("failed")), ..ReturnFields::default() };
    let asked = |reading| Entry::Asked { asked: AT, reading: Box::new(reading) };
    for (entry, kind, detail, code) in [
        (Entry::BaselineRead(Baseline::InstallmentInfo), LineKind::BaselineRead, None, None),
        (Entry::Heard(Box::new(Heard::Success(success))), LineKind::HeardYes, None, None),
        (
            Entry::Heard(Box::new(Heard::Failure(failure()))),
            LineKind::HeardNo,
            Some("do not honour".to_owned()),
            Some(Code::CardDeclined),
        ),
        (Entry::Heard(Box::new(Heard::Nothing)), LineKind::HeardNothing, None, None),
        (Entry::PageOpened, LineKind::PageOpened, None, None),
        (Entry::PageMoved, LineKind::PageToBrowser, None, None),
        (Entry::PageGone(PageEnd::TlsFailed), LineKind::PageGone, Some("tls_failed".to_owned()), None),
        (Entry::Returned(ReturnHint { fields, own_page: true }), LineKind::CameBack, Some("failed".to_owned()), None),
        (Entry::ContraryReturnAsked, LineKind::Confirming, None, None),
        (asked(Reading::Paid(seen())), LineKind::AskedPaid, odd.clone(), None),
        (asked(Reading::PaidPartlyReturned(seen())), LineKind::AskedPaid, odd.clone(), None),
        (asked(Reading::OwnReversal(seen())), LineKind::AskedPaid, odd.clone(), None),
        (asked(Reading::NotPaid(seen())), LineKind::AskedNotPaid, odd.clone(), None),
        (asked(Reading::Pending(seen())), LineKind::AskedPending, odd.clone(), None),
        (asked(Reading::NoTrace), LineKind::AskedNoTrace, None, None),
        (asked(Reading::CouldNotAsk(CouldNotAsk::Offline)), LineKind::AskedNoAnswer, None, None),
        (asked(Reading::CannotBeAsked(CannotBeAsked::Off)), LineKind::AskedNoAnswer, None, None),
        (asked(Reading::Mismatch { what: Mismatch::Card, seen: seen() }), LineKind::AskedOdd, odd.clone(), None),
        (asked(Reading::Attention(seen())), LineKind::AskedOdd, odd.clone(), None),
        (asked(Reading::PaidByUnknownCard(seen())), LineKind::AskedOdd, odd.clone(), None),
        (Entry::Probed(Probe::Gone), LineKind::Probed, Some("gone".to_owned()), None),
        (Entry::Contradicted(Contradiction { seen: seen(), paid: true }), LineKind::Contradicted, odd, None),
        (
            Entry::Alarmed(Alarm::BothApproved { other: attempt() }),
            LineKind::Alarmed,
            Some(attempt().to_string()),
            Some(Code::BothApproved),
        ),
    ] {
        let words = format!("{entry:?}");
        assert_eq!(kinds_of(entry), [(kind, detail, code)], "{words}");
    }
}

#[test]
fn the_steps_of_a_reversal_stand_among_them() {
    let reversal = ReversalId::from_parts(AT, [9; 10]);
    let of = |entry| {
        let payment = PaymentId::from_parts(AT, [3; 10]);
        let told = lines(&[(AT, Record::Reversal { reversal, payment, attempt: attempt(), entry })], &names());
        assert!(told.iter().all(|line| line.about == reversal.to_string()));
        told.into_iter().map(|line| (line.kind, line.detail, line.code)).collect::<Vec<_>>()
    };
    let asked = |reading| reversal::Entry::Asked { asked: AT, reading: Box::new(reading) };
    let stands = |word: &str| (LineKind::Reversal, Some(word.to_owned()), None);
    let person = (LineKind::PersonSettled, Some("Deniz: seen (slip 7)".to_owned()), None);
    let entered = |state| of(reversal::Entry::Entered(Box::new(state)));
    assert_eq!(entered(reversal::State::Sending(Round::First)), [stands("sending")]);
    assert_eq!(entered(reversal::State::Done { proof: reversal::Proof::Answer }), [stands("done")]);
    let by_hand = reversal::State::Done { proof: reversal::Proof::Supervisor(word()) };
    assert_eq!(entered(by_hand), [person.clone(), stands("done")]);
    let not_done = (LineKind::Reversal, Some("not_done".to_owned()), Some(Code::NotDone));
    assert_eq!(entered(reversal::State::NotDone { word: word() }), [person, not_done]);
    let unknown = reversal::State::Unknown { cause: reversal::UnknownCause::Restarted };
    assert_eq!(entered(unknown), [(LineKind::Reversal, Some("unknown".to_owned()), Some(Code::Restarted))]);
    let other = reversal::UnknownCause::Amount { expected: lira(1), found: lira(2) };
    assert_eq!(of(reversal::Entry::Alarmed(other))[0].2, Some(Code::OtherAmount));
    let baseline = reversal::Entry::BaselineRead(Baseline::Remaining(lira(1)));
    assert_eq!(of(baseline), [(LineKind::BaselineRead, None, None)]);
    for (reading, kind) in [
        (reversal::Reading::Done(Seen::default()), LineKind::Reversal),
        (reversal::Reading::NotYet(Seen::default()), LineKind::AskedPending),
        (reversal::Reading::OtherAmount { expected: lira(1), found: lira(2) }, LineKind::AskedOdd),
        (reversal::Reading::NoAmount, LineKind::AskedOdd),
        (reversal::Reading::CouldNotAsk(CouldNotAsk::Offline), LineKind::AskedNoAnswer),
        (reversal::Reading::CannotBeAsked(CannotBeAsked::Off), LineKind::AskedNoAnswer),
    ] {
        assert_eq!(of(asked(reading))[0].0, kind);
    }
}

#[test]
fn what_belongs_to_the_desk_and_not_to_a_payment_is_no_line_of_it() {
    let used = Record::RightUsed {
        operator: deniz().id,
        act: Act::OverrideGuard,
        reason: "meant".parse().unwrap(),
        about: Some(attempt()),
    };
    let epoch = Record::EpochStarted { epoch: 2, why: EpochReason::Restored };
    let told = lines(&[(AT, Record::OperatorAdded(deniz())), (AT, epoch), (AT, used)], &names());
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].about.clone(), told[0].detail.as_deref()), (attempt().to_string(), Some("Deniz: meant")));
}

#[test]
fn a_name_that_is_not_known_is_told_by_its_id() {
    let stranger = OperatorId::from_parts(AT, [7; 10]);
    assert_eq!(names().name(stranger), stranger.to_string());
    assert_eq!(names().name_of(&deniz().id.to_string()), "Deniz");
    assert_eq!(names().name_of("somebody"), "somebody");
}
