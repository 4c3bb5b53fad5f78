use vezne_core::answers::{DeclineReason, Failure};
use vezne_core::attempt::{Alarm, Contradiction, Round};
use vezne_core::card::{Bin, LastFour};
use vezne_core::ports::CardTrace;
use vezne_core::search::{PlanWanted, Query, Today, Wanted};
use vezne_core::status::Seen;

use super::*;
use crate::Filter;

fn trace() -> CardTrace {
    CardTrace {
        bin: Bin::parse("41556501").unwrap(),
        last_four: LastFour::parse("6111").unwrap(),
        base: intent(1, "R-1").base.unwrap(),
    }
}

fn ids(attempts: &[vezne_core::attempt::Attempt]) -> Vec<AttemptId> {
    attempts.iter().map(|attempt| attempt.intent.attempt).collect()
}

#[tokio::test]
async fn unfinished_is_what_a_start_must_take_up() {
    let (_folder, journal) = journal().await;
    let all: Vec<Intent> = (1..=6).map(|n| intent(n, &format!("R-{n}"))).collect();
    let late = |n: usize| entered(&all[n], approved());
    for one in &all {
        journal.append(batch(vec![opened(one)]), at(1)).await.unwrap();
    }
    let day = 86_400;
    journal.append(batch(vec![late(1), late(2), late(3)]), at(2)).await.unwrap();
    let paid = Entry::Contradicted(Contradiction { seen: Seen::default(), paid: false });
    journal.append(batch(vec![line(&all[2], paid)]), at(3)).await.unwrap();
    journal.append(batch(vec![line(&all[3], Entry::Alarmed(Alarm::PaidByUnknownCard))]), at(3)).await.unwrap();
    journal.append(batch(vec![entered(&all[4], set_aside())]), at(3)).await.unwrap();
    journal.append(batch(vec![late(5)]), at(9 * day)).await.unwrap();
    let (open, done) = (refund(1, &all[1], lira(1)), refund(2, &all[2], lira(1)));
    let records = vec![reversal_opened(&open), reversal_opened(&done), reversal_done(&done)];
    journal.append(batch(records), at(9 * day)).await.unwrap();

    let found = journal.unfinished(at(10 * day), Millis::days(8)).await.unwrap();
    // 0 is not final, 2 is contradicted, 3 is alarmed, 4 is set aside, 5 is final for a day only; 1 is over.
    let expected: Vec<AttemptId> = [0, 2, 3, 4, 5].map(|n: usize| all[n].attempt).into();
    assert_eq!(ids(&found.attempts), expected);
    assert_eq!(found.reversals.len(), 1);
    assert_eq!(found.reversals[0].intent, open);
    // What a supervisor settled is followed for as long, however it was sent.
    let not_done = reversal::Entry::Entered(Box::new(reversal::State::NotDone { word: word() }));
    let not_done = reversal_line(&open, not_done);
    journal.append(batch(vec![not_done]), at(10 * day)).await.unwrap();
    for (now, taken_up) in [(11, 1), (17, 1), (19, 0)] {
        let found = journal.unfinished(at(now * day), Millis::days(8)).await.unwrap();
        assert_eq!(found.reversals.len(), taken_up, "on day {now}");
    }
    // A clock that was set back by a year hides nothing.
    let back = Timestamp::from_millis(START.as_millis() - 365 * 86_400_000);
    assert_eq!(journal.unfinished(back, Millis::days(8)).await.unwrap().attempts.len(), 6);
}

#[tokio::test]
async fn open_attempts_are_counted_whatever_they_are_for() {
    let (_folder, journal) = journal().await;
    for n in 1..=3 {
        let one = intent(n, &format!("R-{n}"));
        journal.append(batch(vec![opened(&one)]), at(n)).await.unwrap();
        let elsewhere = intent(9, "R-9").guard_key();
        assert_eq!(journal.neighbours(&elsewhere, None).await.unwrap().open, usize::try_from(n).unwrap());
    }
}

