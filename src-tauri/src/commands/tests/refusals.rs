//! Sales that are not begun, and a supervisor's word on one that is unknown.

use vezne_sandbox::{Call, CutPoint, Fault as SandboxFault, FaultRule, Gateway};

use super::rig::{CARD, PIN, Rig, lira, supervisor};
use crate::commands::{history, outcome};
use crate::view::{
    BlockKind, Code, Field, LineKind, MeansInput, OutcomeWord, PartInput, PayStop, SaleInput, SettleInput,
    SubjectInput, SupervisorInput, VerdictWord,
};

fn wrong(stop: PayStop) -> (Code, Option<Field>) {
    match stop {
        PayStop::Wrong { fault } => (fault.code, fault.field),
        PayStop::Blocked { .. }
        | PayStop::TypeAgain { .. }
        | PayStop::Supervisor { .. }
        | PayStop::NotASupervisor
        | PayStop::SpanMissing { .. }
        | PayStop::Options { .. } => panic!("{stop:?}"),
    }
}

fn card_means(sale: &SaleInput, change: impl FnOnce(&mut u8, &mut String, &mut u32)) -> SaleInput {
    let mut sale = sale.clone();
    match &mut sale.means {
        MeansInput::Card { installments, shown_total, list, .. } => change(installments, &mut shown_total.amount, list),
        MeansInput::CreditLimit => panic!("a card"),
    }
    sale
}

#[tokio::test]
async fn a_choice_that_is_not_what_was_shown_asks_for_the_options_anew_and_keeps_the_card() {
    let rig = Rig::new().await;
    let sale = rig.card_sale("RES-9", "545.00", CARD).await;
    for (changed, code) in [
        (card_means(&sale, |_, _, list| *list = 9_999), Code::OptionsTooOld),
        (card_means(&sale, |_, total, _| *total = "544.00".to_owned()), Code::TotalChanged),
        (card_means(&sale, |installments, _, _| *installments = 11), Code::OptionNotOffered),
        (SaleInput { amount: Some(lira("546.00")), ..sale.clone() }, Code::PriceChanged),
    ] {
        match rig.pay(changed).await {
            Err(PayStop::Options { fault }) => assert_eq!(fault.code, code),
            other => panic!("{code:?}: {other:?}"),
        }
    }
    assert_eq!(rig.pay(sale).await.unwrap().outcome, Some(OutcomeWord::Approved));
    assert_eq!(rig.charged(), [54_500]);
    // The list of one card does not pay with another.
    let mut other = rig.card_sale("RES-9", "20.00", CARD).await;
    let card = rig.hand_over("5528790000000008").await;
    match &mut other.means {
        MeansInput::Card { held, .. } => *held = card,
        MeansInput::CreditLimit => panic!("a card"),
    }
    let part = PartInput::Extra;
    other.subject = SubjectInput::Reference { reference: "RES-9".to_owned(), part: Some(part) };
    match rig.pay(other).await {
        Err(PayStop::Options { fault }) => assert_eq!(fault.code, Code::OptionNotOffered),
        other => panic!("{other:?}"),
    }
    rig.close().await;
}

