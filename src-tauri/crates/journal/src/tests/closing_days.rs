//! Random days of a desk, closed as they come: several accounts, operators, plans and currencies, returns of every kind, and
//! a clock that is set back in between.

use std::collections::BTreeMap;

use proptest::prelude::*;
use vezne_core::close::{DayClose, Sum, Sums};
use vezne_core::ids::AccountId;
use vezne_core::ports::JournalFault;
use vezne_events::closing as counting;

use super::closing::close;
use super::*;

/// What one random day is made of.
#[derive(Debug, Clone, Copy)]
enum Happens {
    /// An attempt is opened: at which account, by whom, in which plan and currency.
    Opens([u8; 4]),
    Settles(usize, u8),
    /// Money goes back, or not, or nobody knows.
    Returns(usize, u8),
    /// A return is settled by a supervisor, whatever it was before.
    SettlesReturn(usize, bool),
    /// The time of day is set back by so many minutes.
    SetsBack(u16),
    Closes,
}

fn happenings() -> impl Strategy<Value = Vec<Happens>> {
    let one = prop_oneof![
        5 => any::<[u8; 4]>().prop_map(Happens::Opens),
        6 => (0..12_usize, 0..7_u8).prop_map(|(who, how)| Happens::Settles(who, how)),
        3 => (0..12_usize, 0..4_u8).prop_map(|(who, how)| Happens::Returns(who, how)),
        2 => (0..6_usize, any::<bool>()).prop_map(|(which, done)| Happens::SettlesReturn(which, done)),
        1 => (1..2_000_u16).prop_map(Happens::SetsBack),
        2 => Just(Happens::Closes),
    ];
    proptest::collection::vec(one, 1..48)
}

/// An attempt of one of three accounts, by one of three people or nobody, in one of four plans, in one of two currencies.
fn drawn(number: u64, [account, who, plan, currency]: [u8; 4]) -> Intent {
    let mut one = intent(number, &format!("R-{number}"));
    one.account.id = format!("account-{}", account % 3).parse().unwrap();
    one.account.name = format!("Hesap {}", account % 3).parse().unwrap();
    one.operator = (who % 4 > 0).then(|| OperatorId::from_parts(START, ten(u64::from(who % 4))));
    let currency = if currency % 3 == 0 { Currency::EUR } else { Currency::TRY };
    let total = Money::from_minor(10_000 + i64::from(plan) * 100, currency);
    one.base = Some(total);
    let Means::Card(card) = &mut one.means else { unreachable!() };
    let installments = [1, 3, 6, 9][usize::from(plan % 4)];
    card.plan.option = InstallmentOption { installments, monthly: total, total, commission: None };
    if plan % 5 == 0 {
        one.means = Means::CreditLimit;
    }
    one
}

fn state(how: u8) -> State {
    use vezne_core::answers::{DeclineReason, Failure, NotSentReason};
    use vezne_core::attempt::NotSent;
    match how {
        0 | 1 => approved(),
        2 => State::Declined {
            failure: Failure::plain(DeclineReason::CardDeclined),
            evidence: Evidence::PayAnswer,
            confirmation: Confirmation::Unconfirmed,
        },
        3 => State::NotSent(NotSent { reason: NotSentReason::Offline }),
        4 => unknown(),
        5 => counter(CounterOutcome::Declined),
        _ => counter(CounterOutcome::Approved),
    }
}

fn state_of_return(how: u8) -> reversal::State {
    use vezne_core::answers::NotSentReason;
    match how {
        0 => reversal::State::Unknown { cause: reversal::UnknownCause::Restarted },
        1 => reversal::State::NotDone { word: word() },
        2 => reversal::State::NotSent { reason: NotSentReason::Offline },
        _ => reversal::State::Done { proof: reversal::Proof::Answer },
    }
}

/// The journal as it was lived through.
struct Lived {
    closes: Vec<DayClose>,
    attempts: Vec<Intent>,
    returns: Vec<reversal::Intent>,
}

/// Writes random days and closes them as they say; the last close covers the rest.
async fn live_through(journal: &Journal, days: &[Happens]) -> Lived {
    let mut lived = Lived { closes: Vec::new(), attempts: Vec::new(), returns: Vec::new() };
    let mut now = 200_000_u64;
    for happens in days {
        now += 1_800;
        let record = match *happens {
            Happens::Opens(kind) => {
                let one = drawn(u64::try_from(lived.attempts.len()).unwrap() + 1, kind);
                lived.attempts.push(one.clone());
                vec![opened(&one)]
            }
            Happens::Settles(who, how) if !lived.attempts.is_empty() => {
                vec![entered(&lived.attempts[who % lived.attempts.len()], state(how))]
            }
            Happens::Returns(who, how) if !lived.attempts.is_empty() => {
                let of = &lived.attempts[who % lived.attempts.len()];
                let currency = of.total().unwrap().currency();
                let number = u64::try_from(lived.returns.len()).unwrap() + 1;
                let mut back = refund(number, of, Money::from_minor(100, currency));
                back.account = of.account.clone();
                let ended = reversal_line(&back, reversal::Entry::Entered(Box::new(state_of_return(how))));
                lived.returns.push(back.clone());
                vec![reversal_opened(&back), ended]
            }
            Happens::SettlesReturn(which, done) if !lived.returns.is_empty() => {
                let back = &lived.returns[which % lived.returns.len()];
                let state = state_of_return(if done { 3 } else { 1 });
                vec![reversal_line(back, reversal::Entry::Entered(Box::new(state)))]
            }
            Happens::SetsBack(minutes) => {
                now = now.saturating_sub(u64::from(minutes) * 60).max(10);
                continue;
            }
            Happens::Closes => {
                lived.closes.push(close(journal, now).await);
                continue;
            }
            Happens::Settles(..) | Happens::Returns(..) | Happens::SettlesReturn(..) => continue,
        };
        match journal.append(batch(record), at(now)).await {
            Ok(()) => {}
            // One at a time of a payment: the journal takes no second one while the first is unknown.
            Err(JournalFault::ReversalOpen) if matches!(happens, Happens::Returns(..)) => drop(lived.returns.pop()),
            Err(fault) => panic!("{happens:?}: {fault}"),
        }
    }
    lived.closes.push(close(journal, now + 1_800).await);
    lived
}

