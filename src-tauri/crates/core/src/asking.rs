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

/// As old as a matter is when the first questions are over.
const FIRST_OVER: Millis = Millis::seconds(30);

/// When even the last interval is over.
const AT_LAST: Millis = Millis::days(1);

/// After a supervisor settled an attempt: hourly for a day, daily for a week.
const SETTLED_BY_HAND: [(Millis, Millis); 2] =
    [(Millis::hours(24), Millis::hours(1)), (Millis::days(7), Millis::days(1))];

/// So many questions that is, for a clock that can't tell the age.
const SETTLED_BY_HAND_MOST: u32 = 24 + 6;

/// The schedule's part that also follows unconfirmed outcomes.
const UNCONFIRMED: Millis = Millis::minutes(15);

/// So many questions that is, for a clock that can't tell the age.
const UNCONFIRMED_MOST: u32 = 5 + 14;

/// The questions asked since a matter came to stand where it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// When the last one was asked.
    pub last: Option<Timestamp>,
    /// How many there were.
    pub count: u32,
}

impl Asked {
    /// One more, asked at `at`.
    pub(crate) const fn note(&mut self, at: Timestamp) {
        self.last = Some(at);
        self.count = self.count.saturating_add(1);
    }
}

/// The time of the next question about something unsettled since `since`.
///
/// The interval depends on how old the matter was at the last question, so that a desk that was switched off for a
/// week asks at once and then at the pace of its age. Where the clock was set back since the last question, nobody can
/// say how long ago that was: one question at once starts the interval anew, and the answer is never later than `now`
/// plus the interval.
#[must_use]
pub fn next_question(since: Timestamp, asked: Asked, now: Timestamp) -> Timestamp {
    match asked.last {
        None => since.min(now),
        Some(last) => after(since, last, asked.count, now),
    }
}

fn after(since: Timestamp, last: Timestamp, count: u32, now: Timestamp) -> Timestamp {
    if now < last { now } else { last.after(interval(since, last, count)) }
}

/// From one question to the next. A last question before `since` (the clock was set back in between) says nothing of
/// the matter's age: then the number of questions finds the place in the schedule.
fn interval(since: Timestamp, last: Timestamp, count: u32) -> Millis {
    let age = last.since(since);
    let age = if last < since {
        let asked = usize::try_from(count).unwrap_or(usize::MAX);
        asked.checked_sub(1).and_then(|place| FIRST.get(place).copied()).unwrap_or(FIRST_OVER)
    } else {
        age
    };
    match FIRST.into_iter().find(|step| *step > age) {
        Some(step) => since.after(step).since(since.after(age)),
        None => LATER.into_iter().find(|(until, _)| age < *until).map_or(AT_LAST, |(_, interval)| interval),
    }
}

/// The next question after a supervisor settled the attempt at `since`; `None` when that time is over.
#[must_use]
pub fn after_a_supervisor(since: Timestamp, asked: Asked, now: Timestamp) -> Option<Timestamp> {
    let last = asked.last.unwrap_or(since);
    if last < since && asked.count >= SETTLED_BY_HAND_MOST {
        return None;
    }
    let age = last.since(since);
    let (_, interval) = SETTLED_BY_HAND.into_iter().find(|(until, _)| age < *until)?;
    Some(if now < last { now } else { last.after(interval) })
}

/// The next question about an unconfirmed outcome: the first quarter of an hour of the usual schedule.
#[must_use]
pub fn while_unconfirmed(since: Timestamp, asked: Asked, now: Timestamp) -> Option<Timestamp> {
    let last = asked.last.unwrap_or(since);
    if last < since && asked.count >= UNCONFIRMED_MOST {
        return None;
    }
    let next = after(since, last, asked.count, now);
    (next.since(since) <= UNCONFIRMED).then_some(next)
}

/// The next of a few questions at fixed moments after `since`; each moment is asked at once.
#[must_use]
pub fn next_recheck(moments: &[Millis], since: Timestamp, asked: Asked, now: Timestamp) -> Option<Timestamp> {
    let asked_times = usize::try_from(asked.count).unwrap_or(usize::MAX);
    let open = |(place, moment): &(usize, &Millis)| match asked.last {
        None => true,
        Some(last) if last >= since => last < since.after(**moment),
        // The clock was set back: only their number tells which were asked.
        Some(_) => asked_times <= *place,
    };
    let (_, moment) = moments.iter().enumerate().find(open)?;
    Some(if now < since { now } else { since.after(*moment) })
}

