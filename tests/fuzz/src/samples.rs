//! What an answer is read for: accounts, payments and reversals as a desk has them.

use std::sync::LazyLock;

use secrecy::SecretString;
use url::Url;
use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::attempt::{Attempt, CardMeans, Intent, Means, Subject, ThreeDs};
use vezne_core::card::{Bin, Brand, CardSummary, LastFour};
use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::{AttemptId, AttemptReference, OperatorId, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::reversal::{self, Kind, Reversal, Target};
use vezne_core::status::Baseline;
use vezne_core::time::{Millis, Timestamp};
use vezne_gateway::Login;
use vezne_gateway::reading::Reader;

/// Noon on 21 November 2026, UTC.
pub const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);

/// So many kuruş.
#[must_use]
pub const fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

static BASE: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("https://gateway.example/api/v1").ok());
static LOGIN: LazyLock<Login> =
    LazyLock::new(|| Login::Pair { key: SecretString::from("key"), secret: SecretString::from("secret") });

/// Reads as an account on the internet does.
///
/// # Panics
/// Never: the address is one.
#[must_use]
pub fn reader(kind: GatewayKind) -> Reader<'static> {
    let base_url = BASE.as_ref();
    assert!(base_url.is_some(), "the sample's address can't be read");
    let base_url = base_url.unwrap_or_else(|| unreachable!());
    Reader { kind, base_url, login: &LOGIN, now: NOON }
}

/// A payment by card.
///
/// # Panics
/// Never: every sample is what it should be.
#[must_use]
pub fn intent(kind: GatewayKind) -> Intent {
    let made = try_intent(kind);
    assert!(made.is_some(), "a sample can't be made");
    made.unwrap_or_else(|| unreachable!())
}

fn try_intent(kind: GatewayKind) -> Option<Intent> {
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total: lira(55_500), commission: None };
    let card =
        CardSummary { brand: Brand::Visa, bin: Bin::parse("41556501").ok()?, last_four: LastFour::parse("6111").ok()? };
    let plan = Plan { program: None, program_name: None, option };
    Some(Intent {
        payment: PaymentId::from_parts(NOON, [1; 10]),
        attempt: AttemptId::from_parts(NOON, [2; 10]),
        reference: AttemptReference::from_random([3; 16]),
        account: AccountRef {
            id: "acc".parse().ok()?,
            name: "Counter".parse().ok()?,
            gateway: kind,
            endpoint: Endpoint {
                base_url: "https://gateway.example/api/v1".to_owned(),
                host: "gateway.example".to_owned(),
                key_fingerprint: "f00d".to_owned(),
            },
        },
        subject: match kind {
            GatewayKind::Finrota => Subject::Reference { reference: "BOOKING-1".parse().ok()?, part: None },
            GatewayKind::Yolcu360 => Subject::Order("order_1".parse().ok()?),
        },
        base: Some(lira(54_500)),
        means: Means::Card(Box::new(CardMeans { card, holder: None, plan, three_ds: ThreeDs::Asked })),
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: Millis::seconds(120),
            page: PagePlace::Window,
        },
        operator: None,
        overrides: None,
        follows: None,
        behind_decline: false,
    })
}

/// An attempt that was opened.
#[must_use]
pub fn attempt(kind: GatewayKind) -> Attempt {
    Attempt::open(intent(kind), NOON)
}

/// A void of it.
///
/// # Panics
/// Never: every sample is what it should be.
#[must_use]
pub fn reversal(kind: GatewayKind) -> Reversal {
    let made = try_reversal(kind);
    assert!(made.is_some(), "a sample can't be made");
    made.unwrap_or_else(|| unreachable!())
}

fn try_reversal(kind: GatewayKind) -> Option<Reversal> {
    let intent = intent(kind);
    let target = match &intent.subject {
        Subject::Order(order) => Target::Order(order.clone()),
        Subject::Reference { .. } => {
            Target::Transaction { number: "REF-77".parse().ok()?, reference: intent.reference.clone() }
        }
    };
    let opened = reversal::Intent {
        reversal: ReversalId::from_parts(NOON, [4; 10]),
        payment: intent.payment,
        attempt: intent.attempt,
        account: intent.account,
        kind: Kind::Refund,
        amount: lira(5_500),
        target,
        word: SupervisorWord {
            operator: OperatorId::from_parts(NOON, [5; 10]),
            reason: "the customer changed plans".parse().ok()?,
            saw: None,
        },
    };
    let entries =
        [reversal::Entry::Opened(Box::new(opened)), reversal::Entry::BaselineRead(Baseline::Remaining(lira(55_500)))];
    Reversal::fold(entries.into_iter().map(|entry| (NOON, entry))).ok()
}
