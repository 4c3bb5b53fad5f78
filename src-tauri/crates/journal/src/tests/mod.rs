//! Tests over real files in temporary folders.

mod appending;
mod asking;
mod backups;
mod breaking;
mod closing;
mod closing_days;
mod damage;
mod exporting;
mod faults;
mod migrating;
mod owning;
mod pages;
mod papers;
mod plans;
mod random;
mod repairing;
mod searching;
mod work;

use std::path::Path;
use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::attempt::{
    CardMeans, CounterOutcome, Entry, Intent, Means, Outcome, SetAsideBy, State, Subject, ThreeDs, Unknown,
    UnknownCause,
};
use vezne_core::card::CardNumber;
use vezne_core::evidence::{Confirmation, Evidence, SupervisorWord};
use vezne_core::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId, ReversalId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::ports::{Entropy, Journal as _};
use vezne_core::record::{Batch, Operator, PersonName, Record};
use vezne_core::reversal;
use vezne_core::rights::Role;
use vezne_core::time::{Millis, Timestamp};
use zeroize::Zeroizing;

use crate::{ChainKey, Journal, Keys, Lock};

/// 2026-11-21T09:00:00Z.
const START: Timestamp = Timestamp::from_millis(1_795_251_600_000);

fn at(seconds: u64) -> Timestamp {
    START.after(Millis::seconds(seconds))
}

fn key(id: &str, byte: u8) -> ChainKey {
    ChainKey::new(id, Zeroizing::new([byte; 32]))
}

fn keys() -> Keys {
    Keys::only(key("key-1", 1))
}

/// The operating system's randomness, as a home hands it in.
struct Os;

impl Entropy for Os {
    fn sixteen(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    }
}

fn dice() -> Arc<dyn Entropy> {
    Arc::new(Os)
}

async fn open_in(home: &Path) -> Journal {
    let (journal, _) = Journal::open(Lock::acquire(home).unwrap(), keys(), dice(), START).await.unwrap();
    journal
}

async fn journal() -> (TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = open_in(folder.path()).await;
    (folder, journal)
}

/// A connection of somebody who goes round the program.
async fn raw(home: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", home.join("journal.db").display())).await.unwrap()
}

