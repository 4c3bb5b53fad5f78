//! A journal as busy desks leave it: two thousand payments written through the journal itself, and copies of them made inside of
//! its file, because a million would take an hour to write.

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::answers::{DeclineReason, Failure};
use vezne_core::attempt::{CardMeans, Entry, Heard, Intent, Means, Round, State, Subject, ThreeDs};
use vezne_core::card::CardNumber;
use vezne_core::evidence::{Confirmation, Evidence, SupervisorWord};
use vezne_core::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId, ReversalId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, PersonName, Record};
use vezne_core::reversal::{self, Kind, Target};
use vezne_core::status::Seen;
use vezne_core::text::ForeignText;
use vezne_core::time::{Millis, Timestamp};
use vezne_home::OsEntropy;
use vezne_journal::{ChainKey, Journal, Keys, Lock};
use zeroize::Zeroizing;

/// How many payments are written in one transaction: as many syncs would take longer than everything else. A batch holds a
/// thousand records at the most.
const AT_ONCE: u64 = 200;
/// One in so many is refunded in part.
const REFUNDED: u64 = 20;
/// One in so many is declined.
const DECLINED: u64 = 10;
const NAMES: [&str; 4] = ["AYŞE YILMAZ", "İSMAİL IŞIK", "ÇAĞLA GÜMÜŞ", "ANNA-LENA MÜLLER"];

pub(crate) fn keys() -> Keys {
    Keys::only(ChainKey::new("bench", Zeroizing::new([7; 32])))
}

/// So many payments, one every 20 seconds, of which so many are written through the journal and the others copies of them.
pub(crate) async fn fill(home: &Path, payments: u64, written: u64) {
    write(home, payments.min(written)).await;
    let copies = (payments / written).saturating_sub(1);
    if copies == 0 {
        return;
    }
    let file = home.join("journal.db");
    let options = SqliteConnectOptions::new().filename(&file);
    let mut db = SqliteConnection::connect_with(&options).await.expect("the file");
    let statements = include_str!("multiply.sql").replace("{copies}", &copies.to_string());
    sqlx::raw_sql(&statements).execute(&mut db).await.expect("copies");
    db.close().await.expect("it is closed");
}

/// Through the journal.
async fn write(home: &Path, payments: u64) {
    let lock = Lock::acquire(home).expect("the lock");
    let opened = Journal::open(lock, keys(), Arc::new(OsEntropy), at(0)).await;
    let (journal, _) = opened.expect("the journal");
    let mut number = 0;
    while number < payments {
        let mut batch = Batch::default();
        let until = payments.min(number + AT_ONCE);
        for one in number..until {
            payment(one, &mut batch);
        }
        number = until;
        journal.append(batch, at(number)).await.expect("it is written");
    }
    journal.close().await;
}

fn at(number: u64) -> Timestamp {
    Timestamp::from_millis(1_780_000_000_000).after(Millis(number * 20_000))
}

fn ten(number: u64) -> [u8; 10] {
    let mut ten = [0; 10];
    ten.iter_mut().skip(2).zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    ten
}

fn lira(minor: u64) -> Money {
    Money::from_minor(i64::try_from(minor).expect("an amount"), Currency::TRY)
}

fn payment(number: u64, batch: &mut Batch) {
    let intent = intent(number);
    let (attempt, payment) = (intent.attempt, intent.payment);
    let seen = Seen {
        word: Some(ForeignText::filter("1")),
        payment_id: Some(ForeignText::filter(&(88_000_000 + number).to_string())),
        reference_number: Some(ForeignText::filter(&format!("FR-{number:012}"))),
        ..Seen::default()
    };
    let (evidence, confirmation) = (Evidence::GatewayStatus(seen), Confirmation::Confirmed);
    let failure = Failure::plain(DeclineReason::InsufficientFunds);
    let declined = number.is_multiple_of(DECLINED);
    let end = if declined {
        State::Declined { failure, evidence, confirmation }
    } else {
        State::Approved { evidence, confirmation }
    };
    let reference = intent.reference.clone();
    let account = intent.account.clone();
    let course = [State::Sending(Round::First), State::Confirming(Heard::Nothing), end];
    let entries = std::iter::once(Entry::Opened(Box::new(intent)))
        .chain(course.into_iter().map(|state| Entry::Entered(Box::new(state))));
    batch.records.extend(entries.map(|entry| Record::Attempt { attempt, payment, entry }));
    let name = NAMES.iter().cycle().nth(usize::try_from(number % 4).expect("a place")).expect("a name");
    batch.names.push((NameId::from_parts(at(0), ten(number)), PersonName::new(*name)));
    if !declined && number.is_multiple_of(REFUNDED + 1) {
        let id = ReversalId::from_parts(at(0), ten(number));
        let number = ForeignText::filter(&format!("FR-{number:012}"));
        let refund = reversal::Intent {
            reversal: id,
            payment,
            attempt,
            account,
            kind: Kind::Refund,
            amount: lira(4_500),
            target: Target::Transaction { number, reference },
            word: SupervisorWord {
                operator: OperatorId::from_parts(at(0), [9; 10]),
                reason: "brought back a day early".parse().expect("a text"),
                saw: None,
            },
        };
        let done = reversal::State::Done { proof: reversal::Proof::Answer };
        let entries = [
            reversal::Entry::Opened(Box::new(refund)),
            reversal::Entry::Entered(Box::new(reversal::State::Sending(Round::First))),
            reversal::Entry::Entered(Box::new(done)),
        ];
        batch.records.extend(entries.map(|entry| Record::Reversal { reversal: id, payment, attempt, entry }));
    }
}

fn intent(number: u64) -> Intent {
    let total = lira(55_500 + number % 90_000);
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total, commission: None };
    let card = CardNumber::parse("4155650100416111").expect("a number").summary();
    let plan = Plan { program: None, program_name: None, option };
    let holder = Some(NameId::from_parts(at(0), ten(number)));
    Intent {
        payment: PaymentId::from_parts(at(0), ten(number)),
        attempt: AttemptId::from_parts(at(0), ten(number)),
        reference: AttemptReference::from_random(u128::from(number).to_be_bytes()),
        account: AccountRef {
            id: "counter".parse().expect("an id"),
            name: "Havalimanı".parse().expect("a name"),
            gateway: GatewayKind::Finrota,
            endpoint: Endpoint {
                base_url: "https://pgw.example".to_owned(),
                host: "pgw.example".to_owned(),
                key_fingerprint: "beef".to_owned(),
            },
        },
        subject: Subject::Reference {
            reference: format!("RZ-2026-{number:07}").parse().expect("a reference"),
            part: None,
        },
        base: Some(lira(54_500)),
        means: Means::Card(Box::new(CardMeans { card, holder, plan, three_ds: ThreeDs::Asked })),
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
    }
}
