//! Cards that are handed over, held, and used again.

use super::rig::{CARD, Rig, json};
use crate::commands::card;
use crate::commands::history;
use crate::view::{Code, Fault, Field, LineKind, MeansInput, OutcomeWord, PayStop, SaleInput};

const DECLINED: &str = "4155654020020011";

#[tokio::test]
async fn a_wrong_card_names_its_field_and_repeats_nothing_of_it() {
    let rig = Rig::new().await;
    for (text, code, field) in [
        (json("4155650100416112"), Code::CardNumber, Some(Field::Number)),
        (json(CARD).replace("2030", "2020"), Code::CardExpired, Some(Field::Expiry)),
        (json(CARD).replace(":12,", ":13,"), Code::CardExpiry, Some(Field::Expiry)),
        (json(CARD).replace(":12,", ":null,"), Code::CardExpiry, Some(Field::Expiry)),
        (json(CARD).replace("\"123\"", "\"12\""), Code::CardCvc, Some(Field::Cvc)),
        (json(CARD).replace("AYŞE YILMAZ", ""), Code::CardHolder, Some(Field::Holder)),
        (json(CARD).replace("AYŞE YILMAZ", CARD), Code::CardDataInField, Some(Field::Holder)),
        (json(CARD).replace("\"cvc\"", "\"4155650100416111\""), Code::Internal, None),
        (CARD.to_owned(), Code::Internal, None),
        (String::new(), Code::Internal, None),
    ] {
        let fault = card::card_of(&rig.session, text.as_bytes()).unwrap_err();
        assert_eq!((fault.code, fault.field), (code, field), "{fault:?}");
        let told = format!("{fault:?}");
        for secret in ["4155", "6111", "AYŞE", "\"12\""] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    rig.close().await;
}

#[tokio::test]
async fn the_same_card_again_after_a_decline_asks_only_for_the_security_code() {
    let rig = Rig::new().await;
    let sale = rig.card_sale("RES-6", "80.00", DECLINED).await;
    let declined = rig.pay(sale.clone()).await.unwrap();
    assert_eq!((declined.outcome, declined.reason.unwrap().code), (Some(OutcomeWord::Declined), Code::CardDeclined));
    assert!(declined.same_card_until.is_some());
    let again = async |digits: &str| card::cvc_for(&rig.session, &declined.attempt, digits.as_bytes()).await;
    let fault = again("12").await.unwrap_err();
    assert_eq!((fault.code, fault.field), (Code::CardCvc, Some(Field::Cvc)));
    let means = |held: String| match sale.means.clone() {
        MeansInput::Card { program, installments, shown_total, list, three_ds, in_browser, .. } => {
            MeansInput::Card { held, program, installments, shown_total, list, three_ds, in_browser }
        }
        MeansInput::CreditLimit => panic!("a card"),
    };
    let second = SaleInput { means: means(again("123").await.unwrap()), ..sale.clone() };
    let second = rig.pay(second).await.unwrap();
    assert_eq!(second.payment, declined.payment, "one payment, two attempts");
    assert_ne!(second.attempt, declined.attempt);
    let detail = history::detail(&rig.session, &second.payment).await.unwrap();
    assert_eq!(detail.attempts.len(), 2);
    let no = detail.lines.iter().find(|line| line.kind == LineKind::HeardNo).unwrap();
    assert_eq!(no.code, Some(Code::CardDeclined));
    rig.session.till.forget_cards().await;
    let forgotten = card::cvc_for(&rig.session, &second.attempt, b"123").await.unwrap_err();
    assert_eq!((forgotten.code, forgotten.field), (Code::CardForgotten, Some(Field::Number)));
    rig.close().await;
}

#[tokio::test]
async fn a_card_is_paid_with_once_and_is_gone_when_it_was_forgotten() {
    let rig = Rig::new().await;
    let fault = Fault::new(Code::CardForgotten).at(Field::Number);
    let forgotten = Err(PayStop::Wrong { fault });
    let sale = rig.card_sale("RES-7", "31.00", CARD).await;
    rig.session.till.forget_cards().await;
    assert_eq!(rig.pay(sale).await, forgotten);
    let sale = rig.card_sale("RES-7", "31.00", CARD).await;
    rig.pay(sale.clone()).await.unwrap();
    let other = SaleInput {
        subject: crate::view::SubjectInput::Reference { reference: "RES-8".to_owned(), part: None },
        twin_confirmed: true,
        ..sale
    };
    assert_eq!(rig.pay(other).await, forgotten, "the card went with its attempt");
    assert_eq!(rig.charged(), [3_100]);
    rig.close().await;
}