#[tokio::test]
async fn reversals_that_are_watched_or_followed_come_once_each() {
    let (_folder, journal) = journal().await;
    let paid = intent(1, "R-1");
    journal.append(batch(vec![opened(&paid), entered(&paid, approved())]), at(1)).await.unwrap();
    let all: Vec<reversal::Intent> = (1..=3).map(|n| refund(n, &paid, lira(1))).collect();
    let not_done =
        |one| reversal_line(one, reversal::Entry::Entered(Box::new(reversal::State::NotDone { word: word() })));
    let alarmed = |one| reversal_line(one, reversal::Entry::Alarmed(reversal::UnknownCause::Restarted));
    let mut records: Vec<Record> = all.iter().map(reversal_opened).collect();
    // The first is watched; the second was settled by a word, and followed; the third is both, because of its alarm.
    records.extend([not_done(&all[1]), not_done(&all[2]), alarmed(&all[2])]);
    journal.append(batch(records), at(2)).await.unwrap();
    let found = journal.unfinished(at(3), Millis::days(8)).await.unwrap();
    let mut found: Vec<_> = found.reversals.into_iter().map(|one| one.intent.reversal).collect();
    found.sort();
    assert_eq!(found, all.iter().map(|one| one.reversal).collect::<Vec<_>>());
    assert_eq!(journal.unsettled_of(&account().id).await.unwrap(), 2, "the first, and the alarm of the third");
}

#[tokio::test]
async fn what_nobody_could_confirm_is_taken_up_however_old_it_is() {
    let (_folder, journal) = journal().await;
    let unconfirmed = || State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    for (n, state) in [(1, unconfirmed()), (2, approved()), (3, unconfirmed())] {
        let one = intent(n, &format!("R-{n}"));
        journal.append(batch(vec![opened(&one), entered(&one, state)]), at(10 - n)).await.unwrap();
    }
    let day = 86_400;
    for days in [9, 400] {
        let found = journal.unfinished(at(days * day), Millis::days(8)).await.unwrap();
        assert_eq!(ids(&found.attempts), [attempt_id(1), attempt_id(3)], "after {days} days");
    }
    // Those that are followed and need attention as well come once.
    assert_eq!(journal.unfinished(at(2 * day), Millis::days(8)).await.unwrap().attempts.len(), 3);
    // A question that is answered at last ends it.
    journal.append(batch(vec![entered(&intent(1, "R-1"), approved())]), at(9 * day)).await.unwrap();
    let found = journal.unfinished(at(400 * day), Millis::days(8)).await.unwrap();
    assert_eq!(ids(&found.attempts), [attempt_id(3)]);
}

#[tokio::test]
async fn needs_attention_agrees_with_the_attempts_own_judgement_at_any_time() {
    let (_folder, journal) = journal().await;
    let unconfirmed = State::Approved { evidence: Evidence::PayAnswer, confirmation: Confirmation::Unconfirmed };
    let states = [None, Some(unknown()), Some(set_aside()), Some(approved()), Some(unconfirmed)];
    for (n, state) in (1..).zip(states) {
        let one = intent(n, &format!("R-{n}"));
        let records = [Some(opened(&one)), state.map(|state| entered(&one, state))];
        journal.append(batch(records.into_iter().flatten().collect()), at(n)).await.unwrap();
    }
    let day = Millis::hours(24);
    let mut counts = Vec::new();
    for now in [at(5), at(5).after(day), at(5).after(day).after(Millis(1)), at(500_000)] {
        let mut expected = Vec::new();
        for n in 1..=5 {
            let attempt = journal.attempt(attempt_id(n)).await.unwrap().unwrap();
            expected.extend(attempt.needs_attention(now).then_some(attempt_id(n)));
        }
        assert_eq!(ids(&journal.needs_attention(now).await.unwrap().attempts), expected);
        counts.push(expected.len());
    }
    assert_eq!(counts, [2, 2, 3, 3]);
}

