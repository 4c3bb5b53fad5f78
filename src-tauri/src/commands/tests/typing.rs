//! What is typed before Pay.

use super::rig::{AGENCY, COUNTER, Rig, lira};
use crate::commands::sale;
use crate::view::{Code, Field, OptionsQuestion, PartInput, SubjectInput};

#[tokio::test]
async fn an_amount_is_read_by_the_accounts_rules_and_never_guessed() {
    let rig = Rig::new().await;
    let read = |text: &str, currency: &str| sale::amount_typed(&rig.session, COUNTER, text, currency);
    let plain = read("1.500,00", "TRY").unwrap();
    assert_eq!((plain.amount, plain.twice), (lira("1500.00"), false));
    assert!(read("5000.01", "TRY").unwrap().twice, "above the account's limit");
    assert!(!read("5000", "TRY").unwrap().twice);
    assert!(!read("9000", "EUR").unwrap().twice, "the limit is one in lira");
    let ambiguous = read("1.500", "TRY").unwrap_err();
    assert_eq!((ambiguous.code, ambiguous.readings), (Code::AmountAmbiguous, vec![lira("1500.00"), lira("1.50")]));
    for (text, currency, code) in [
        ("", "TRY", Code::AmountEmpty),
        ("5₺", "TRY", Code::AmountOddCharacter),
        ("15.00.00", "TRY", Code::AmountMalformed),
        ("0", "TRY", Code::AmountNotPositive),
        ("4155650100416111", "TRY", Code::AmountTooLarge),
        ("5", "try", Code::Currency),
        ("5", "GBP", Code::CurrencyNotTaken),
    ] {
        let refusal = read(text, currency).unwrap_err();
        assert_eq!((refusal.code, refusal.readings), (code, Vec::new()), "{text:?} {currency}");
    }
    assert_eq!(sale::amount_typed(&rig.session, "nobody", "5", "TRY").unwrap_err().code, Code::UnknownAccount);
    rig.close().await;
}

#[test]
fn a_subject_is_refused_with_the_field_to_blame() {
    let reference = |text: &str| SubjectInput::Reference { reference: text.to_owned(), part: None };
    let order = |text: &str| SubjectInput::Order { order: text.to_owned() };
    let part =
        |number| SubjectInput::Reference { reference: "R-1".to_owned(), part: Some(PartInput::Number { number }) };
    assert!(reference(" R-1 ").read().is_ok() && order("order_1").read().is_ok() && part(99).read().is_ok());
    for (subject, code, field) in [
        (reference("  "), Code::ReferenceEmpty, Field::Reference),
        (reference(&"R".repeat(65)), Code::ReferenceTooLong, Field::Reference),
        (reference("R\u{202e}1"), Code::ReferenceOdd, Field::Reference),
        (reference("4155 6501 0041 6111"), Code::CardDataInField, Field::Reference),
        (order(""), Code::OrderIdEmpty, Field::Order),
        (order("order 1"), Code::OrderIdOdd, Field::Order),
        (order("4155650100416111"), Code::CardDataInField, Field::Order),
        (part(0), Code::Part, Field::Part),
        (part(100), Code::Part, Field::Part),
    ] {
        let fault = subject.read().unwrap_err();
        assert_eq!((fault.code, fault.field), (code, Some(field)), "{subject:?}");
        assert!(!fault.text.unwrap().contains("4155"));
    }
}

#[tokio::test]
async fn an_order_is_shown_and_one_that_cannot_be_paid_says_why() {
    let rig = Rig::new().await;
    let plain = sale::order_of(&rig.session, AGENCY, " order_1001 ").await.unwrap();
    assert_eq!((plain.order.as_str(), plain.amount, plain.blocked), ("order_1001", Some(lira("545.00")), None));
    assert!(plain.passenger.is_some() && plain.title.is_some());
    for (order, blocked, state) in [
        ("order_1011", Some(Code::OrderAlreadyPaid), "reserved"),
        ("order_1012", Some(Code::OrderCancelled), "cancelled"),
        ("order_1013", None, "failed"),
        ("order_1014", Some(Code::OrderCancelled), "removed"),
    ] {
        let view = sale::order_of(&rig.session, AGENCY, order).await.unwrap();
        assert_eq!((view.blocked, view.state.as_str()), (blocked, state), "{order}");
    }
    assert_eq!(sale::order_of(&rig.session, AGENCY, "order_1017").await.unwrap().amount, None);
    let fault = sale::order_of(&rig.session, AGENCY, "order_1015").await.unwrap_err();
    assert_eq!((fault.code, fault.field), (Code::OrderNotFound, Some(Field::Order)));
    rig.close().await;
}

#[tokio::test]
async fn options_come_with_what_they_cost_more_and_under_a_number_of_their_own() {
    let rig = Rig::new().await;
    let first = rig.options("415565", "545.00").await;
    let again = rig.options("415565", "545.00").await;
    assert_ne!(first.list, again.list);
    let options = &first.programs[0].options;
    let three = options.iter().find(|option| option.installments == 3).unwrap();
    assert_eq!((&three.total, &three.extra, three.uneven), (&lira("555.00"), &Some(lira("10.00")), false));
    assert_eq!((&options[0].total, &options[0].extra), (&lira("545.00"), &None));
    assert_eq!((first.currency_refused, first.three_ds_forced), (None, false));
    assert!(first.programs[0].is_default && first.good_until.ends_with('Z'));
    rig.close().await;
}

#[tokio::test]
async fn options_of_an_order_take_six_digits_and_a_wrong_question_is_named() {
    let rig = Rig::new().await;
    let ask = |account: &str, bin: &str, order: Option<&str>| OptionsQuestion {
        account: account.to_owned(),
        bin: bin.to_owned(),
        amount: None,
        order: order.map(str::to_owned),
    };
    let options = sale::options_for(&rig.session, ask(AGENCY, "41556501", Some("order_1001"))).await.unwrap();
    assert_eq!((options.bin.as_str(), options.currency_refused), ("415565", None));
    let forced = sale::options_for(&rig.session, ask(AGENCY, "454671", Some("order_1001"))).await.unwrap();
    assert!(forced.three_ds_forced);
    let dollars = sale::options_for(&rig.session, ask(AGENCY, "545616", Some("order_1001"))).await.unwrap();
    assert_eq!(dollars.currency_refused.as_deref(), Some("TRY"), "{dollars:?}");
    for (question, code) in [
        (ask("nobody", "415565", Some("order_1001")), Code::UnknownAccount),
        (ask(AGENCY, "4155", Some("order_1001")), Code::CardNumber),
        (ask(AGENCY, "415565", Some("order_1015")), Code::NotKnown),
        (ask(AGENCY, "415565", None), Code::WrongSubject),
    ] {
        assert_eq!(sale::options_for(&rig.session, question.clone()).await.unwrap_err().code, code, "{question:?}");
    }
    rig.close().await;
}

#[tokio::test]
async fn only_the_newest_lists_are_remembered() {
    let rig = Rig::new().await;
    let first = rig.options("415565", "545.00").await.list;
    let shown = sale::remembered(&rig.session, first).unwrap();
    for number in first + 1..first + 64 {
        sale::remember(&rig.session, number, shown.clone());
    }
    assert!(sale::remembered(&rig.session, first).is_some());
    sale::remember(&rig.session, first + 64, shown);
    assert!(sale::remembered(&rig.session, first).is_none());
    assert!(sale::remembered(&rig.session, first + 64).is_some());
    rig.close().await;
}
