//! What the index finds is what a walk over all attempts finds, whatever is asked, in pages of any size, while others are
//! taken and names are erased.

use jiff::tz::TimeZone;
use tokio::sync::oneshot;
use vezne_core::answers::{DeclineReason, Failure, GatewayNumbers, NotSentReason, SecureUse, Success};
use vezne_core::attempt::{Attempt, Heard, NotSent};
use vezne_core::order::OrderId;
use vezne_core::search::{PlanWanted, Query, Searched, Today};
use vezne_core::text::ForeignText;

use super::*;
use crate::Filter;
use crate::writer::Work;

/// A small generator with a fixed seed: the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most).unwrap()).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

const FIRST: [&str; 12] =
    ["Ayşe", "AYSE", "Işıl", "İsmail", "Irmak", "ipek", "Çağrı", "Şükrü", "Ömer", "Ünal", "Muhammedabdullah", "Ğ'Ian"];
const LAST: [&str; 8] =
    ["Yıldırım", "Yilmaz", "IŞIK", "Öztürk-Çağlar", "Doğan", "Ağaoğlu", "Fleming", "Muhammedabdulkerim"];
const SUBJECTS: [&str; 8] =
    ["RES-2026112{}-0{}", "REZ İĞDIR {}", "res{}0418", "{}", "AB/{}/{}", "Şube {} ödeme", "order_{}", "x{}.{}"];
const LINES: [&str; 46] = [
    "ayşe",
    "AYŞE",
    "ays",
    "a",
    "i",
    "ı",
    "İ",
    "ısm",
    "isil",
    "IŞIL",
    "yıl",
    "yilm",
    "caglar",
    "öz",
    "ozturk-ç",
    "muhammedabdul",
    "muhammedabdulk",
    "muhammed",
    "res",
    "res-2026",
    "res2026112",
    "0418",
    "418",
    "rez igd",
    "iğdır",
    "order",
    "ab/1",
    "sube",
    "545",
    "545,00",
    "545.0",
    "54",
    "1250",
    "1.250,50",
    "try",
    "eur",
    "6111",
    "•6111",
    "415565",
    "ümit",
    "tez",
    "finrota",
    "tx8",
    "visa",
    "-",
    "yok böyle biri",
];
const BESIDE: [&str; 16] = [
    "",
    "",
    "",
    "",
    "approved",
    "reddedildi",
    "bilinmiyor",
    "not sent",
    "3x",
    "tek çekim",
    "today",
    "dün",
    "2026-11-20..2026-11-21",
    "..2026-11-20",
    "2026-11-22..",
    "ay",
];

fn any_state(dice: &mut Dice) -> Option<State> {
    let evidence = || Evidence::PayAnswer;
    match dice.below(8) {
        0 => None,
        1 | 2 => Some(approved()),
        3 => Some(unknown()),
        4 => Some(set_aside()),
        5 => Some(State::NotSent(NotSent { reason: NotSentReason::Offline })),
        6 => Some(counter(CounterOutcome::Declined)),
        _ => Some(State::Declined {
            failure: Failure::plain(DeclineReason::CardDeclined),
            evidence: evidence(),
            confirmation: Confirmation::Confirmed,
        }),
    }
}

/// A subject, filled with numbers; the last one makes it the only one of its kind.
fn any_subject(dice: &mut Dice, n: u64) -> String {
    let mut subject = dice.of(&SUBJECTS).to_owned();
    while let Some((before, behind)) = subject.split_once("{}") {
        subject = format!("{before}{}{behind}", dice.below(9));
    }
    format!("{subject}{}{n}", dice.of(&["", "-", " "]))
}

/// An order id with the letters that one may have.
fn order(subject: &str) -> OrderId {
    let plain: String = subject.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    plain.parse().unwrap()
}

/// Attempt `n`, with all that may be searched of it, and the batch that writes it down.
fn any_attempt(dice: &mut Dice, n: u64) -> Batch {
    let mut one = intent(n, "R");
    let subject = any_subject(dice, n);
    one.subject = match dice.below(3) {
        0 => Subject::Order(order(&subject)),
        _ => Subject::Reference { reference: subject.parse().unwrap(), part: None },
    };
    let mut reference = u128::from(n).to_be_bytes();
    reference[0] = u8::try_from(dice.below(256)).unwrap();
    one.reference = AttemptReference::from_random(reference);
    one.base = Some(lira([54_500, 54_550, 125_050, 5_450, 600, 1][dice.below(6)]));
    one.operator = [None, Some(supervisor()), Some(OperatorId::from_parts(START, ten(2)))][dice.below(3)];
    if let Means::Card(card) = &mut one.means {
        card.plan.option.installments = [1, 3, 6][dice.below(3)];
        card.plan.option.total = lira([54_500, 55_500, 60_000][dice.below(3)]);
        card.holder = Some(name_id(n)).filter(|_| dice.below(5) > 0);
    }
    if dice.below(9) == 0 {
        one = on_limit(one);
    }
    let mut records = vec![opened(&one)];
    if dice.below(4) == 0 {
        let numbers =
            GatewayNumbers { reference: Some(ForeignText::filter(&format!("TX-8{n}"))), ..GatewayNumbers::default() };
        records
            .push(line(&one, Entry::Heard(Box::new(Heard::Success(Success { numbers, secure: SecureUse::NotSaid })))));
    }
    records.extend(any_state(dice).map(|state| entered(&one, state)));
    let held = matches!(&one.means, Means::Card(card) if card.holder.is_some());
    let name = format!("{} {}", dice.of(&FIRST), dice.of(&LAST));
    let names = if held { vec![(name_id(n), PersonName::new(name))] } else { Vec::new() };
    Batch { records, names }
}

