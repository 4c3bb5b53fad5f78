//! The card that was handed over for a payment which is still being asked about (`RULES.md` 10).
//!
//! A window hands the card over once, at Pay. Pay may come back with a question (an earlier attempt, a supervisor, the
//! amount typed twice, other options) before there is an attempt; the cashier must not key the card in again for that. So
//! one card, with its CVC, is held for at most 120 seconds: until it is used, wiped, replaced, or its time is over.

use vezne_core::card::{CardDetails, Cvc};
use vezne_core::ids::{AttemptId, HeldId};
use vezne_core::limits;
use vezne_core::time::Timestamp;

use crate::actor::Inward;
use crate::desk::Desk;
use crate::kept::WithoutCvc;
use crate::quote::CardChoice;
use crate::request::PayError;

/// What is held.
enum Holding {
    /// A card as it was keyed in.
    Card(Box<CardDetails>),
    /// The CVC for a card that is kept for "same card again" and stays there until it is used.
    Again(AttemptId, Cvc),
}

struct Slot {
    id: HeldId,
    until: Timestamp,
    /// None while a payment that is still being asked about has it in hand.
    holding: Option<Holding>,
}

/// The one place for a held card. What is put in wipes what was there.
#[derive(Default)]
pub(crate) struct HeldCard {
    slot: Option<Slot>,
}

/// Where a card in hand goes back to if its payment is not begun.
#[derive(Clone, Copy)]
pub(crate) struct InHand {
    held: HeldId,
    /// The attempt for which it is kept besides.
    kept: Option<AttemptId>,
}

impl HeldCard {
    fn hold(&mut self, id: HeldId, holding: Holding, until: Timestamp) {
        self.slot = Some(Slot { id, until, holding: Some(holding) });
    }

    fn take(&mut self, id: HeldId, now: Timestamp) -> Option<Holding> {
        self.slot.as_mut().filter(|slot| slot.id == id && slot.until > now)?.holding.take()
    }

    /// Puts back what was taken out and not used, for what is left of its time; not if the place was wiped or given away.
    fn put_back(&mut self, id: HeldId, holding: Holding) {
        if let Some(slot) = self.slot.as_mut().filter(|slot| slot.id == id) {
            slot.holding = Some(holding);
        }
    }

    /// Wipes this card, if it still has the place.
    pub(crate) fn wipe_one(&mut self, id: HeldId) {
        self.slot.take_if(|slot| slot.id == id);
    }

    /// Wipes what is over.
    pub(crate) fn wipe_old(&mut self, now: Timestamp) {
        self.slot.take_if(|slot| slot.until <= now);
    }

    /// Wipes whatever is held.
    pub(crate) fn wipe(&mut self) {
        self.slot = None;
    }
}

impl Desk {
    /// Holds a card that was handed over.
    pub(crate) fn hold_card(&mut self, id: HeldId, card: CardDetails) {
        let until = self.now().after(limits::CARD_HELD);
        self.held.hold(id, Holding::Card(Box::new(card)), until);
        self.let_go_of_held_at(id, until);
    }

    /// Holds the CVC for a card that is kept for "same card again", at most as long as the card itself is kept.
    pub(crate) fn hold_again(&mut self, of: AttemptId, cvc: Cvc) -> Result<HeldId, PayError> {
        let now = self.now();
        let kept_until = self.kept.lies_until(of, now).ok_or(PayError::CardForgotten)?;
        let id = HeldId::from_parts(now, self.ten());
        let until = kept_until.min(now.after(limits::CARD_HELD));
        self.held.hold(id, Holding::Again(of, cvc), until);
        self.let_go_of_held_at(id, until);
        Ok(id)
    }

    /// A timer of its own, because timers are monotonic: a clock that is set back must not make the card stay.
    fn let_go_of_held_at(&self, id: HeldId, until: Timestamp) {
        let over = self.ports.clock.sleep_until(until);
        let inward = self.inward.clone();
        tokio::spawn(async move {
            over.await;
            let _till_closed = inward.send(Inward::HeldLongEnough(id));
        });
    }

    /// Takes the held card for a payment. It keeps its place until there is an attempt.
    pub(crate) fn take_held(&mut self, held: HeldId) -> Result<(CardDetails, InHand), PayError> {
        let now = self.now();
        match self.held.take(held, now).ok_or(PayError::CardForgotten)? {
            Holding::Card(card) => Ok((*card, InHand { held, kept: None })),
            Holding::Again(of, cvc) => {
                let card = self.kept.take(of, cvc, now).ok_or(PayError::CardForgotten)?;
                Ok((card, InHand { held, kept: Some(of) }))
            }
        }
    }

    /// A held card whose payment was not begun goes back for what is left of its time; one that was not held is wiped.
    pub(crate) fn give_back(&mut self, card: Option<CardChoice>) {
        let Some(CardChoice { card, in_hand: Some(InHand { held, kept }), .. }) = card else { return };
        match kept {
            None => self.held.put_back(held, Holding::Card(Box::new(card))),
            Some(of) => {
                let CardDetails { number, holder, expiry, cvc } = card;
                self.kept.put_back(of, WithoutCvc { number, holder, expiry });
                self.held.put_back(held, Holding::Again(of, cvc));
            }
        }
    }

    /// There is an attempt now: the card is its own, and no other can be paid with what was held or kept.
    pub(crate) fn used_up(&mut self, in_hand: InHand) {
        self.held.wipe_one(in_hand.held);
        if let Some(of) = in_hand.kept {
            self.kept.wipe_one(of);
            self.no_longer_kept(&[of]);
        }
    }
}