/// The next of a few fixed moments after `since` that the last question does not cover yet. `None` too where the clock
/// was set back to before `since`: then nobody can say when the moments are.
#[must_use]
pub fn next_of(moments: &[Millis], since: Timestamp, last: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let mut moments = moments.iter().map(|moment| since.after(*moment));
    moments.find(|at| last < *at).filter(|_| now >= since)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    /// The till's side: each question is asked when it is due.
    fn asked(times: &[Timestamp]) -> Asked {
        Asked { last: times.last().copied(), count: u32::try_from(times.len()).unwrap() }
    }

    fn walk(mut next: impl FnMut(Asked, Timestamp) -> Option<Timestamp>) -> Vec<Timestamp> {
        let mut times = Vec::new();
        while let Some(at) = next(asked(&times), times.last().copied().unwrap_or(START)) {
            times.push(at);
            assert!(times.len() < 10_000, "it never ends");
        }
        times
    }

    #[test]
    fn the_schedule_of_the_rules_is_kept() {
        let asked: Vec<Millis> = walk(|asked, now| {
            Some(next_question(START, asked, now)).filter(|next| next.since(START) <= Millis::days(9))
        })
        .into_iter()
        .map(|at| at.since(START))
        .collect();
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
    fn a_desk_that_was_off_for_a_week_asks_at_once_and_then_at_the_pace_of_its_age() {
        let monday = START.after(Millis::days(6));
        let before = Asked { last: Some(START.after(Millis::minutes(2))), count: 9 };
        assert!(next_question(START, before, monday) <= monday);
        let then = Asked { last: Some(monday), count: 10 };
        assert_eq!(next_question(START, then, monday), monday.after(Millis::hours(1)));
    }

    #[test]
    fn each_pace_ends_when_its_age_is_reached() {
        let next = |age: Millis| {
            let last = START.after(age);
            next_question(START, Asked { last: Some(last), count: 30 }, last).since(last)
        };
        let just_before = |age: Millis| Millis(age.as_millis() - 1);
        assert_eq!(next(just_before(Millis::minutes(15))), Millis::minutes(1));
        assert_eq!(next(Millis::minutes(15)), Millis::minutes(15));
        assert_eq!(next(Millis::hours(24)), Millis::hours(1));
        assert_eq!(next(Millis::days(7)), Millis::days(1));
    }

    #[test]
    fn a_clock_set_back_by_a_year_strands_nothing_and_floods_nobody() {
        let year_earlier = Timestamp::from_millis(START.as_millis() - 365 * 86_400_000);
        let before = Asked { last: Some(START.after(Millis::minutes(5))), count: 11 };
        assert_eq!(next_question(START, before, year_earlier), year_earlier, "one question starts the interval anew");
        let mut times = vec![START, START.after(Millis::seconds(2)), year_earlier];
        for _ in 0..20 {
            times.push(next_question(START, asked(&times), *times.last().unwrap()));
        }
        let hour_later = year_earlier.after(Millis::hours(1));
        assert!(times[3..].is_sorted() && times[3] > year_earlier, "each question lies after the one before");
        assert_eq!(times.last().unwrap().since(times[times.len() - 2]), Millis::minutes(1));
        assert!(*times.last().unwrap() < hour_later);
    }

    #[test]
    fn a_clock_set_back_does_not_prolong_what_follows_an_outcome() {
        let back = Timestamp::from_millis(START.as_millis() - 86_400_000_000);
        let walk_back = |next: &dyn Fn(Asked, Timestamp) -> Option<Timestamp>| {
            let mut times = Vec::new();
            while let Some(at) = next(asked(&times), times.last().copied().unwrap_or(back)) {
                times.push(at);
                assert!(times.len() < 1_000, "it never ends");
            }
            times.len()
        };
        assert_eq!(walk_back(&|asked, now| after_a_supervisor(START, asked, now)), 30);
        assert_eq!(walk_back(&|asked, now| while_unconfirmed(START, asked, now)), 19);
        let moments = [Millis::seconds(10), Millis::seconds(60)];
        assert_eq!(walk_back(&|asked, now| next_recheck(&moments, START, asked, now)), 2);
    }

    #[test]
    fn after_a_supervisor_it_is_hourly_for_a_day_and_daily_for_a_week() {
        let times = walk(|asked, now| after_a_supervisor(START, asked, now));
        assert_eq!(times.len(), 24 + 6);
        assert_eq!(times[0].since(START), Millis::hours(1));
        assert_eq!(times[24].since(START), Millis::days(2));
        let once = Asked { last: Some(times[0]), count: 1 };
        let soon_after = times[0].after(Millis::minutes(1));
        assert_eq!(after_a_supervisor(START, once, soon_after), Some(times[1]), "looking earlier asks no earlier");
    }

    #[test]
    fn unconfirmed_outcomes_are_followed_for_a_quarter_of_an_hour() {
        let times = walk(|asked, now| while_unconfirmed(START, asked, now));
        assert_eq!(times.len(), 5 + 14);
    }

    #[test]
    fn fixed_moments_come_once_each_and_an_early_question_does_not_replace_them() {
        let moments = [Millis::seconds(10), Millis::seconds(60)];
        let times = walk(|asked, now| next_recheck(&moments, START, asked, now));
        assert_eq!(times, [START.after(Millis::seconds(10)), START.after(Millis::seconds(60))]);
        let early = Asked { last: Some(START.after(Millis::seconds(3))), count: 1 };
        assert_eq!(next_recheck(&moments, START, early, START), Some(START.after(Millis::seconds(10))));
        let second = |second| START.after(Millis::seconds(second));
        assert_eq!(next_of(&moments, START, second(11), second(11)), Some(second(60)));
        assert_eq!(next_of(&moments, START, second(60), second(60)), None);
        let back = Timestamp::from_millis(START.as_millis() - 1);
        assert_eq!(next_of(&moments, START, back, back), None);
    }
}
