//! A million payments, made quickly.

use std::collections::HashMap;
use std::path::Path;

use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection};
use vezne_core::account::{AccountRef, Endpoint, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::answers::{DeclineReason, Failure};
use vezne_core::attempt::{Attempt, CardMeans, Entry, Intent, Means, State, Subject, ThreeDs, Unknown, UnknownCause};
use vezne_core::card::CardNumber;
use vezne_core::evidence::{Confirmation, Evidence};
use vezne_core::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId};
use vezne_core::limits;
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, Plan};
use vezne_core::search::starts;
use vezne_core::time::{Millis, Timestamp};
use vezne_events::rows::{self, AttemptRow, Standing};
use vezne_events::search::{beginnings, terms};

/// 2026-01-01T00:00:00Z.
const START_MS: i64 = 1_767_225_600_000;
/// From one payment to the next when there are a million of them: three hundred days.
const DAYS: i64 = 300;
/// Now, as a share of the whole time in millionths.
pub(crate) const NOW: u64 = 1_000_000;

pub(crate) const FIRST: [&str; 24] = [
    "Ayşe", "Mehmet", "Fatma", "Mustafa", "Emine", "Ahmet", "Hatice", "Ali", "Zeynep", "Hüseyin", "Elif", "Hasan",
    "Meryem", "İbrahim", "Şerife", "İsmail", "Zehra", "Osman", "Sultan", "Yusuf", "Işıl", "Çağrı", "Ömer", "Gülşah",
];
pub(crate) const LAST: [&str; 24] = [
    "Yılmaz",
    "Kaya",
    "Demir",
    "Çelik",
    "Şahin",
    "Yıldız",
    "Yıldırım",
    "Öztürk",
    "Aydın",
    "Özdemir",
    "Arslan",
    "Doğan",
    "Kılıç",
    "Aslan",
    "Çetin",
    "Kara",
    "Koç",
    "Kurt",
    "Özkan",
    "Şimşek",
    "Polat",
    "Işık",
    "Ağaoğlu",
    "Erdoğan",
];
pub(crate) const OPERATORS: [&str; 4] = ["Deniz", "Ümit", "Gökçe", "Barış"];
pub(crate) const ACCOUNTS: [(&str, &str, GatewayKind); 3] = [
    ("counter", "Tezgâh", GatewayKind::Finrota),
    ("airport", "Havalimanı", GatewayKind::Finrota),
    ("agency", "Acente", GatewayKind::Yolcu360),
];

/// The moment at so many millionths of the whole time.
pub(crate) fn moment(millionths: u64) -> Timestamp {
    Timestamp::from_millis(START_MS + DAYS * 86_400_000 / 1_000_000 * millionths as i64)
}

/// The nth day.
pub(crate) fn day(number: u64) -> String {
    moment(0).after(Millis::days(number)).to_string()[..10].to_owned()
}

fn ten(n: u64) -> [u8; 10] {
    let [a, b, c, d, e, f, g, h] = n.to_be_bytes();
    [0, 0, a, b, c, d, e, f, g, h]
}

pub(crate) fn attempt(n: u64) -> AttemptId {
    AttemptId::from_parts(moment(0), ten(n))
}

pub(crate) fn payment(n: u64) -> PaymentId {
    PaymentId::from_parts(moment(0), ten(n))
}

fn name(n: u64) -> NameId {
    NameId::from_parts(moment(0), ten(n))
}

fn operator(n: usize) -> OperatorId {
    OperatorId::from_parts(moment(0), ten(n as u64 + 1))
}

/// Numbers that look drawn and are the same every time.
fn mixed(n: u64) -> u64 {
    let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x5EED);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

pub(crate) fn reference(n: u64) -> String {
    attempt_reference(n).to_string()
}

fn attempt_reference(n: u64) -> AttemptReference {
    let (a, b) = (mixed(n).to_be_bytes(), mixed(n ^ 0xFFFF).to_be_bytes());
    AttemptReference::from_random([a, b].concat().try_into().expect("sixteen bytes"))
}

/// Its reference, or its order.
pub(crate) fn subject(n: u64) -> String {
    if n % 3 == 2 {
        format!("order_{}", 100_000_000 + mixed(n) % 900_000_000)
    } else {
        // Without the year: with it, one in ten would have as many digits as a card and pass Luhn.
        let day = day(n * DAYS as u64 / 1_000_000)[5..].replace('-', "");
        format!("RES-{day}-{:06}", n)
    }
}

pub(crate) fn tail(n: u64) -> String {
    let order = subject(n / 3 * 3 + 2);
    order[order.len() - 5..].to_owned()
}

fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

/// A thousand cards, each with another end.
fn cards() -> Vec<CardNumber> {
    let mut found = Vec::new();
    let mut number = 4_155_650_100_410_000_u64;
    while found.len() < 1_000 {
        number += 1;
        found.extend(CardNumber::parse(&number.to_string()));
    }
    found
}

