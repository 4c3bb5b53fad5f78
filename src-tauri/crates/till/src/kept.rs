//! Cards kept for "same card again": number, expiry and holder, never the CVC, at most 120 seconds (`RULES.md` 10).

use std::collections::BTreeMap;

use vezne_core::card::{CardDetails, CardHolder, CardNumber, Cvc, Expiry};
use vezne_core::ids::AttemptId;
use vezne_core::limits;
use vezne_core::time::Timestamp;

/// A card whose CVC is wiped.
pub(crate) struct WithoutCvc {
    pub(crate) number: CardNumber,
    pub(crate) holder: CardHolder,
    pub(crate) expiry: Expiry,
}

impl From<CardDetails> for WithoutCvc {
    fn from(card: CardDetails) -> Self {
        let CardDetails { number, holder, expiry, cvc } = card;
        drop(cvc);
        Self { number, holder, expiry }
    }
}

struct KeptCard {
    /// The card; none while it is in the hands of a payment that is still being asked about.
    card: Option<WithoutCvc>,
    until: Timestamp,
}

/// The cards that may still be used again. Dropping an entry wipes it.
#[derive(Default)]
pub(crate) struct KeptCards {
    cards: BTreeMap<AttemptId, KeptCard>,
}

impl KeptCards {
    /// Keeps a card for the whole time. Gives back the end of that time.
    pub(crate) fn keep(&mut self, attempt: AttemptId, card: WithoutCvc, now: Timestamp) -> Timestamp {
        let until = now.after(limits::SAME_CARD_AGAIN);
        self.cards.insert(attempt, KeptCard { card: Some(card), until });
        until
    }

    /// Takes a card out for its next attempt, with a CVC asked anew.
    pub(crate) fn take(&mut self, attempt: AttemptId, cvc: Cvc, now: Timestamp) -> Option<CardDetails> {
        let kept = self.cards.get_mut(&attempt).filter(|kept| kept.until > now)?;
        let WithoutCvc { number, holder, expiry } = kept.card.take()?;
        Some(CardDetails { number, holder, expiry, cvc })
    }

    /// Puts a card back that was taken out and not used: its time goes on, unless it was wiped meanwhile.
    pub(crate) fn put_back(&mut self, attempt: AttemptId, card: WithoutCvc) {
        if let Some(kept) = self.cards.get_mut(&attempt) {
            kept.card = Some(card);
        }
    }

    /// Until when an attempt's card lies here, if nobody has taken it out.
    pub(crate) fn lies_until(&self, attempt: AttemptId, now: Timestamp) -> Option<Timestamp> {
        let kept = self.cards.get(&attempt).filter(|kept| kept.until > now && kept.card.is_some())?;
        Some(kept.until)
    }

    /// Until when an attempt's card is kept, if it is.
    pub(crate) fn until(&self, attempt: AttemptId) -> Option<Timestamp> {
        self.cards.get(&attempt).map(|card| card.until)
    }

    /// Wipes what is over. Gives back whose cards these were.
    pub(crate) fn wipe_old(&mut self, now: Timestamp) -> Vec<AttemptId> {
        let over = self.cards.iter().filter(|(_, card)| card.until <= now).map(|(attempt, _)| *attempt).collect();
        self.cards.retain(|_, card| card.until > now);
        over
    }

    /// Wipes everything. Gives back whose cards these were.
    pub(crate) fn wipe(&mut self) -> Vec<AttemptId> {
        std::mem::take(&mut self.cards).into_keys().collect()
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

    fn cvc() -> Cvc {
        Cvc::parse("123", Brand::Visa).unwrap()
    }

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn kept() -> (KeptCards, AttemptId) {
        let attempt = AttemptId::from_parts(START, [1; 10]);
        let mut kept = KeptCards::default();
        assert_eq!(kept.keep(attempt, card().into(), START), START.after(limits::SAME_CARD_AGAIN));
        (kept, attempt)
    }

    #[test]
    fn a_card_is_kept_for_120_seconds_and_taken_by_one() {
        let (mut kept, attempt) = kept();
        let (last, over) = (START.after(Millis::seconds(119)), START.after(Millis::seconds(120)));
        assert!(kept.lies_until(attempt, last).is_some() && kept.lies_until(attempt, over).is_none());
        let taken = kept.take(attempt, cvc(), last).unwrap();
        assert!(kept.take(attempt, cvc(), last).is_none() && kept.lies_until(attempt, last).is_none(), "in a hand");
        kept.put_back(attempt, taken.into());
        assert!(kept.take(attempt, cvc(), over).is_none(), "over");
        assert_eq!(kept.wipe_old(last), []);
        assert_eq!(kept.wipe_old(over), [attempt]);
    }

    #[test]
    fn a_card_that_was_wiped_while_it_was_in_a_hand_is_not_put_back() {
        for wipe in [|kept: &mut KeptCards, _| drop(kept.wipe()), |kept: &mut KeptCards, id| kept.wipe_one(id)] {
            let (mut kept, attempt) = kept();
            let taken = kept.take(attempt, cvc(), START).unwrap();
            wipe(&mut kept, attempt);
            kept.put_back(attempt, taken.into());
            assert!(kept.take(attempt, cvc(), START).is_none() && kept.until(attempt).is_none());
        }
    }
}
