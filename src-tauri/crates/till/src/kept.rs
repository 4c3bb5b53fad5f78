//! Cards kept for "same card again": number, expiry and holder, never the CVC, at most 120 seconds (`RULES.md` 10).

use std::collections::HashMap;

use vezne_core::card::{CardDetails, CardHolder, CardNumber, Cvc, Expiry};
use vezne_core::ids::AttemptId;
use vezne_core::limits;
use vezne_core::time::Timestamp;

/// A card whose CVC is wiped.
pub(crate) struct WithoutCvc {
    number: CardNumber,
    holder: CardHolder,
    expiry: Expiry,
}

impl From<CardDetails> for WithoutCvc {
    fn from(card: CardDetails) -> Self {
        let CardDetails { number, holder, expiry, cvc } = card;
        drop(cvc);
        Self { number, holder, expiry }
    }
}

struct KeptCard {
    card: WithoutCvc,
    until: Timestamp,
}

/// The cards that may still be used again. Dropping an entry wipes it.
#[derive(Default)]
pub(crate) struct KeptCards {
    cards: HashMap<AttemptId, KeptCard>,
    /// How often everything was wiped.
    wipes: u64,
}

/// A card that was taken out: whose it is, and what is left of its time.
#[derive(Clone, Copy)]
pub(crate) struct Lease {
    attempt: AttemptId,
    until: Timestamp,
    wipes: u64,
}

impl KeptCards {
    /// Keeps a card for the whole time. Gives back the end of that time.
    pub(crate) fn keep(&mut self, attempt: AttemptId, card: WithoutCvc, now: Timestamp) -> Timestamp {
        let until = now.after(limits::SAME_CARD_AGAIN);
        self.put_back(Lease { attempt, until, wipes: self.wipes }, card);
        until
    }

    /// Puts a card back that was taken out and not used: its time goes on, unless everything was wiped meanwhile.
    pub(crate) fn put_back(&mut self, lease: Lease, card: WithoutCvc) {
        if lease.wipes == self.wipes {
            self.cards.insert(lease.attempt, KeptCard { card, until: lease.until });
        }
    }

    /// Takes a card out for its next attempt, with a CVC asked anew.
    pub(crate) fn take(&mut self, attempt: AttemptId, cvc: Cvc, now: Timestamp) -> Option<(CardDetails, Lease)> {
        self.wipe_old(now);
        let KeptCard { card: WithoutCvc { number, holder, expiry }, until } = self.cards.remove(&attempt)?;
        Some((CardDetails { number, holder, expiry, cvc }, Lease { attempt, until, wipes: self.wipes }))
    }

    /// Until when an attempt's card is kept, if it is.
    pub(crate) fn until(&self, attempt: AttemptId) -> Option<Timestamp> {
        self.cards.get(&attempt).map(|card| card.until)
    }

    /// Wipes what is over. Gives back whose cards these were.
    pub(crate) fn wipe_old(&mut self, now: Timestamp) -> Vec<AttemptId> {
        self.cards.extract_if(|_, card| card.until <= now).map(|(attempt, _)| attempt).collect()
    }

    /// Wipes everything. Gives back whose cards these were.
    pub(crate) fn wipe(&mut self) -> Vec<AttemptId> {
        self.wipes = self.wipes.wrapping_add(1);
        self.cards.drain().map(|(attempt, _)| attempt).collect()
    }

    /// Wipes one attempt's card.
    pub(crate) fn wipe_one(&mut self, attempt: AttemptId) {
        self.cards.remove(&attempt);
    }
}

#[cfg(test)]
mod tests {
    use vezne_core::card::Brand;
    use vezne_core::time::Millis;

    use super::*;

    fn card() -> CardDetails {
        CardDetails {
            number: CardNumber::parse("4155650100416111").unwrap(),
            holder: CardHolder::parse("Test Test").unwrap(),
            expiry: Expiry::parse(12, 2026).unwrap(),
            cvc: Cvc::parse("000", Brand::Visa).unwrap(),
        }
    }

    #[test]
    fn a_card_is_kept_for_120_seconds_and_used_once() {
        let start = Timestamp::from_millis(1_800_000_000_000);
        let attempt = AttemptId::from_parts(start, [1; 10]);
        let cvc = || Cvc::parse("123", Brand::Visa).unwrap();
        let mut kept = KeptCards::default();
        kept.keep(attempt, card().into(), start);
        assert!(kept.take(attempt, cvc(), start.after(Millis::seconds(119))).is_some());
        assert!(kept.take(attempt, cvc(), start.after(Millis::seconds(119))).is_none(), "used up");
        assert_eq!(kept.keep(attempt, card().into(), start), start.after(limits::SAME_CARD_AGAIN));
        assert!(kept.take(attempt, cvc(), start.after(Millis::seconds(120))).is_none(), "over");
        kept.keep(attempt, card().into(), start);
        kept.wipe();
        assert!(kept.take(attempt, cvc(), start).is_none(), "wiped");
        kept.keep(attempt, card().into(), start);
        let (taken, lease) = kept.take(attempt, cvc(), start).unwrap();
        kept.wipe();
        kept.put_back(lease, taken.into());
        assert!(kept.take(attempt, cvc(), start).is_none(), "not put back past a wipe");
        kept.keep(attempt, card().into(), start);
        kept.wipe_one(attempt);
        assert!(kept.take(attempt, cvc(), start).is_none(), "its time was over");
    }
}