fn intent(n: u64, cards: &[CardNumber]) -> Intent {
    let dice = mixed(n);
    let (id, account, gateway) = ACCOUNTS[if n % 3 == 2 { 2 } else { (dice % 2) as usize }];
    let base = lira(5_000 + (dice >> 8) as i64 % 50_000 / 25 * 25);
    let installments = [1, 1, 3, 6][(dice >> 32) as usize % 4];
    let option = InstallmentOption { installments, monthly: base, total: base, commission: None };
    let limit = n % 3 == 2 && dice.is_multiple_of(4);
    let card = &cards[(dice >> 16) as usize % cards.len()];
    let means = CardMeans {
        card: card.summary(),
        holder: Some(name(n)),
        plan: Plan { program: None, program_name: None, option },
        three_ds: ThreeDs::Asked,
    };
    Intent {
        payment: payment(n),
        attempt: attempt(n),
        reference: attempt_reference(n),
        account: AccountRef {
            id: id.parse().expect("an id"),
            name: account.parse().expect("a name"),
            gateway,
            endpoint: Endpoint {
                base_url: "https://pay.example".to_owned(),
                host: "pay.example".to_owned(),
                key_fingerprint: "f".to_owned(),
            },
        },
        subject: if n % 3 == 2 {
            Subject::Order(subject(n).parse().expect("an order"))
        } else {
            Subject::Reference { reference: subject(n).parse().expect("a reference"), part: None }
        },
        base: Some(base),
        means: if limit { Means::CreditLimit } else { Means::Card(Box::new(means)) },
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: limits::PAY_DEADLINE,
            page: PagePlace::Window,
        },
        operator: Some(operator((dice >> 40) as usize % OPERATORS.len())),
        overrides: None,
        follows: None,
        behind_decline: false,
    }
}

fn ended(n: u64) -> State {
    let (evidence, confirmation) = (Evidence::PayAnswer, Confirmation::Confirmed);
    match mixed(n ^ 0xABCD) % 10_000 {
        0 => State::Unknown(Unknown { cause: UnknownCause::NoFinalAnswer }),
        1..=1_000 => State::Declined { failure: Failure::plain(DeclineReason::CardDeclined), evidence, confirmation },
        _ => State::Approved { evidence, confirmation },
    }
}

fn holder(n: u64) -> String {
    let dice = mixed(n ^ 0x1234) as usize;
    format!("{} {}", FIRST[dice % FIRST.len()], LAST[dice / 100 % LAST.len()])
}

const AT_ONCE: u64 = 500;

/// Fills the tables of a new journal.
pub(crate) async fn fill(database: &Path, payments: u64) {
    let mut db = SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.expect("the file");
    for pragma in [
        "synchronous = OFF",
        "journal_mode = OFF",
        "cache_size = -1000000",
        "temp_store = MEMORY",
        "locking_mode = EXCLUSIVE",
    ] {
        sqlx::query(&format!("PRAGMA {pragma}")).execute(&mut db).await.expect("a pragma");
    }
    let indexes: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('attempts', 'names', 'name_words') AND sql IS NOT NULL",
    )
    .fetch_all(&mut db)
    .await
    .expect("the indexes");
    for (index, _) in &indexes {
        sqlx::query(&format!("DROP INDEX {index}")).execute(&mut db).await.expect("an index");
    }
    let desk: String =
        sqlx::query_scalar("SELECT desk_id FROM events LIMIT 1").fetch_one(&mut db).await.expect("a desk");
    people(&mut db, &desk).await;
    let numbers = names(&mut db).await;
    let cards = cards();
    for begin in (1..=payments).step_by(AT_ONCE as usize) {
        let made: Vec<(AttemptRow, String)> = (begin..(begin + AT_ONCE).min(payments + 1))
            .map(|n| {
                let row = row(n, &intent(n, &cards), payments, &desk);
                let terms = terms(&row, if row.holder.is_some() { &numbers[&holder(n)] } else { &[] });
                (row, terms)
            })
            .collect();
        sqlx::query("BEGIN").execute(&mut db).await.expect("a transaction");
        write(&mut db, &desk, begin, &made).await;
        sqlx::query("COMMIT").execute(&mut db).await.expect("a transaction");
    }
    for (_, sql) in &indexes {
        sqlx::query(sql).execute(&mut db).await.expect("an index");
    }
    db.close().await.expect("the file");
}

fn row(n: u64, intent: &Intent, payments: u64, desk: &str) -> AttemptRow {
    let at = moment(n * 1_000_000 / payments);
    let mut attempt = Attempt::open(intent.clone(), at);
    attempt.apply(&Entry::Entered(Box::new(ended(n))), at).expect("an end");
    let seq = n as i64 * 8;
    rows::attempt(&attempt, Standing { desk, first_seq: seq, last_seq: seq + 7 })
}

