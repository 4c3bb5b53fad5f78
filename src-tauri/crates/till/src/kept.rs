//! Cards kept for "same card again": number, expiry and holder, never the CVC, at most 120 seconds (`RULES.md` 10).

use std::collections::HashMap;

use vezne_core::card::{CardDetails, CardHolder, CardNumber, Cvc, Expiry};
use vezne_core::ids::AttemptId;
use vezne_core::limits;
use vezne_core::time::Timestamp;

struct KeptCard {
    number: CardNumber,
    holder: CardHolder,
    expiry: Expiry,
    until: Timestamp,
}

/// The cards that may still be used again. Dropping an entry wipes it.
#[derive(Default)]
pub(crate) struct KeptCards {
    cards: HashMap<AttemptId, KeptCard>,
}

impl KeptCards {
    /// Keeps a card for the whole time; its CVC is wiped here.
    pub(crate) fn keep(&mut self, attempt: AttemptId, card: CardDetails, now: Timestamp) {
        self.keep_until(attempt, card, now.after(limits::SAME_CARD_AGAIN));
    }

    /// Puts a card back that was taken out and not used: its time goes on.
    pub(crate) fn keep_until(&mut self, attempt: AttemptId, card: CardDetails, until: Timestamp) {
        let CardDetails { number, holder, expiry, cvc } = card;
        drop(cvc);
        self.cards.insert(attempt, KeptCard { number, holder, expiry, until });
    }

    /// Takes a card out for its next attempt, with a CVC asked anew; with the end of its time.
    pub(crate) fn take(&mut self, attempt: AttemptId, cvc: Cvc, now: Timestamp) -> Option<(CardDetails, Timestamp)> {
        self.wipe_old(now);
        let KeptCard { number, holder, expiry, until } = self.cards.remove(&attempt)?;
        Some((CardDetails { number, holder, expiry, cvc }, until))
    }

    /// Wipes what is over.
    pub(crate) fn wipe_old(&mut self, now: Timestamp) {
        self.cards.retain(|_, card| card.until > now);
    }

    /// Wipes everything.
    pub(crate) fn wipe(&mut self) {
        self.cards.clear();
    }

    /// When the next one must be wiped.
    pub(crate) fn next_end(&self) -> Option<Timestamp> {
        self.cards.values().map(|card| card.until).min()
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
        kept.keep(attempt, card(), start);
        assert!(kept.take(attempt, cvc(), start.after(Millis::seconds(119))).is_some());
        assert!(kept.take(attempt, cvc(), start.after(Millis::seconds(119))).is_none(), "used up");
        kept.keep(attempt, card(), start);
        assert_eq!(kept.next_end(), Some(start.after(limits::SAME_CARD_AGAIN)));
        assert!(kept.take(attempt, cvc(), start.after(Millis::seconds(120))).is_none(), "over");
        kept.keep(attempt, card(), start);
        kept.wipe();
        assert_eq!(kept.next_end(), None);
    }
}