#[tokio::test]
async fn a_large_amount_is_typed_twice() {
    let rig = Rig::new().await;
    let sale = rig.card_sale("RES-10", "6000.00", CARD).await;
    let ask_again = Err(PayStop::TypeAgain { limit: lira("5000.00") });
    assert_eq!(rig.pay(sale.clone()).await, ask_again);
    let other = SaleInput { amount_again: Some(lira("600.00")), ..sale.clone() };
    assert_eq!(rig.pay(other).await, ask_again);
    let same = SaleInput { amount_again: Some(lira("6000.00")), ..sale };
    assert_eq!(rig.pay(same).await.unwrap().total, Some(lira("6000.00")));
    rig.close().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_nothing_is_sent() {
    let rig = Rig::new().await;
    let sale = rig.card_sale("RES-11", "50.00", CARD).await;
    let with = |change: fn(&mut SupervisorInput)| {
        let mut right = supervisor(PIN);
        change(&mut right);
        SaleInput { supervisor: Some(right), ..sale.clone() }
    };
    for (sale, told) in [
        (with(|right| right.reason.clear()), (Code::TextMissing, Some(Field::Reason))),
        (with(|right| right.reason = CARD.to_owned()), (Code::CardDataInField, Some(Field::Reason))),
        (with(|right| right.pin = "".into()), (Code::PinMissing, Some(Field::Pin))),
        (with(|right| right.name.clear()), (Code::TextMissing, Some(Field::SupervisorName))),
        (SaleInput { account: "nobody".to_owned(), ..sale.clone() }, (Code::UnknownAccount, None)),
        (SaleInput { operator: Some("Ayşe".to_owned()), ..sale.clone() }, (Code::NotFound, None)),
        (SaleInput { overrides: Some("att_1".to_owned()), ..sale.clone() }, (Code::NotFound, None)),
        (SaleInput { amount: Some(lira("5,0")), ..sale.clone() }, (Code::AmountOddCharacter, Some(Field::Amount))),
    ] {
        assert_eq!(wrong(rig.pay(sale).await.unwrap_err()), told);
    }
    assert!(rig.charged().is_empty());
    assert_eq!(rig.sandbox.ledger().counts.values().map(|counts| counts.received).sum::<u32>(), 0);
    rig.close().await;
}

#[tokio::test]
async fn an_unknown_attempt_blocks_its_reference_until_a_supervisor_has_settled_it() {
    let rig = Rig::new().await;
    let cut = SandboxFault::Cut { at: CutPoint::BeforeExecuting };
    rig.sandbox.add_fault(FaultRule::new(Gateway::Finrota, Call::Pay, cut).first(1));
    rig.sandbox.add_fault(FaultRule::new(Gateway::Finrota, Call::Status, SandboxFault::EmptyBody));
    let first = rig.pay(rig.card_sale("RES-12", "60.00", CARD).await).await.unwrap();
    assert_eq!((first.outcome, first.reason.unwrap().code), (Some(OutcomeWord::Unknown), Code::ConnectionLost));
    let next = rig.card_sale("RES-12", "60.00", "5528790000000008").await;
    let Err(PayStop::Blocked { block }) = rig.pay(next).await else { panic!("charged again") };
    assert_eq!((block.kind, block.can_override), (BlockKind::OpenOrUnknown, false));

    let settle = |pin: &str, saw: Option<&str>| SettleInput {
        attempt: first.attempt.clone(),
        verdict: VerdictWord::Declined,
        supervisor: supervisor(pin),
        saw: saw.map(str::to_owned),
        confirmed: true,
    };
    let unsure = SettleInput { confirmed: false, ..settle(PIN, Some("slip 12")) };
    assert_eq!(outcome::settled(&rig.session, unsure).await.unwrap_err().code, Code::NotConfirmed);
    let fault = outcome::settled(&rig.session, settle("0000", Some("slip 12"))).await.unwrap_err();
    assert_eq!((fault.code, fault.field), (Code::NotASupervisor, Some(Field::Pin)));
    let fault = outcome::settled(&rig.session, settle(PIN, Some(" "))).await.unwrap_err();
    assert_eq!((fault.code, fault.field), (Code::PortalReference, Some(Field::Saw)));
    let settled = outcome::settled(&rig.session, settle(PIN, Some("slip 12"))).await.unwrap();
    assert_eq!((settled.outcome, settled.evidence.as_deref()), (Some(OutcomeWord::Declined), Some("supervisor")));
    let detail = history::detail(&rig.session, &settled.payment).await.unwrap();
    let word = detail.lines.iter().position(|line| line.kind == LineKind::PersonSettled).unwrap();
    assert_eq!(detail.lines[word].detail.as_deref(), Some("Deniz: the terminal is broken (slip 12)"));
    assert_eq!(detail.lines[word + 1].kind, LineKind::Declined);
    let unknown = detail.lines.iter().find(|line| line.kind == LineKind::Unknown).unwrap();
    assert_eq!(unknown.code, Some(Code::ConnectionLost));
    rig.close().await;
}

#[tokio::test]
async fn an_attempt_that_nobody_knows_is_not_found() {
    let rig = Rig::new().await;
    for id in ["att_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3", "4155650100416111"] {
        let fault = outcome::stands(&rig.session, id).await.unwrap_err();
        assert_eq!(fault.code, Code::NotFound);
        assert!(!format!("{fault:?}").contains("4155"));
    }
    assert_eq!(history::detail(&rig.session, "pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3").await.unwrap_err().code, Code::NotFound);
    rig.close().await;
}