async fn people(db: &mut SqliteConnection, desk: &str) {
    for (place, name) in OPERATORS.iter().enumerate() {
        sqlx::query(
            "INSERT INTO operators (operator_id, desk_id, name, name_key, role, pin_hash, added_ms, seq) \
             VALUES (?, ?, ?, ?, 'cashier', 'x', 0, ?)",
        )
        .bind(operator(place).to_string())
        .bind(desk)
        .bind(name)
        .bind(vezne_core::text::fold(name))
        .bind(place as i64 + 2)
        .execute(&mut *db)
        .await
        .expect("an operator");
    }
}

/// The beginnings of all names, and for each name their numbers.
async fn names(db: &mut SqliteConnection) -> HashMap<String, Vec<i64>> {
    let mut numbers: HashMap<String, i64> = HashMap::new();
    let mut found = HashMap::new();
    for first in FIRST {
        for last in LAST {
            let name = format!("{first} {last}");
            let mut of_name = Vec::new();
            for term in starts(&name).iter().flat_map(|word| beginnings(word, 1)) {
                let next = numbers.len() as i64 + 1;
                let number = *numbers.entry(term).or_insert(next);
                of_name.push(number);
            }
            found.insert(name, of_name);
        }
    }
    for (term, number) in numbers {
        sqlx::query("INSERT INTO name_terms (term_id, term) VALUES (?, ?)")
            .bind(number)
            .bind(term)
            .execute(&mut *db)
            .await
            .expect("a term");
    }
    found
}

async fn write(db: &mut SqliteConnection, desk: &str, begin: u64, made: &[(AttemptRow, String)]) {
    let mut sql: QueryBuilder<'_, Sqlite> = QueryBuilder::new(
        "INSERT INTO attempts (place, attempt_id, desk_id, payment_id, reference, account_id, account_name, gateway, \
         guard_key, blocks, state, outcome, evidence, unconfirmed, reason, subject_kind, subject, base_minor, base_currency, \
         total_minor, total_currency, means, installments, brand, bin, first_six, last_four, holder, operator_id, opened_ms, \
         since_ms, is_final, set_aside, contradicted, alarmed, watched, attention_ms, search, last_seq) ",
    );
    sql.push_values(made, |mut to, (row, _)| {
        to.push_bind(row.place).push_bind(&row.attempt_id).push_bind(&row.desk_id).push_bind(&row.payment_id);
        to.push_bind(&row.reference).push_bind(&row.account_id).push_bind(&row.account_name).push_bind(&row.gateway);
        to.push_bind(&row.guard_key).push_bind(row.blocks).push_bind(&row.state).push_bind(&row.outcome);
        to.push_bind(&row.evidence).push_bind(row.unconfirmed).push_bind(&row.reason).push_bind(&row.subject_kind);
        to.push_bind(&row.subject).push_bind(row.base_minor).push_bind(&row.base_currency).push_bind(row.total_minor);
        to.push_bind(&row.total_currency).push_bind(&row.means).push_bind(row.installments).push_bind(&row.brand);
        to.push_bind(&row.bin).push_bind(&row.first_six).push_bind(&row.last_four).push_bind(&row.holder);
        to.push_bind(&row.operator_id).push_bind(row.opened_ms).push_bind(row.since_ms).push_bind(row.is_final);
        to.push_bind(row.set_aside).push_bind(row.contradicted).push_bind(row.alarmed).push_bind(row.watched);
        to.push_bind(row.attention_ms).push_bind(&row.search).push_bind(row.last_seq);
    });
    sql.build().execute(&mut *db).await.expect("attempts");
    let mut sql: QueryBuilder<'_, Sqlite> = QueryBuilder::new("INSERT INTO attempts_terms (rowid, terms) ");
    sql.push_values(made, |mut to, (row, terms)| {
        to.push_bind(row.place).push_bind(terms);
    });
    sql.build().execute(&mut *db).await.expect("terms");
    let held: Vec<(u64, &AttemptRow)> =
        (begin..).zip(made.iter().map(|(row, _)| row)).filter(|(_, row)| row.holder.is_some()).collect();
    let mut sql: QueryBuilder<'_, Sqlite> = QueryBuilder::new("INSERT INTO names (name_id, desk_id, text, salt) ");
    sql.push_values(&held, |mut to, (n, row)| {
        to.push_bind(&row.holder).push_bind(desk).push_bind(holder(*n)).push_bind(vec![0_u8; 16]);
    });
    sql.build().execute(&mut *db).await.expect("names");
    let words: Vec<(String, &AttemptRow)> =
        held.iter().flat_map(|(n, row)| starts(&holder(*n)).into_iter().map(move |word| (word, *row))).collect();
    let mut sql: QueryBuilder<'_, Sqlite> = QueryBuilder::new("INSERT INTO name_words (word, name_id) ");
    sql.push_values(&words, |mut to, (word, row)| {
        to.push_bind(word).push_bind(&row.holder);
    });
    sql.build().execute(&mut *db).await.expect("words");
}