#[tokio::test]
async fn the_guard_sees_the_key_whole_and_the_card_wherever_it_was() {
    let (_folder, journal) = journal().await;
    let (paid, other, limit) = (intent(1, "REZ-1"), intent(2, "REZ-2"), on_limit(intent(3, "REZ-3")));
    let declined = State::Declined {
        failure: Failure::plain(DeclineReason::CardDeclined),
        evidence: Evidence::PayAnswer,
        confirmation: Confirmation::Confirmed,
    };
    let no = intent(4, "REZ-1");
    journal.append(batch(vec![opened(&no), entered(&no, declined)]), at(1)).await.unwrap();
    journal.append(batch(vec![opened(&paid), entered(&paid, approved())]), at(2)).await.unwrap();
    journal.append(batch(vec![opened(&other), entered(&other, unknown())]), at(3)).await.unwrap();
    journal.append(batch(vec![opened(&limit)]), at(4)).await.unwrap();
    let (first, second) = (refund(1, &paid, lira(500)), refund(2, &paid, lira(700)));
    let records = vec![reversal_opened(&first), reversal_done(&first), reversal_opened(&second)];
    journal.append(batch(records), at(5)).await.unwrap();

    let found = journal.neighbours(&intent(9, "rez-1").guard_key(), Some(trace())).await.unwrap();
    let same_key: Vec<AttemptId> = found.same_key.iter().map(|earlier| earlier.attempt).collect();
    assert_eq!(same_key, [no.attempt, paid.attempt]);
    // What is not surely returned does not count.
    assert_eq!(found.same_key[1].returned, Some(lira(500)));
    let same_card: Vec<AttemptId> = found.same_card.iter().map(|earlier| earlier.attempt).collect();
    assert_eq!(same_card, [other.attempt, paid.attempt]);
    assert_eq!(found.open, 1);
    let elsewhere = CardTrace { last_four: LastFour::parse("6112").unwrap(), ..trace() };
    let found = journal.neighbours(&intent(9, "new").guard_key(), Some(elsewhere)).await.unwrap();
    assert_eq!((found.same_key.len(), found.same_card.len(), found.open), (0, 0, 1));
    assert!(journal.neighbours(&paid.guard_key(), None).await.unwrap().same_card.is_empty());
    // Two attempts, and the refund that nobody knows the end of.
    assert_eq!(journal.unsettled_of(&account().id).await.unwrap(), 3);
}

async fn subjects(journal: &Journal, filter: Filter) -> Vec<String> {
    journal.list(&filter).await.unwrap().into_iter().map(|row| row.subject).collect()
}

pub(super) fn text(line: &str) -> Filter {
    let zone = jiff::tz::TimeZone::UTC;
    Filter { query: Query::read(line, Today { now: START, zone: &zone }), ..Filter::default() }
}

fn wanted(all: Vec<Wanted>) -> Filter {
    Filter { query: Query::All(all), ..Filter::default() }
}

#[tokio::test]
async fn the_list_is_searched_as_people_write() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    for (search, expected) in [
        ("rez-i", vec!["REZ-İ1"]),
        ("REZ-İ1", vec!["REZ-İ1"]),
        ("çağla", vec!["REZ-İ1"]),
        ("ISIK cag", vec!["REZ-İ1"]),
        ("rez", vec!["REZ-3", "REZ-İ1"]),
        ("rez 6111", vec!["REZ-İ1"]),
        ("=cmd", vec!["=cmd"]),
        ("al", vec!["=cmd"]),
        ("i1", vec!["REZ-İ1"]),
        ("tezgah", vec!["REZ-3", "=cmd", "REZ-İ1"]),
        ("555.00", vec!["=cmd", "REZ-İ1"]),
        ("\"; DROP", vec![]),
        ("ayşe isik", vec!["REZ-3", "=cmd", "REZ-İ1"]),
        ("%%%", vec![]),
        ("__", vec![]),
        ("isikk", vec![]),
    ] {
        assert_eq!(subjects(&journal, text(search)).await, expected, "{search}");
    }
}

