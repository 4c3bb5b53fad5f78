//! Accounts, cards, requests and answers that the tests are made of.

use vezne_core::account::{Account, AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::answers::{
    DeclineReason, Failure, GatewayNumbers, OrderFacts, OrderState, PayAnswer, SecureUse, StatusAnswer, Success,
    TransactionFacts, TransactionState, Unclear,
};
use vezne_core::attempt::{Attempt, ReturnFields, ReturnHint, Subject};
use vezne_core::card::{CardDetails, CardHolder, CardNumber, Cvc, Expiry};
use vezne_core::ids::{AttemptId, HeldId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::{Choice, InstallmentOption, OptionList, Program, ProgramId, ThreeDsRule};
use vezne_core::ports::{
    BankPage, Clock, OptionsQuestion, OrderSummary, PayAnswerOrOrder, PayResult, ReversalBaseline,
};
use vezne_core::status::Seen;
use vezne_core::text::{ForeignText, TypedText};
use vezne_core::time::Millis;
use vezne_till::{AttemptView, Authority, PayError, PayMeans, PayRequest, SettleRequest, Till, Verdict};

use super::clock::FakeClock;

pub(crate) const VISA: &str = "4155650100416111";
pub(crate) const MASTERCARD: &str = "5555555555554444";
pub(crate) const THIRD_CARD: &str = "4111111111111111";
/// What the orders of the tests cost.
pub(crate) const PRICE: i64 = 54_500;

pub(crate) const fn lira(kurus: i64) -> Money {
    Money::from_minor(kurus, Currency::TRY)
}

pub(crate) fn text(text: &str) -> ForeignText {
    ForeignText::filter(text)
}

pub(crate) fn account(gateway: GatewayKind) -> Account {
    let word = gateway.word();
    Account {
        reference: AccountRef {
            id: word.parse().unwrap(),
            name: format!("Şube {word}").parse().unwrap(),
            gateway,
            endpoint: Endpoint {
                base_url: format!("https://{word}.example"),
                host: format!("{word}.example"),
                key_fingerprint: "f00d".to_owned(),
            },
        },
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: Millis::seconds(120),
            page: PagePlace::Window,
        },
        reversals: true,
        credit_limit: true,
        currencies: vec![Currency::TRY],
        duplicate_window: Millis::minutes(10),
        confirm_above: None,
        void_until_minutes: 22 * 60,
    }
}

pub(crate) fn list_for(question: &OptionsQuestion, clock: &FakeClock) -> OptionList {
    let (bin, base) = match question {
        OptionsQuestion::Amount { bin, amount } => (*bin, *amount),
        OptionsQuestion::Order { bin, .. } => (*bin, lira(PRICE)),
    };
    let option = |installments: u8, total: Money| InstallmentOption {
        installments,
        monthly: Money::from_minor(total.minor() / i64::from(installments), total.currency()),
        total,
        commission: None,
    };
    let dearer = Money::from_minor(base.minor() + base.minor() / 10, base.currency());
    OptionList {
        bin,
        base: Some(base),
        programs: vec![Program {
            id: ProgramId(text("bonus")),
            name: Some(text("Bonus")),
            is_default: true,
            options: vec![option(1, base), option(3, dearer)],
        }],
        three_ds: ThreeDsRule::Optional,
        bank: None,
        family: None,
        association: None,
        card_type: None,
        currencies: vec![Currency::TRY],
        at: clock.now(),
    }
}

pub(crate) fn card(number: &str) -> CardDetails {
    let number = CardNumber::parse(number).unwrap();
    let cvc = Cvc::parse("987", number.brand()).unwrap();
    let holder = CardHolder::parse("Ayşe Yılmaz").unwrap();
    CardDetails { number, holder, expiry: Expiry::parse(12, 2029).unwrap(), cvc }
}

pub(crate) const fn choice(installments: u8) -> Choice {
    Choice { program: None, installments, shown_total: None }
}

pub(crate) fn by_card(number: &str) -> PayMeans {
    PayMeans::Card { card: Box::new(card(number)), choice: choice(1), shown: None, three_ds: true }
}

pub(crate) fn new_cvc() -> Cvc {
    Cvc::parse("123", vezne_core::card::Brand::Visa).unwrap()
}

pub(crate) const fn by_held(held: HeldId) -> PayMeans {
    PayMeans::Held { held, choice: choice(1), shown: None, three_ds: true }
}

/// The card kept of this attempt, with a new CVC.
pub(crate) async fn same_card(till: &Till, of: AttemptId) -> Result<PayMeans, PayError> {
    till.hold_again(of, new_cvc()).await.map(by_held)
}

fn request(gateway: GatewayKind, subject: Subject, amount: Option<Money>) -> PayRequest {
    PayRequest {
        account: gateway.word().parse().unwrap(),
        subject,
        amount,
        amount_again: None,
        means: by_card(VISA),
        operator: None,
        authority: None,
        overrides: None,
        twin_confirmed: false,
        page: None,
    }
}

/// A booking number at Finrota.
pub(crate) fn booking(reference: &str, kurus: i64) -> PayRequest {
    let subject = Subject::Reference { reference: reference.parse().unwrap(), part: None };
    request(GatewayKind::Finrota, subject, Some(lira(kurus)))
}

/// An order at Yolcu360.
pub(crate) fn order(id: &str) -> PayRequest {
    request(GatewayKind::Yolcu360, Subject::Order(id.parse().unwrap()), Some(lira(PRICE)))
}

pub(crate) fn supervisor() -> Authority {
    authority("Şefika", "1234")
}

/// What a supervisor saw.
pub(crate) fn slip() -> Option<TypedText> {
    Some("portal 4711".parse().expect("a text"))
}

pub(crate) fn authority(name: &str, pin: &str) -> Authority {
    Authority {
        name: name.to_owned(),
        pin: zeroize::Zeroizing::new(pin.to_owned()),
        reason: "the customer waits".parse().unwrap(),
    }
}

pub(crate) fn verdict(attempt: AttemptId, verdict: Verdict) -> SettleRequest {
    SettleRequest { attempt, verdict, authority: supervisor(), saw: Some("portal 4711".parse().unwrap()) }
}

pub(crate) fn answer(answer: PayAnswer) -> PayResult {
    PayResult { answer: PayAnswerOrOrder::Answer(answer), page: None }
}

pub(crate) fn success() -> PayResult {
    success_numbered(None)
}

pub(crate) fn success_numbered(payment: Option<&str>) -> PayResult {
    let numbers = GatewayNumbers { payment: payment.map(text), ..GatewayNumbers::default() };
    answer(PayAnswer::Success(Success { numbers, secure: SecureUse::Used }))
}

pub(crate) fn failure() -> PayResult {
    answer(PayAnswer::Failure(Failure::plain(DeclineReason::InsufficientFunds)))
}

pub(crate) fn timed_out() -> PayResult {
    answer(PayAnswer::Unclear(Unclear::TimedOut))
}

pub(crate) fn unauthorised() -> PayResult {
    answer(PayAnswer::Unauthorised(None))
}

pub(crate) fn challenge() -> PayResult {
    PayResult {
        answer: PayAnswerOrOrder::Answer(PayAnswer::Challenge),
        page: Some(BankPage::Address("https://bank.example/secret".to_owned())),
    }
}

/// Finrota's word on an attempt.
pub(crate) fn transaction(attempt: &Attempt, state: TransactionState) -> StatusAnswer {
    StatusAnswer::Transaction(TransactionFacts {
        state,
        client_reference: Some(text(attempt.intent.reference.as_str())),
        reference_number: Some(text("RN-1")),
        id: Some(text("T-1")),
        amount: attempt.intent.total().into(),
        last_four: None,
    })
}

pub(crate) fn paid_transaction(attempt: &Attempt) -> StatusAnswer {
    transaction(attempt, TransactionState::Paid)
}

pub(crate) fn failed_transaction(attempt: &Attempt) -> StatusAnswer {
    transaction(attempt, TransactionState::Failed)
}

pub(crate) fn pending_transaction(attempt: &Attempt) -> StatusAnswer {
    transaction(attempt, TransactionState::Pending)
}

pub(crate) fn facts(state: OrderState, payment_id: Option<&str>) -> OrderFacts {
    OrderFacts {
        state,
        vendor_cancelled: false,
        payment_id: payment_id.map(text),
        updated_at: Some(text(payment_id.unwrap_or("before"))),
        payment_type: Some(text("creditCard")),
        price: lira(PRICE).into(),
    }
}

pub(crate) fn order_summary() -> OrderSummary {
    summary(facts(OrderState::Pending, None))
}

pub(crate) fn summary(facts: OrderFacts) -> OrderSummary {
    OrderSummary { facts, passenger: None, title: None, currency: Some(Currency::TRY) }
}

pub(crate) fn remaining(kurus: i64) -> ReversalBaseline {
    ReversalBaseline::Remaining { amount: lira(kurus), seen: Seen::default(), number: Some(text("RN-1")) }
}

/// What the bank's page sends back for this attempt: explicit, and the window's own page.
pub(crate) fn returned(view: &AttemptView, success: bool) -> ReturnHint {
    let fields = match &view.order {
        Some(order) => ReturnFields {
            status: Some(text(if success { "success" } else { "failed" })),
            order: Some(text(order)),
            ..ReturnFields::default()
        },
        None => ReturnFields {
            success: Some(text(if success { "true" } else { "false" })),
            client_reference: Some(text(view.reference.as_str())),
            ..ReturnFields::default()
        },
    };
    ReturnHint { fields, own_page: true }
}

/// The same words out of an image or a hidden frame.
pub(crate) fn forged(view: &AttemptView, success: bool) -> ReturnHint {
    ReturnHint { own_page: false, ..returned(view, success) }
}
