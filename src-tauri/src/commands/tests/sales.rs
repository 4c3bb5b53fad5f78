//! Whole sales.

use super::rig::{AGENCY, CARD, COUNTER, PIN, Rig, lira, supervisor};
use crate::commands::{history, outcome, sale};
use crate::view::{
    BlockKind, Code, GuardQuestion, LineKind, MeansInput, OutcomeWord, PartInput, PayStop, SaleInput, SubjectInput,
};

#[tokio::test]
async fn a_sale_without_3ds_needs_a_supervisor_and_goes_on_with_the_card_that_is_held() {
    let rig = Rig::new().await;
    let sale = rig.card_sale("RES-1", "545.00", CARD).await;
    let alone = SaleInput { supervisor: None, ..sale.clone() };
    assert_eq!(rig.pay(alone).await, Err(PayStop::Supervisor { code: Code::ThreeDsOff }));
    let wrong = SaleInput { supervisor: Some(supervisor("0000")), ..sale.clone() };
    assert_eq!(rig.pay(wrong).await, Err(PayStop::NotASupervisor));
    assert!(rig.charged().is_empty());
    let paid = rig.pay(sale).await.unwrap();
    assert_eq!((paid.outcome, paid.unconfirmed), (Some(OutcomeWord::Approved), false));
    assert_eq!((paid.total, paid.installments), (Some(lira("545.00")), Some(1)));
    assert_eq!((paid.account.as_str(), paid.booking.as_deref()), (COUNTER, Some("RES-1")));
    let card = paid.card.unwrap();
    assert_eq!((card.brand.as_str(), card.first_six.as_str(), card.last_four.as_str()), ("Visa", "415565", "6111"));
    assert_eq!(rig.charged(), [54_500]);
    let stands = outcome::stands(&rig.session, &paid.attempt).await.unwrap();
    assert_eq!(stands.outcome, Some(OutcomeWord::Approved));
    let detail = history::detail(&rig.session, &paid.payment).await.unwrap();
    let kinds: Vec<LineKind> = detail.lines.iter().map(|line| line.kind).collect();
    for (place, kind) in [LineKind::WrittenDown, LineKind::Sent, LineKind::HeardYes].into_iter().enumerate() {
        assert_eq!(kinds[place], kind, "{kinds:?}");
    }
    assert!(kinds.contains(&LineKind::AskedPaid) && kinds.contains(&LineKind::Approved), "{kinds:?}");
    assert!(detail.lines.iter().all(|line| line.about == paid.attempt));
    rig.close().await;
}

#[tokio::test]
async fn what_is_paid_is_shown_before_pay_and_at_pay_and_a_part_or_a_supervisor_releases_it() {
    let rig = Rig::new().await;
    let first = rig.pay(rig.card_sale("RES-2", "545.00", CARD).await).await.unwrap();
    let question = |reference: &str, part| GuardQuestion {
        account: COUNTER.to_owned(),
        subject: SubjectInput::Reference { reference: reference.to_owned(), part },
        amount: None,
    };
    assert_eq!(sale::guarded(&rig.session, question("RES-3", None)).await, Ok(None));
    let block = sale::guarded(&rig.session, question(" res-2 ", None)).await.unwrap().unwrap();
    assert_eq!((block.kind, block.paid.clone()), (BlockKind::AlreadyPaid, Some(lira("545.00"))));
    assert!(block.can_override && block.can_declare_part);
    let earlier = block.earlier.clone().unwrap();
    assert_eq!((earlier.attempt.as_str(), earlier.payment.as_deref()), (&*first.attempt, Some(&*first.payment)));
    assert_eq!((earlier.operator.as_deref(), earlier.outcome), (Some("Ayşe"), Some(OutcomeWord::Approved)));
    assert_eq!(sale::guarded(&rig.session, question("RES-2", Some(PartInput::Deposit))).await, Ok(None));

    let second = rig.card_sale("RES-2", "100.00", "5528790000000008").await;
    assert_eq!(rig.pay(second.clone()).await, Err(PayStop::Blocked { block: Box::new(block) }));
    let alone = SaleInput { overrides: Some(first.attempt.clone()), supervisor: None, ..second.clone() };
    assert_eq!(rig.pay(alone).await, Err(PayStop::Supervisor { code: Code::Override }));
    let overridden = SaleInput { overrides: Some(first.attempt.clone()), ..second };
    assert_eq!(rig.pay(overridden).await.unwrap().outcome, Some(OutcomeWord::Approved));
    assert_eq!(rig.charged(), [54_500, 10_000]);
    let used = sale::guarded(&rig.session, question("RES-2", None)).await.unwrap().unwrap();
    assert_eq!(used.paid, Some(lira("645.00")));

    let part = SubjectInput::Reference { reference: "RES-2".to_owned(), part: Some(PartInput::Deposit) };
    let deposit = SaleInput { subject: part, ..rig.card_sale("RES-2", "20.00", CARD).await };
    assert_eq!(rig.pay(deposit).await.unwrap().part.as_deref(), Some("deposit"));
    rig.close().await;
}

