//! The gateway's documented rates, kept from our side: calls queue for a slot instead of being turned away.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use vezne_core::ports::Rate;
use vezne_core::time::{Millis, Timestamp};

/// The span that documented rates speak of.
const MINUTE: Millis = Millis::minutes(1);

/// However long a gateway tells us to wait, we ask again after this.
const LONGEST_BLOCK: Millis = Millis::hours(1);

/// How many calls a minute a gateway documents; `None` where it documents none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates {
    /// Payments.
    pub(crate) pay: Option<usize>,
    /// Questions for options.
    pub(crate) options: Option<usize>,
}

/// What a call counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// A documented rate.
    Rated(Rate),
    /// Reads without a documented rate; they still stop when the gateway says so.
    Reads,
}

/// No slot becomes free in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoSlot;

/// The queues of one account.
pub(crate) struct Pace {
    pay: Mutex<Queue>,
    options: Mutex<Queue>,
    reads: Mutex<Queue>,
}

impl Pace {
    pub(crate) const fn new(rates: Rates) -> Self {
        Self {
            pay: Mutex::new(Queue::new(rates.pay)),
            options: Mutex::new(Queue::new(rates.options)),
            reads: Mutex::new(Queue::new(None)),
        }
    }

    fn queue(&self, lane: Lane) -> MutexGuard<'_, Queue> {
        let queue = match lane {
            Lane::Rated(Rate::Pay) => &self.pay,
            Lane::Rated(Rate::Options) => &self.options,
            Lane::Reads => &self.reads,
        };
        // A panic elsewhere leaves times in the queue, and times can't be half written.
        queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a call that asks now would wait.
    pub(crate) fn wait(&self, lane: Lane, now: Timestamp) -> Millis {
        let mut queue = self.queue(lane);
        queue.tidy(now);
        queue.next(now).since(now)
    }

    /// Takes the next slot. The caller waits until the time it names; dropped unused, the slot is free again.
    pub(crate) fn take(&self, lane: Lane, now: Timestamp, longest: Millis) -> Result<Slot<'_>, NoSlot> {
        let mut queue = self.queue(lane);
        queue.tidy(now);
        let at = queue.next(now);
        if at.since(now) > longest {
            return Err(NoSlot);
        }
        queue.slots.push_back(at);
        Ok(Slot { pace: self, lane, at, used: false })
    }

    /// Counts a call that did not queue.
    pub(crate) fn count(&self, lane: Lane, now: Timestamp) {
        self.queue(lane).slots.push_back(now);
    }

    /// The gateway says that no call may come before `wait` is over.
    pub(crate) fn block(&self, lane: Lane, now: Timestamp, wait: Millis) {
        let until = now.after(wait.min(LONGEST_BLOCK));
        let mut queue = self.queue(lane);
        queue.blocked = Some(queue.blocked.map_or(until, |earlier| earlier.max(until)));
    }
}

/// A place in the queue.
pub(crate) struct Slot<'a> {
    pace: &'a Pace,
    lane: Lane,
    /// When it begins.
    pub(crate) at: Timestamp,
    used: bool,
}

impl Slot<'_> {
    /// Keeps the slot: the call is made.
    pub(crate) fn spend(mut self) {
        self.used = true;
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if !self.used {
            let mut queue = self.pace.queue(self.lane);
            if let Some(place) = queue.slots.iter().rposition(|at| *at == self.at) {
                queue.slots.remove(place);
            }
        }
    }
}

struct Queue {
    most: Option<usize>,
    /// When calls were or will be made, those of the last minute and later.
    slots: VecDeque<Timestamp>,
    /// Until when the gateway wants none.
    blocked: Option<Timestamp>,
}

impl Queue {
    const fn new(most: Option<usize>) -> Self {
        Self { most, slots: VecDeque::new(), blocked: None }
    }