/// Changes what the triggers forbid, and puts the triggers back.
async fn tamper(home: &Path, statements: &[&str]) {
    let mut db = raw(home).await;
    let triggers: Vec<(String, String)> =
        sqlx::query_as("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetch_all(&mut db).await.unwrap();
    assert_eq!(triggers.len(), 3);
    for (name, _) in &triggers {
        sqlx::query(&format!("DROP TRIGGER {name}")).execute(&mut db).await.unwrap();
    }
    for statement in statements {
        let done = sqlx::query(statement).execute(&mut db).await.unwrap();
        assert!(done.rows_affected() > 0 || statement.starts_with("CREATE"), "{statement}");
    }
    for (_, sql) in &triggers {
        sqlx::query(sql).execute(&mut db).await.unwrap();
    }
    db.close().await.unwrap();
}

fn ten(n: u64) -> [u8; 10] {
    let [a, b, c, d, e, f, g, h] = n.to_be_bytes();
    [0, 0, a, b, c, d, e, f, g, h]
}

fn attempt_id(n: u64) -> AttemptId {
    AttemptId::from_parts(START, ten(n))
}

fn payment_id(n: u64) -> PaymentId {
    PaymentId::from_parts(START, ten(n))
}

fn reversal_id(n: u64) -> ReversalId {
    ReversalId::from_parts(START, ten(n))
}

fn name_id(n: u64) -> NameId {
    NameId::from_parts(START, ten(n))
}

fn supervisor() -> OperatorId {
    OperatorId::from_parts(START, ten(1))
}

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

fn account() -> AccountRef {
    AccountRef {
        id: "counter".parse().unwrap(),
        name: "Tezgâh".parse().unwrap(),
        gateway: GatewayKind::Finrota,
        endpoint: Endpoint {
            base_url: "https://pay.example/api".to_owned(),
            host: "pay.example".to_owned(),
            key_fingerprint: "f1".to_owned(),
        },
    }
}

/// Attempt `n` on a reference, 555.00 TRY in three installments, with the card that ends in 6111.
fn intent(n: u64, reference: &str) -> Intent {
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total: lira(55_500), commission: None };
    Intent {
        payment: payment_id(n),
        attempt: attempt_id(n),
        reference: AttemptReference::from_random(u128::from(n).to_be_bytes()),
        account: account(),
        subject: Subject::Reference { reference: reference.parse().unwrap(), part: None },
        base: Some(lira(54_500)),
        means: Means::Card(Box::new(CardMeans {
            card: CardNumber::parse("4155650100416111").unwrap().summary(),
            holder: None,
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
        operator: Some(supervisor()),
        overrides: None,
        follows: None,
        behind_decline: false,
    }
}

fn with_holder(mut intent: Intent, name: NameId) -> Intent {
    if let Means::Card(card) = &mut intent.means {
        card.holder = Some(name);
    }
    intent
}

fn on_limit(mut intent: Intent) -> Intent {
    intent.means = Means::CreditLimit;
    intent
}

fn opened(intent: &Intent) -> Record {
    line(intent, Entry::Opened(Box::new(intent.clone())))
}

fn line(intent: &Intent, entry: Entry) -> Record {
    Record::Attempt { attempt: intent.attempt, payment: intent.payment, entry }
}

fn entered(intent: &Intent, state: State) -> Record {
    line(intent, Entry::Entered(Box::new(state)))
}

fn unknown() -> State {
    State::Unknown(Unknown { cause: UnknownCause::NoFinalAnswer })
}

fn word() -> SupervisorWord {
    SupervisorWord { operator: supervisor(), reason: "müşteri bekliyor".parse().unwrap(), saw: None }
}

fn set_aside() -> State {
    State::SetAside(SetAsideBy { cause: UnknownCause::NoFinalAnswer, word: word() })
}

fn approved() -> State {
    State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Confirmed }
}

fn batch(records: Vec<Record>) -> Batch {
    Batch { records, names: Vec::new() }
}

fn named(records: Vec<Record>, name: NameId, text: &str) -> Batch {
    Batch { records, names: vec![(name, PersonName::new(text))] }
}

fn operator_added(n: u64, name: &str, role: Role) -> Record {
    Record::OperatorAdded(Operator {
        id: OperatorId::from_parts(START, ten(n)),
        name: name.parse().unwrap(),
        role,
        pin_hash: "$argon2id$secret".to_owned(),
    })
}

/// A refund of attempt `n`'s money.
fn refund(n: u64, of: &Intent, amount: Money) -> reversal::Intent {
    reversal::Intent {
        reversal: reversal_id(n),
        payment: of.payment,
        attempt: of.attempt,
        account: account(),
        kind: reversal::Kind::Refund,
        amount,
        target: reversal::Target::Transaction {
            number: vezne_core::text::ForeignText::filter("R-1"),
            reference: of.reference.clone(),
        },
        word: word(),
    }
}

fn reversal_line(intent: &reversal::Intent, entry: reversal::Entry) -> Record {
    Record::Reversal { reversal: intent.reversal, payment: intent.payment, attempt: intent.attempt, entry }
}

fn reversal_opened(intent: &reversal::Intent) -> Record {
    reversal_line(intent, reversal::Entry::Opened(Box::new(intent.clone())))
}

fn reversal_done(intent: &reversal::Intent) -> Record {
    let done = reversal::State::Done { proof: reversal::Proof::Answer };
    reversal_line(intent, reversal::Entry::Entered(Box::new(done)))
}

/// One of everything.
async fn fill(journal: &Journal) {
    let cook = operator_added(1, "Ayşe Işık", Role::Supervisor);
    journal.append(batch(vec![cook, operator_added(2, "Ümit", Role::Cashier)]), at(1)).await.unwrap();
    let first = with_holder(intent(1, "REZ-İ1"), name_id(1));
    journal.append(named(vec![opened(&first)], name_id(1), "ÇAĞLA IŞIK"), at(2)).await.unwrap();
    journal.append(batch(vec![entered(&first, State::AtBank), line(&first, Entry::PageOpened)]), at(3)).await.unwrap();
    journal.append(batch(vec![entered(&first, approved())]), at(4)).await.unwrap();
    let second = with_holder(intent(2, "=cmd"), name_id(2));
    journal.append(named(vec![opened(&second), entered(&second, unknown())], name_id(2), "ALİ"), at(5)).await.unwrap();
    let third = on_limit(intent(3, "REZ-3"));
    journal.append(batch(vec![opened(&third)]), at(6)).await.unwrap();
    let back = refund(1, &first, lira(10_000));
    journal.append(batch(vec![right_used(Some(first.attempt)), reversal_opened(&back)]), at(7)).await.unwrap();
    journal.append(batch(vec![reversal_done(&back)]), at(8)).await.unwrap();
}

fn right_used(about: Option<AttemptId>) -> Record {
    Record::RightUsed {
        operator: supervisor(),
        act: vezne_core::rights::Act::Refund,
        reason: "erken dönüş".parse().unwrap(),
        about,
    }
}

/// Every row of every projection, in order.
async fn dump(home: &Path) -> Vec<String> {
    let mut db = raw(home).await;
    let mut rows = Vec::new();
    for (table, order) in [
        ("attempts", "place"),
        ("payments", "place"),
        ("reversals", "place"),
        ("operators", "operator_id"),
        ("rights_used", "event_id"),
        ("closes", "number"),
    ] {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?) ORDER BY cid")
            .bind(table)
            .fetch_all(&mut db)
            .await
            .unwrap();
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY {order}", quoted.join(" || '|' || "));
        let found: Vec<String> = sqlx::query_scalar(&sql).fetch_all(&mut db).await.unwrap();
        rows.extend(found.into_iter().map(|row| format!("{table}|{row}")));
    }
    // The index holds no rows, only terms: how many attempts have each. Numbers that stand for names are made anew.
    sqlx::query("CREATE VIRTUAL TABLE temp.had USING fts5vocab (main, attempts_terms, row)")
        .execute(&mut db)
        .await
        .unwrap();
    let terms: Vec<(String, i64)> =
        sqlx::query_as("SELECT term, doc FROM temp.had ORDER BY term").fetch_all(&mut db).await.unwrap();
    let known = terms.into_iter().filter(|(term, _)| !term.starts_with("§n"));
    rows.extend(known.map(|(term, count)| format!("terms|{term}|{count}")));
    sqlx::query("INSERT INTO attempts_terms (attempts_terms) VALUES ('integrity-check')")
        .execute(&mut db)
        .await
        .unwrap();
    db.close().await.unwrap();
    rows
}

fn outcomes(rows: &[crate::Row]) -> Vec<Option<Outcome>> {
    rows.iter().map(|row| row.outcome).collect()
}

fn counter(outcome: CounterOutcome) -> State {
    let evidence = Evidence::CounterEntry(word());
    let confirmation = Confirmation::Confirmed;
    match outcome {
        CounterOutcome::Approved => State::Approved { evidence, confirmation },
        CounterOutcome::Declined => State::Declined {
            failure: vezne_core::answers::Failure::plain(vezne_core::answers::DeclineReason::Other),
            evidence,
            confirmation,
        },
    }
}
