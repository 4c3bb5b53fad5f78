//! What the people at the desk ask the till for.

use std::collections::HashMap;
use std::sync::Arc;

use url::Url;
use vezne_core::account::{Account, AccountRef, Endpoint, GatewayKind, Terms};
use vezne_core::attempt::Subject;
use vezne_core::card::{CardDetails, CardHolder, CardNumber, Cvc, Expiry};
use vezne_core::guard::Block;
use vezne_core::ids::{AccountId, AttemptId, OperatorId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::Choice;
use vezne_core::ports::Gateway;
use vezne_core::record::Operator;
use vezne_core::reference::{Part, PartNumber};
use vezne_core::rights::Role;
use vezne_core::text::TypedText;
use vezne_core::time::{Millis, Timestamp};
use vezne_till::{Authority, PayError, PayMeans, PayRequest, ReverseError, Served};

use crate::books::price_of;
use crate::gateway::SimGateway;
use crate::ports::PIN;
use crate::schedule::{Means, Scene};
use crate::world::{START, State, World};

/// The cards at hand.
const CARDS: [&str; 4] = ["4155650100416111", "5555555555554444", "4111111111111111", "4242424242424242"];

const SUPERVISOR: &str = "Sefika";

/// The one account of a scene.
pub(crate) fn account(scene: &Scene) -> Option<Account> {
    let word = scene.gateway.word();
    Some(Account {
        reference: AccountRef {
            id: word.parse().ok()?,
            name: word.parse().ok()?,
            gateway: scene.gateway,
            endpoint: Endpoint {
                base_url: format!("https://{word}.example"),
                host: format!("{word}.example"),
                key_fingerprint: "f00d".to_owned(),
            },
        },
        terms: Terms {
            status_query: scene.query,
            return_rule: scene.rule,
            challenge: Millis::minutes(10),
            pay_deadline: Millis::seconds(120),
            page: scene.page,
        },
        reversals: true,
        credit_limit: true,
        currencies: vec![Currency::TRY],
        duplicate_window: Millis::minutes(10),
        confirm_above: None,
        void_until_minutes: 22 * 60,
    })
}

/// The account with its gateway, for one life of the desk.
pub(crate) fn served(world: &Arc<World>) -> Option<HashMap<AccountId, Served>> {
    let scene = world.with(|state| Arc::clone(&state.schedule));
    let account = account(&scene.scene)?;
    let base_url: Url = account.reference.endpoint.base_url.parse().ok()?;
    let gateway: Arc<dyn Gateway> = Arc::new(SimGateway::new(world, scene.scene.gateway, base_url));
    Some(HashMap::from([(account.reference.id.clone(), Served { account, gateway })]))
}

/// The supervisor.
pub(crate) fn supervisor() -> Option<Operator> {
    Some(Operator {
        id: OperatorId::from_parts(Timestamp::from_millis(START), [1; 10]),
        name: SUPERVISOR.parse().ok()?,
        role: Role::Supervisor,
        pin_hash: PIN.to_owned(),
    })
}

/// The supervisor's right for one act.
pub(super) fn authority() -> Option<Authority> {
    Some(Authority {
        name: SUPERVISOR.to_owned(),
        pin: zeroize::Zeroizing::new(PIN.to_owned()),
        reason: "the customer waits".parse().ok()?,
    })
}

/// What the supervisor saw in the gateway's portal.
pub(super) fn slip() -> Option<TypedText> {
    "portal 4711".parse().ok()
}

fn card(number: u8) -> Option<CardDetails> {
    let number = CARDS.get(usize::from(number) % CARDS.len())?;
    let number = CardNumber::parse(number).ok()?;
    let cvc = Cvc::parse("987", number.brand()).ok()?;
    Some(CardDetails {
        number,
        holder: CardHolder::parse("Ayse Yilmaz").ok()?,
        expiry: Expiry::parse(12, 2029).ok()?,
        cvc,
    })
}

/// A payment of a customer.
pub(super) fn pay(state: &State, who: usize, overrides: Option<AttemptId>, twin_confirmed: bool) -> Option<PayRequest> {
    let scene = &state.schedule.scene;
    let customer = scene.customers.get(who)?;
    let subject = match scene.gateway {
        GatewayKind::Yolcu360 => Subject::Order(format!("order_{}", customer.subject).parse().ok()?),
        GatewayKind::Finrota => Subject::Reference {
            reference: format!("R-{}", customer.subject).parse().ok()?,
            part: customer.part.and_then(PartNumber::new).map(Part::Number),
        },
    };
    let other = state.desk.customers.get(who).map_or(0, |known| known.other_card);
    let card = || card(customer.card.wrapping_add(other));
    let choice = Choice { program: None, installments: customer.installments, shown_total: None };
    let by_card =
        |three_ds| Some(PayMeans::Card { card: Box::new(card()?), choice: choice.clone(), shown: None, three_ds });
    let means = match customer.means {
        Means::Secure => by_card(true)?,
        Means::Plain => by_card(false)?,
        Means::Limit => PayMeans::CreditLimit,
    };
    let needs_word = overrides.is_some() || customer.means == Means::Plain;
    Some(PayRequest {
        account: scene.gateway.word().parse().ok()?,
        subject,
        amount: Some(Money::from_minor(price_of(customer.subject), Currency::TRY)),
        amount_again: None,
        means,
        operator: None,
        authority: if needs_word { authority() } else { None },
        overrides,
        twin_confirmed,
        page: None,
    })
}

/// The word for a payment that was not begun.
pub(super) fn word_of(error: &PayError) -> &'static str {
    match error {
        PayError::Blocked(block) => match **block {
            Block::OpenOrUnknown(_) => "open or unknown",
            Block::Contradicted(_) => "contradicted",
            Block::AlreadyPaid { .. } => "already paid",
            Block::SameCardUnknown(_) => "same card unknown",
            Block::SetAsideSameCard(_) => "set aside same card",
            Block::Twin(_) => "twin",
            Block::TooManyOpen { .. } => "too many open",
        },
        PayError::UnknownAccount => "unknown account",
        PayError::WrongSubject(_) => "wrong subject",
        PayError::CurrencyNotTaken(_) => "currency not taken",
        PayError::NoCreditLimit => "no credit limit",
        PayError::TypeTwice { .. } => "type twice",
        PayError::SpanMissing { .. } => "span missing",
        PayError::NeedsSupervisor(_) => "needs supervisor",
        PayError::NotASupervisor => "not a supervisor",
        PayError::Refused(_) => "refused",
        PayError::Options(_) => "options",
        PayError::NotSent(_) => "not sent",
        PayError::CardForgotten => "card forgotten",
        PayError::Journal(_) => "journal",
        PayError::Closing => "closing",
    }
}

/// The word for a reversal that was not begun.
pub(super) fn word_of_reversal(error: &ReverseError) -> &'static str {
    match error {
        ReverseError::NotFound => "not found",
        ReverseError::NotApproved => "not approved",
        ReverseError::AlreadyReturned(_) => "already returned",
        ReverseError::Changed { .. } => "changed",
        ReverseError::WhichAttempt => "which attempt",
        ReverseError::TwoApproved => "two approved",
        ReverseError::SwitchedOff => "switched off",
        ReverseError::AccountGone => "account gone",
        ReverseError::OneAtATime(_) => "one at a time",
        ReverseError::TooMuch { .. } => "too much",
        ReverseError::BadAmount(_) => "bad amount",
        ReverseError::VoidNotPossible(_) => "void not possible",
        ReverseError::WholeOnly => "whole only",
        ReverseError::AmountNotKnown => "amount not known",
        ReverseError::Refused(_) => "refused",
        ReverseError::NotASupervisor => "not a supervisor",
        ReverseError::Read(_) => "read",
        ReverseError::Journal(_) => "journal",
        ReverseError::Closing => "closing",
    }
}