    /// Forgets what is over. A clock set back must strand nobody: nothing stands further ahead than it could have been
    /// put there.
    fn tidy(&mut self, now: Timestamp) {
        let furthest = now.after(LONGEST_BLOCK);
        self.blocked = self.blocked.filter(|until| *until > now && *until <= furthest);
        self.slots.retain(|at| now.since(*at) < MINUTE && *at <= furthest);
        self.slots.make_contiguous().sort_unstable();
    }

    /// When the next call may be made.
    fn next(&self, now: Timestamp) -> Timestamp {
        let open = self.blocked.map_or(now, |until| until.max(now));
        let Some(most) = self.most else { return open };
        match self.slots.len().checked_sub(most) {
            None => open,
            Some(place) => self.slots.get(place).map_or(open, |earlier| earlier.after(MINUTE).max(open)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAY: Lane = Lane::Rated(Rate::Pay);

    fn pace() -> Pace {
        Pace::new(Rates { pay: Some(10), options: Some(30) })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000_000_000 + seconds * 1_000)
    }

    #[test]
    fn the_eleventh_payment_of_a_minute_waits_for_the_first_to_be_a_minute_old() {
        let pace = pace();
        for second in 0..10 {
            assert_eq!(pace.wait(PAY, at(second)), Millis::ZERO);
            pace.take(PAY, at(second), Millis::ZERO).unwrap().spend();
        }
        assert_eq!(pace.wait(PAY, at(10)), Millis::seconds(50));
        assert_eq!(pace.wait(Lane::Rated(Rate::Options), at(10)), Millis::ZERO);
        let slot = pace.take(PAY, at(10), Millis::seconds(60)).unwrap();
        assert_eq!(slot.at, at(60));
        assert_eq!(pace.wait(PAY, at(10)), Millis::seconds(51), "the next one stands behind it");
        drop(slot);
        assert_eq!(pace.wait(PAY, at(10)), Millis::seconds(50), "who leaves the queue frees the place");
    }

    #[test]
    fn who_would_wait_too_long_is_told_at_once() {
        let pace = pace();
        for _ in 0..20 {
            pace.take(PAY, at(0), Millis::seconds(60)).unwrap().spend();
        }
        assert_eq!(pace.take(PAY, at(0), Millis::seconds(60)).err(), Some(NoSlot));
        assert_eq!(
            pace.take(PAY, at(60), Millis::ZERO).err(),
            Some(NoSlot),
            "ten stand at the sixtieth second already"
        );
        assert!(pace.take(PAY, at(120), Millis::ZERO).is_ok());
    }

    #[test]
    fn a_gateway_that_says_wait_is_obeyed_for_an_hour_at_most() {
        let pace = Pace::new(Rates { pay: None, options: None });
        pace.block(PAY, at(0), Millis::seconds(30));
        pace.block(PAY, at(0), Millis::seconds(10));
        assert_eq!(pace.wait(PAY, at(0)), Millis::seconds(30));
        assert_eq!(pace.wait(PAY, at(30)), Millis::ZERO);
        pace.block(PAY, at(0), Millis::days(9));
        assert_eq!(pace.wait(PAY, at(0)), Millis::hours(1));
    }

    #[test]
    fn a_clock_set_back_strands_nobody() {
        let pace = pace();
        for _ in 0..10 {
            pace.count(PAY, at(1_000_000));
        }
        assert_eq!(pace.wait(PAY, at(0)), Millis::ZERO);
    }

    #[test]
    fn no_minute_ever_holds_more_than_the_rate() {
        let pace = pace();
        let mut taken = Vec::new();
        for step in 0..200 {
            if let Ok(slot) = pace.take(PAY, at(step), Millis::seconds(60)) {
                taken.push(slot.at);
                slot.spend();
            }
        }
        for (place, first) in taken.iter().enumerate() {
            if let Some(eleventh) = taken.get(place + 10) {
                assert!(eleventh.since(*first) >= Millis::minutes(1));
            }
        }
        assert!(taken.len() >= 30);
    }
}