#[tokio::test]
async fn the_same_card_and_amount_a_moment_later_asks_the_cashier() {
    let rig = Rig::new().await;
    rig.pay(rig.card_sale("RES-4", "75.00", CARD).await).await.unwrap();
    let twin = rig.card_sale("RES-5", "75.00", CARD).await;
    let Err(PayStop::Blocked { block }) = rig.pay(twin.clone()).await else { panic!("not asked") };
    assert_eq!((block.kind, block.can_override, block.can_declare_part), (BlockKind::Twin, false, false));
    let meant = SaleInput { twin_confirmed: true, ..twin };
    assert_eq!(rig.pay(meant).await.unwrap().outcome, Some(OutcomeWord::Approved));
    rig.close().await;
}

#[tokio::test]
async fn orders_are_paid_from_the_limit_once_and_one_above_it_is_declined() {
    let rig = Rig::new().await;
    let paid = rig.pay(rig.limit_sale("order_1002")).await.unwrap();
    assert_eq!((paid.outcome, paid.total), (Some(OutcomeWord::Approved), Some(lira("1250.00"))));
    assert_eq!((paid.card, paid.installments), (None, None));
    let Err(PayStop::Blocked { block }) = rig.pay(rig.limit_sale("order_1002")).await else { panic!("paid twice") };
    assert_eq!((block.kind, block.can_declare_part), (BlockKind::AlreadyPaid, false), "an order has no parts");
    let above = rig.pay(rig.limit_sale("order_1010")).await.unwrap();
    assert_eq!(above.outcome, Some(OutcomeWord::Declined));
    assert_eq!(above.reason.unwrap().code, Code::LimitExceeded);
    let before = rig.pay(rig.limit_sale("order_1011")).await.unwrap();
    assert_eq!((before.outcome, before.reason.unwrap().code), (Some(OutcomeWord::Refused), Code::OrderAlreadyPaid));
    assert_eq!(rig.charged(), [125_000]);
    let at_finrota = SaleInput { account: COUNTER.to_owned(), ..rig.limit_sale("order_1003") };
    let Err(PayStop::Wrong { fault }) = rig.pay(at_finrota).await else { panic!("taken") };
    assert_eq!(fault.code, Code::WrongSubject);
    rig.close().await;
}

#[tokio::test]
async fn an_order_is_paid_by_card_in_the_installments_that_were_shown() {
    let rig = Rig::new().await;
    let question = crate::view::OptionsQuestion {
        account: AGENCY.to_owned(),
        bin: CARD[..6].to_owned(),
        amount: None,
        order: Some("order_1001".to_owned()),
    };
    let options = sale::options_for(&rig.session, question).await.unwrap();
    let three = options.programs[0].options.iter().find(|option| option.installments == 3).unwrap();
    let sale = SaleInput {
        amount: Some(lira("545.00")),
        means: MeansInput::Card {
            held: rig.hand_over(CARD).await,
            program: None,
            installments: 3,
            shown_total: three.total.clone(),
            list: options.list,
            three_ds: false,
            in_browser: true,
        },
        supervisor: Some(supervisor(PIN)),
        ..rig.limit_sale("order_1001")
    };
    let paid = rig.pay(sale).await.unwrap();
    assert_eq!(
        (paid.outcome, paid.total, paid.installments),
        (Some(OutcomeWord::Approved), Some(lira("555.00")), Some(3))
    );
    assert!(paid.in_browser);
    rig.close().await;
}