/// A time that goes on, and now and then back.
fn any_time(dice: &mut Dice, n: u64) -> Timestamp {
    let back = if dice.below(20) == 0 { 90_000 } else { 0 };
    Timestamp::from_millis(START.as_millis() + i64::try_from(n).unwrap() * 240_000 - back * 1_000 - 86_400_000)
}

/// What a walk finds: everything that is known of each attempt is looked at.
async fn walk(journal: &Journal, query: &Query) -> Vec<String> {
    let operators = journal.operators().await.unwrap();
    let mut found = Vec::new();
    for row in journal.list(&Filter { limit: crate::LIST_MOST, ..Filter::default() }).await.unwrap() {
        let attempt = journal.attempt(row.attempt.parse().unwrap()).await.unwrap().unwrap();
        let holder = match &attempt.intent.means {
            Means::Card(card) => card.holder,
            Means::CreditLimit => None,
        };
        let holder = match holder {
            Some(name) => journal.name(name).await.unwrap(),
            None => None,
        };
        let operator = operators.iter().find(|one| Some(one.id) == attempt.intent.operator);
        let searched = searched(&attempt, &row, holder.as_ref(), operator.map(|one| one.name.to_string()));
        if searched.fits(query) {
            found.push(row.attempt);
        }
    }
    found
}

fn searched(attempt: &Attempt, row: &crate::Row, holder: Option<&PersonName>, operator: Option<String>) -> Searched {
    let intent = &attempt.intent;
    let mut texts = vec![row.account_name.clone(), row.gateway.clone()];
    texts.extend(row.brand.clone());
    texts.extend(holder.map(|name| name.expose().to_owned()));
    texts.extend(operator);
    let mut numbers = vec![row.reference.clone()];
    numbers.extend(intent.card().map(|card| card.bin.as_str().to_owned()));
    if let (Some(Heard::Success(success)), true) = (&attempt.heard, row.outcome.is_some()) {
        numbers.extend(success.numbers.reference.as_ref().map(ToString::to_string));
    }
    Searched {
        subject: row.subject.clone(),
        texts,
        numbers,
        last_four: row.last_four.clone(),
        amounts: row.base.into_iter().chain(row.total).collect(),
        outcome: row.outcome,
        account: intent.account.id.clone(),
        operator: intent.operator,
        plan: match row.installments {
            Some(count) => PlanWanted::Installments(u8::try_from(count).unwrap()),
            None => PlanWanted::CreditLimit,
        },
        opened: row.opened,
    }
}

/// All pages of this size.
async fn pages(journal: &Journal, query: &Query, limit: u32) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = journal.list(&Filter { query: query.clone(), after, limit }).await.unwrap();
        let Some(last) = page.last() else { return found };
        after = Some(last.attempt.parse().unwrap());
        found.extend(page.into_iter().map(|row| row.attempt));
    }
}

fn any_query(dice: &mut Dice) -> (String, Query) {
    let zone = TimeZone::get("Europe/Istanbul").unwrap();
    let mut words = vec![dice.of(&LINES), dice.of(&BESIDE)];
    if dice.below(3) == 0 {
        words.push(dice.of(&LINES));
    }
    let line = words.join(" ");
    let query = Query::read(&line, Today { now: START, zone: &zone });
    (line, query)
}

/// How many of the queries found something.
async fn compare(journal: &Journal, dice: &mut Dice, queries: usize) -> usize {
    let mut fruitful = 0;
    for _ in 0..queries {
        let (line, query) = any_query(dice);
        let limit = [1, 2, 7, 50][dice.below(4)];
        let (found, expected) = (pages(journal, &query, limit).await, walk(journal, &query).await);
        assert_eq!(found, expected, "{line}: {query:?}");
        fruitful += usize::from(!expected.is_empty());
    }
    fruitful
}

/// A journal that waits for no disk: what is tested here is another thing.
async fn quick() -> (TempDir, Journal) {
    let (folder, journal) = journal().await;
    let (reply, done) = oneshot::channel();
    assert!(journal.writer.as_ref().unwrap().send(Work::Run { sql: "PRAGMA synchronous = OFF", reply }).await.is_ok());
    done.await.unwrap();
    journal
        .append(
            batch(vec![operator_added(1, "Ayşe Işık", Role::Supervisor), operator_added(2, "Ümit", Role::Cashier)]),
            at(0),
        )
        .await
        .unwrap();
    (folder, journal)
}

