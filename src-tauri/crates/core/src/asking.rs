//! When the gateway is asked again about an attempt that is not settled (`RULES.md` 1).

use crate::time::{Millis, Timestamp};

/// The first questions, counted from the moment the attempt became unsettled.
const FIRST: [Millis; 6] = [
    Millis::seconds(0),
    Millis::seconds(2),
    Millis::seconds(5),
    Millis::seconds(10),
    Millis::seconds(20),
    Millis::seconds(30),
];

/// After the first questions: until this age, ask at this interval.
const LATER: [(Millis, Millis); 3] = [
    (Millis::minutes(15), Millis::minutes(1)),
    (Millis::hours(24), Millis::minutes(15)),
    (Millis::days(7), Millis::hours(1)),
];

/// When even the last interval is over.
const AT_LAST: Millis = Millis::days(1);

/// After a supervisor settled an attempt: hourly for a day, daily for a week.
const SETTLED_BY_HAND: [(Millis, Millis); 2] =
    [(Millis::hours(24), Millis::hours(1)), (Millis::days(7), Millis::days(1))];

/// The schedule's part that also follows unconfirmed outcomes.
const UNCONFIRMED: Millis = Millis::minutes(15);

/// The time of the next question about something unsettled since `since`, last asked about at `last`.
///
/// The interval depends on how old the matter was at the last question, so that a desk that was switched off for a
/// week asks at once and then at the pace of its age. A clock that was set back strands nothing: the answer is never
/// later than `now` plus the interval.
#[must_use]
pub fn next_question(since: Timestamp, last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let Some(last) = last else { return since.min(now) };
    let age = last.since(since);
    if let Some(step) = FIRST.into_iter().find(|step| *step > age) {
        let stored = since.after(step);
        return stored.min(now.after(step));
    }
    let interval = LATER.into_iter().find(|(until, _)| age < *until).map_or(AT_LAST, |(_, interval)| interval);
    last.after(interval).min(now.after(interval))
}

/// The next question after a supervisor settled the attempt at `since`; `None` when that time is over.
#[must_use]
pub fn after_a_supervisor(since: Timestamp, last: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let last = last.map_or(since, |last| last.max(since));
    let age = last.since(since);
    let (_, interval) = SETTLED_BY_HAND.into_iter().find(|(until, _)| age < *until)?;
    Some(last.after(interval).min(now.after(interval)))
}

/// The next question about an unconfirmed outcome: the first quarter of an hour of the usual schedule.
#[must_use]
pub fn while_unconfirmed(since: Timestamp, last: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let last = last.filter(|last| *last >= since).unwrap_or(since);
    let next = next_question(since, Some(last), now);
    (next.since(since) <= UNCONFIRMED).then_some(next)
}

/// The next of a few fixed moments after `since` that the last question does not cover yet.
#[must_use]
pub fn next_of(moments: &[Millis], since: Timestamp, last: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    moments
        .iter()
        .map(|moment| (since.after(*moment), *moment))
        .find(|(at, _)| last.is_none_or(|last| last < *at))
        .map(|(at, moment)| at.min(now.after(moment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn walk(hours: u64) -> Vec<Millis> {
        let mut last = None;
        let mut asked = Vec::new();
        loop {
            let now = last.unwrap_or(START);
            let next = next_question(START, last, now);
            if next.since(START) > Millis::hours(hours) {
                return asked;
            }
            asked.push(next.since(START));
            last = Some(next);
        }
    }

    #[test]
    fn the_schedule_of_the_rules_is_kept() {
        let asked = walk(24 * 9);
        let seconds = |s| Millis::seconds(s);
        assert_eq!(
            asked[..7],
            [seconds(0), seconds(2), seconds(5), seconds(10), seconds(20), seconds(30), seconds(90)]
        );
        let between = |from: Millis, to: Millis| asked.iter().filter(|at| **at > from && **at <= to).count();
        assert_eq!(between(Millis::seconds(30), Millis::minutes(15)), 14);
        assert_eq!(between(Millis::hours(1), Millis::hours(24)), 23 * 4);
        assert_eq!(between(Millis::hours(48), Millis::hours(72)), 24);
        assert_eq!(between(Millis::days(8), Millis::days(9)), 1);
    }

    #[test]
    fn a_clock_set_back_by_a_year_strands_nothing() {
        let last = START.after(Millis::minutes(5));
        let year_earlier = Timestamp::from_millis(START.as_millis() - 365 * 86_400_000);
        let next = next_question(START, Some(last), year_earlier);
        assert_eq!(next.since(year_earlier), Millis::minutes(1));
    }

    #[test]
    fn after_a_supervisor_it_is_hourly_for_a_day_and_daily_for_a_week() {
        let mut last = None;
        let mut count = 0;
        while let Some(next) = after_a_supervisor(START, last, last.unwrap_or(START)) {
            last = Some(next);
            count += 1;
        }
        assert_eq!(count, 24 + 6);
    }

    #[test]
    fn unconfirmed_outcomes_are_followed_for_a_quarter_of_an_hour() {
        let mut last = None;
        let mut count = 0;
        while let Some(next) = while_unconfirmed(START, last, last.unwrap_or(START)) {
            last = Some(next);
            count += 1;
        }
        assert_eq!(count, 5 + 14);
    }

    #[test]
    fn fixed_moments_come_once_each() {
        let moments = [Millis::seconds(10), Millis::seconds(60)];
        let first = next_of(&moments, START, None, START);
        assert_eq!(first, Some(START.after(Millis::seconds(10))));
        let second = next_of(&moments, START, first, START.after(Millis::seconds(11)));
        assert_eq!(second, Some(START.after(Millis::seconds(60))));
        assert_eq!(next_of(&moments, START, second, START), None);
    }
}
