//! Attempts to write down where no till is at hand.

use std::time::{SystemTime, UNIX_EPOCH};

use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::attempt::{CardMeans, Entry, Intent, Means, Subject, ThreeDs};
use vezne_core::card::CardNumber;
use vezne_core::ids::{AttemptId, AttemptReference, NameId, PaymentId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::record::Record;
use vezne_core::time::{Millis, Timestamp};

/// The clock.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(0))
}

/// Ten bytes that no recorded program drew.
#[must_use]
pub fn ten(n: u64) -> [u8; 10] {
    let [a, b, c, d, e, f, g, h] = n.to_be_bytes();
    [b'p', b'c', a, b, c, d, e, f, g, h]
}

/// The n-th attempt: 545.00 TRY by a practice card, in the name of `holder`.
#[must_use]
pub fn intent(n: u64, holder: Option<NameId>) -> Option<Intent> {
    let at = now();
    let total = Money::from_minor(54_500, Currency::TRY);
    let option = InstallmentOption { installments: 1, monthly: total, total, commission: None };
    Some(Intent {
        payment: PaymentId::from_parts(at, ten(n)),
        attempt: AttemptId::from_parts(at, ten(n)),
        reference: AttemptReference::from_random(u128::from(n).wrapping_add(0x7043 << 64).to_be_bytes()),
        account: AccountRef {
            id: "counter".parse().ok()?,
            name: "counter".parse().ok()?,
            gateway: GatewayKind::Finrota,
            endpoint: Endpoint {
                base_url: "https://pay.example/api".to_owned(),
                host: "pay.example".to_owned(),
                key_fingerprint: "f1".to_owned(),
            },
        },
        subject: Subject::Reference { reference: format!("POWER-{n}").parse().ok()?, part: None },
        base: Some(total),
        means: Means::Card(Box::new(CardMeans {
            card: CardNumber::parse("4155650100416111").ok()?.summary(),
            holder,
            plan: Plan { program: None, program_name: None, option },
            three_ds: ThreeDs::Asked,
        })),
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: limits::PAY_DEADLINE,
            page: PagePlace::Window,
        },
        operator: None,
        overrides: None,
        follows: None,
        behind_decline: false,
    })
}

/// An entry of this attempt.
#[must_use]
pub const fn line(intent: &Intent, entry: Entry) -> Record {
    Record::Attempt { attempt: intent.attempt, payment: intent.payment, entry }
}

/// Its first entry.
#[must_use]
pub fn opened(intent: &Intent) -> Record {
    line(intent, Entry::Opened(Box::new(intent.clone())))
}