#[tokio::test]
async fn a_search_finds_what_a_walk_over_all_attempts_finds() {
    let (folder, journal) = quick().await;
    let mut dice = Dice(0x5EED_0003);
    for n in 1..=160 {
        let attempt = any_attempt(&mut dice, n);
        let time = any_time(&mut dice, n);
        journal.append(attempt, time).await.unwrap();
    }
    let fruitful = compare(&journal, &mut dice, 90).await;
    assert!(fruitful > 35, "{fruitful} of 90 queries found something");
    // An outcome that comes later, and names that go.
    for n in (1..=160).step_by(7) {
        let attempt = journal.attempt(attempt_id(n)).await.unwrap().unwrap();
        let counter = entered(&attempt.intent, counter(CounterOutcome::Declined));
        journal.append(batch(vec![counter]), at(n)).await.unwrap();
        journal.erase_name(name_id(n + 1), at(n)).await.unwrap();
    }
    compare(&journal, &mut dice, 40).await;
    let report = journal.verify_deep().await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    let before = dump(folder.path()).await;
    journal.rebuild().await.unwrap();
    assert_eq!(dump(folder.path()).await, before);
    compare(&journal, &mut dice, 30).await;
}

#[tokio::test]
async fn a_search_index_that_somebody_changed_is_noticed_by_the_deep_verification() {
    let (folder, journal) = quick().await;
    let one = with_holder(intent(1, "R-1"), name_id(1));
    journal.append(named(vec![opened(&one)], name_id(1), "Ayşe Yıldırım"), at(1)).await.unwrap();
    assert!(journal.verify_deep().await.unwrap().is_sound());
    for change in [
        "INSERT INTO attempts_terms (rowid, terms) VALUES (1, 'made up')",
        "INSERT INTO attempts_terms (rowid, terms) SELECT max(place) + 1, 'nobody' FROM attempts",
        "INSERT INTO attempts_terms (attempts_terms) VALUES ('delete-all')",
        "DELETE FROM name_terms WHERE term = 'ayse'",
        "INSERT INTO name_terms (term) VALUES ('zeynep')",
    ] {
        let mut db = raw(folder.path()).await;
        let done = sqlx::query(change).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
        assert!(journal.verify().await.unwrap().is_sound(), "{change} changes {} rows", done.rows_affected());
        assert!(!journal.verify_deep().await.unwrap().is_sound(), "{change}");
        journal.rebuild().await.unwrap();
        assert!(journal.verify_deep().await.unwrap().is_sound(), "{change}");
    }
}

#[tokio::test]
async fn a_page_that_is_read_on_has_each_attempt_once_while_new_ones_come_in() {
    let (_folder, journal) = quick().await;
    let mut dice = Dice(0x5EED_0004);
    for n in 1..=60 {
        let attempt = any_attempt(&mut dice, n);
        journal.append(attempt, at(n)).await.unwrap();
    }
    for line in ["", "visa", "3x", "a"] {
        let zone = TimeZone::UTC;
        let query = Query::read(line, Today { now: START, zone: &zone });
        let there = pages(&journal, &query, 50).await;
        let (mut found, mut after, mut next) = (Vec::new(), None, 1_000 + u64::try_from(line.len()).unwrap() * 100);
        loop {
            let page = journal.list(&Filter { query: query.clone(), after, limit: 5 }).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.attempt.parse().unwrap());
            found.extend(page.into_iter().map(|row| row.attempt));
            next += 1;
            let attempt = any_attempt(&mut dice, next);
            journal.append(attempt, at(next)).await.unwrap();
        }
        assert_eq!(found, there, "{line}");
        assert!(pages(&journal, &Query::everything(), 50).await.len() > 60);
    }
}

#[tokio::test]
async fn a_name_that_is_erased_is_not_found_any_more_and_one_with_the_same_words_still_is() {
    let (_folder, journal) = quick().await;
    for (n, name) in [(1, "Ayşe Yıldırım"), (2, "Ayşegül Işık"), (3, "Ayşe Doğan")] {
        let one = with_holder(intent(n, &format!("R-{n}")), name_id(n));
        journal.append(named(vec![opened(&one)], name_id(n), name), at(n)).await.unwrap();
    }
    let find = async |line: &str| journal.list(&asking::text(line)).await.unwrap().len();
    // The operator of all three is an Ayşe, too.
    assert_eq!((find("yıldırım").await, find("aysegul").await, find("doğ").await), (1, 1, 1));
    journal.erase_name(name_id(1), at(9)).await.unwrap();
    journal.erase_name(name_id(2), at(9)).await.unwrap();
    assert_eq!((find("yıldırım").await, find("aysegul").await, find("doğ").await), (0, 0, 1));
    assert_eq!((find("R-1").await, find("r2").await), (1, 1), "everything else of it is still found");
}