#[tokio::test]
async fn the_list_is_filtered_and_paged_newest_first() {
    let (_folder, journal) = journal().await;
    fill(&journal).await;
    let all = journal.list(&Filter::default()).await.unwrap();
    assert_eq!(outcomes(&all), [None, Some(Outcome::Unknown), Some(Outcome::Approved)]);
    assert_eq!(all[2].total, Some(lira(55_500)));
    let holders: Vec<_> = all.iter().map(|row| row.holder.as_ref().map(|name| name.expose())).collect();
    assert_eq!(holders, [None, Some("ALİ"), Some("ÇAĞLA IŞIK")]);
    assert_eq!((all[0].last_four.as_deref(), all[2].last_four.as_deref()), (None, Some("6111")));
    let unknown = wanted(vec![Wanted::Outcome(Outcome::Unknown)]);
    assert_eq!(subjects(&journal, unknown).await, ["=cmd"]);
    let limit = wanted(vec![Wanted::Plan(PlanWanted::CreditLimit)]);
    assert_eq!(subjects(&journal, limit).await, ["REZ-3"]);
    let three = wanted(vec![Wanted::Plan(PlanWanted::Installments(3))]);
    assert_eq!(subjects(&journal, three).await, ["=cmd", "REZ-İ1"]);
    let second = wanted(vec![Wanted::Opened { from: Some(at(5)), until: Some(at(6)) }]);
    assert_eq!(subjects(&journal, second).await, ["=cmd"]);
    for (from, until) in [(None, Some(at(6))), (Some(at(5)), None)] {
        assert_eq!(subjects(&journal, wanted(vec![Wanted::Opened { from, until }])).await.len(), 2);
    }
    let nobody = wanted(vec![Wanted::Account("other".parse().unwrap())]);
    assert_eq!(subjects(&journal, nobody).await, Vec::<String>::new());
    let by = wanted(vec![Wanted::Operator(supervisor()), Wanted::Account(account().id)]);
    assert_eq!(subjects(&journal, by).await.len(), 3);
    for id in [payment_id(1).to_string(), attempt_id(1).to_string(), reversal_id(1).to_string()] {
        assert_eq!(subjects(&journal, text(&format!("fatma {id}"))).await, ["REZ-İ1"], "{id}");
    }
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = journal.list(&Filter { after, limit: 1, ..Filter::default() }).await.unwrap();
        let Some(row) = page.into_iter().next() else { break };
        after = Some(row.attempt.parse().unwrap());
        paged.push(row);
    }
    assert_eq!(paged, all);
    let strange = Filter { after: Some(attempt_id(77)), ..Filter::default() };
    assert!(journal.list(&strange).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_sent_in_the_last_minute_is_known_after_a_restart() {
    let (folder, journal) = journal().await;
    for n in 1..=3 {
        let intent = intent(n, &format!("R-{n}"));
        journal.append(batch(vec![opened(&intent)]), at(n * 30)).await.unwrap();
        if n != 2 {
            journal.append(batch(vec![entered(&intent, State::Sending(Round::First))]), at(n * 30 + 1)).await.unwrap();
        }
    }
    journal.close().await;
    let journal = open_in(folder.path()).await;
    let account = intent(1, "R-1").account.id;
    assert_eq!(journal.sent_since(&account, at(40)).await.unwrap(), [at(91)]);
    assert_eq!(journal.sent_since(&account, at(0)).await.unwrap(), [at(91), at(31)]);
    assert_eq!(journal.sent_since(&"nobody".parse().unwrap(), at(0)).await.unwrap(), []);
}

#[tokio::test]
async fn a_row_tells_whether_it_is_an_order_and_what_went_back() {
    let (_folder, journal) = journal().await;
    let (paid, mut order) = (intent(1, "R-1"), on_limit(intent(2, "R-2")));
    order.subject = Subject::Order("42".parse().unwrap());
    let (back, on_its_way) = (refund(1, &paid, lira(500)), refund(2, &paid, lira(700)));
    let records = vec![opened(&paid), entered(&paid, approved()), reversal_opened(&back), reversal_done(&back)];
    journal.append(batch(records), at(1)).await.unwrap();
    journal.append(batch(vec![reversal_opened(&on_its_way), opened(&order)]), at(2)).await.unwrap();
    let rows = journal.list(&Filter::default()).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.subject.as_str(), row.is_order, row.returned)).collect();
    assert_eq!(told, [("42", true, None), ("R-1", false, Some(lira(500)))]);
}