type Key = (Option<Currency>, Option<AccountId>);

/// What all closes together say of a sum, by currency and account.
fn said(closes: &[DayClose], plus: fn(&Sums) -> Sum, minus: fn(&Sums) -> Sum) -> BTreeMap<Key, (i64, i64)> {
    let mut found: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for cell in closes.iter().flat_map(|close| &close.figures.cells) {
        let (plus, minus) = (plus(&cell.sums), minus(&cell.sums));
        let sum = found.entry((cell.currency, Some(cell.account.clone()))).or_default();
        sum.0 += i64::from(plus.count) - i64::from(minus.count);
        sum.1 += plus.minor - minus.minor;
    }
    found.retain(|_, sum| *sum != (0, 0));
    found
}

/// What the rows say of the same.
fn counted(what: impl IntoIterator<Item = (AccountId, Money)>) -> BTreeMap<Key, (i64, i64)> {
    let mut found: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for (account, money) in what {
        let sum = found.entry((Some(money.currency()), Some(account))).or_default();
        sum.0 += 1;
        sum.1 += money.minor();
    }
    found
}

async fn assert_adds_up(folder: &TempDir, lived: &Lived) {
    // Spans touch: each begins where the one before it ended, and the last one ends at its own event.
    let mut next = 0;
    for (number, close) in (1..).zip(&lived.closes) {
        assert_eq!((close.number, close.covers.after), (number, next));
        assert!(close.label.from <= close.label.to, "{:?}", close.label);
        next = close.covers.tip + 1;
    }
    let mut db = raw(folder.path()).await;
    let span = counting::Span { after: 0, tip: lived.closes.last().unwrap().covers.tip };
    let (mut paid, mut unsettled, mut back) = (Vec::new(), 0, Vec::new());
    for one in &lived.attempts {
        let lines = crate::tables::events::of_attempt(&mut db, &one.attempt.to_string()).await.unwrap();
        let now = counting::attempt_in(&lines, span).unwrap().1.unwrap();
        match now.state.outcome() {
            Some(Outcome::Approved) => paid.push((one.account.id.clone(), now.charged().unwrap())),
            None | Some(Outcome::Unknown) => unsettled += 1,
            Some(Outcome::Declined | Outcome::Refused | Outcome::NotSent) => {}
        }
    }
    for one in &lived.returns {
        let lines = crate::tables::events::of_reversal(&mut db, &one.reversal.to_string()).await.unwrap();
        let now = counting::reversal_in(&lines, span).unwrap().1.unwrap();
        match &now.state {
            reversal::State::Done { .. } => back.push((one.account.id.clone(), one.amount)),
            reversal::State::Refused(_) | reversal::State::NotDone { .. } | reversal::State::NotSent { .. } => {}
            reversal::State::Ready
            | reversal::State::Sending(_)
            | reversal::State::Reauthorising
            | reversal::State::Unknown { .. } => unsettled += 1,
        }
    }
    db.close().await.unwrap();
    assert_eq!(said(&lived.closes, |sums| sums.approved, |sums| sums.withdrawn), counted(paid));
    assert_eq!(said(&lived.closes, |sums| sums.reversed, |sums| sums.reinstated), counted(back));
    // In the last close everything that is not settled is listed, and nothing else is.
    assert_eq!(lived.closes.last().unwrap().figures.open.len(), unsettled);
    for close in &lived.closes {
        let figures = &close.figures;
        for (currency, total) in figures.totals() {
            let of = |groups: Vec<(Option<Currency>, Sums)>| {
                groups
                    .into_iter()
                    .filter(|(one, _)| *one == currency)
                    .fold(Sums::default(), |sum, (_, one)| sum.and(one))
            };
            for groups in [
                figures
                    .by(|cell| cell.account.clone())
                    .into_iter()
                    .map(|(_, currency, sums)| (currency, sums))
                    .collect(),
                figures.by(|cell| cell.operator).into_iter().map(|(_, currency, sums)| (currency, sums)).collect(),
                figures.by(|cell| cell.plan).into_iter().map(|(_, currency, sums)| (currency, sums)).collect(),
            ] {
                assert_eq!(of(groups), total, "close {}", close.number);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The sums of the closes are those of the payments' events, whatever happened on whichever day, and every event lies in
    /// exactly one close.
    #[test]
    fn the_closes_of_random_days_add_up_to_what_the_payments_say(days in happenings()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (folder, journal) = journal().await;
            let lived = live_through(&journal, &days).await;
            assert_adds_up(&folder, &lived).await;
            let report = journal.verify().await.unwrap();
            assert!(report.is_sound(), "{report:?}");
            let before = dump(folder.path()).await;
            journal.rebuild().await.unwrap();
            assert_eq!(dump(folder.path()).await, before);
        });
    }
}
