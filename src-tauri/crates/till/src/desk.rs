//! What the actor holds: every attempt and reversal that may still change, by id.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc};
use vezne_core::attempt::Attempt;
use vezne_core::card::CardDetails;
use vezne_core::close::DayClose;
use vezne_core::ids::{AccountId, AttemptId, ReversalId};
use vezne_core::ports::{BankPage, MissingSpan, OptionsTicket, Ports};
use vezne_core::reversal::Reversal;
use vezne_core::time::{Millis, Timestamp};

use crate::actor::Inward;
use crate::again::Again;
use crate::compare::{Comparing, Preparing};
use crate::fitness::LOOK_AGAIN;
use crate::handle::{Served, TillParts};
use crate::held::HeldCard;
use crate::kept::{KeptCards, WithoutCvc};
use crate::misses::Misses;
use crate::steady::Steady;
use crate::twins::Twins;
use crate::unwritten::{Doubt, Held, RETRY};
use crate::view::{AttemptView, Change, JournalState, ReversalView};

/// While a question is under way, a due time that it will answer is looked at again only after this.
const IN_FLIGHT_PAUSE: Millis = Millis::seconds(1);

/// An attempt that may still change, with what must never be written down.
pub(crate) struct LiveAttempt {
    pub(crate) attempt: Attempt,
    /// The card, until the pay answer.
    pub(crate) card: Option<Arc<CardDetails>>,
    /// The card without its CVC, while the customer is at the bank.
    pub(crate) without_cvc: Option<WithoutCvc>,
    /// Where the bank sends the customer back to.
    pub(crate) return_url: String,
    /// Which options answer the plan came from.
    pub(crate) ticket: Option<OptionsTicket>,
    /// When that answer came.
    pub(crate) options_at: Option<Timestamp>,
    /// The bank's page between the pay answer and its opening.
    pub(crate) page: Option<BankPage>,
    /// Whether a status question is under way.
    pub(crate) asking: bool,
    /// Whether a probe is under way.
    pub(crate) probing: bool,
    /// Nothing is due before this, because a question is under way.
    pub(crate) paused_until: Option<Timestamp>,
    /// How long until a slot is free, while preparing.
    pub(crate) slot_wait: Option<Millis>,
}

/// A reversal that may still change.
pub(crate) struct LiveReversal {
    pub(crate) reversal: Reversal,
    pub(crate) asking: bool,
    pub(crate) paused_until: Option<Timestamp>,
}

/// Everything the actor holds. What is walked through lies in order, so that the same events have the same course.
pub(crate) struct Desk {
    pub(crate) ports: Ports,
    pub(crate) accounts: HashMap<AccountId, Served>,
    pub(crate) time_zone: jiff::tz::TimeZone,
    pub(crate) attempts: BTreeMap<AttemptId, LiveAttempt>,
    pub(crate) reversals: BTreeMap<ReversalId, LiveReversal>,
    pub(crate) kept: KeptCards,
    pub(crate) held: HeldCard,
    /// Wrong PINs, by name.
    pub(crate) misses: Arc<Misses>,
    /// What happened but could not be written down yet, in order.
    pub(crate) unwritten: VecDeque<Held>,
    /// Openings that failed and may have got in all the same.
    pub(crate) doubts: Vec<Doubt>,
    /// A day close of which it is not known whether the journal has it.
    pub(crate) close_doubt: Option<Box<DayClose>>,
    /// When that is tried again.
    pub(crate) retry: Again,
    /// Whether everything that was held has been written since the last sweep.
    pub(crate) sweep: bool,
    pub(crate) journal: JournalState,
    /// When a journal that refuses new money is looked at again.
    pub(crate) look: Again,
    /// Approvals whose fellows could not be read yet.
    pub(crate) twins: Twins,
    /// Whether the time of day was set.
    pub(crate) steady: Steady,
    /// The comparison of a close with the gateways, if one is under way.
    pub(crate) comparing: Option<Comparing>,
    /// Whether one is being prepared.
    pub(crate) preparing: Preparing,
    /// When its next question is to be asked.
    pub(crate) compare_next: Again,
    /// What a restored backup does not hold.
    pub(crate) missing_span: Option<MissingSpan>,
    pub(crate) changes: broadcast::Sender<Change>,
    pub(crate) inward: mpsc::UnboundedSender<Inward>,
    pub(crate) inward_inbox: Option<mpsc::UnboundedReceiver<Inward>>,
}

/// When it is due, with the pause while a question is under way. A pause that lies further ahead than one can is from
/// before the clock was set back, and over.
fn not_before(paused_until: Option<Timestamp>, due: Timestamp, now: Timestamp) -> Timestamp {
    let stands = paused_until.filter(|paused| *paused <= now.after(IN_FLIGHT_PAUSE));
    stands.map_or(due, |paused| due.max(paused))
}

impl LiveAttempt {
    /// An attempt taken up from the journal: no card, no page.
    pub(crate) const fn taken_up(attempt: Attempt) -> Self {
        Self {
            attempt,
            card: None,
            without_cvc: None,
            return_url: String::new(),
            ticket: None,
            options_at: None,
            page: None,
            asking: false,
            probing: false,
            paused_until: None,
            slot_wait: None,
        }
    }

    fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let due = vezne_core::attempt::next_due(&self.attempt, now)?;
        Some(not_before(self.paused_until, due, now))
    }

    /// Marks a question as under way.
    pub(crate) fn pause(&mut self, now: Timestamp) {
        self.paused_until = Some(now.after(IN_FLIGHT_PAUSE));
    }
}

impl LiveReversal {
    pub(crate) const fn new(reversal: Reversal) -> Self {
        Self { reversal, asking: false, paused_until: None }
    }

    fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let due = vezne_core::reversal::next_due(&self.reversal, now)?;
        Some(not_before(self.paused_until, due, now))
    }

    pub(crate) fn pause(&mut self, now: Timestamp) {
        self.paused_until = Some(now.after(IN_FLIGHT_PAUSE));
    }
}

impl Desk {
    pub(crate) fn new(parts: TillParts, changes: broadcast::Sender<Change>) -> Self {
        let (inward, inbox) = mpsc::unbounded_channel();
        let steady = Steady::new(parts.ports.clock.now());
        Self {
            ports: parts.ports,
            accounts: parts.accounts,
            time_zone: parts.time_zone,
            attempts: BTreeMap::new(),
            reversals: BTreeMap::new(),
            kept: KeptCards::default(),
            held: HeldCard::default(),
            misses: Arc::default(),
            unwritten: VecDeque::new(),
            doubts: Vec::new(),
            close_doubt: None,
            retry: Again::after(RETRY),
            sweep: false,
            journal: JournalState::Written,
            look: Again::after(LOOK_AGAIN),
            twins: Twins::new(),
            steady,
            comparing: None,
            preparing: Preparing::No,
            compare_next: Again::after(Millis::ZERO),
            missing_span: None,
            changes,
            inward,
            inward_inbox: Some(inbox),
        }
    }

    /// Wipes every card that is not on its way to a gateway just now: at lock and new sale.
    pub(crate) fn forget_cards(&mut self) {
        self.held.wipe();
        let wiped = self.kept.wipe();
        for live in self.attempts.values_mut() {
            live.without_cvc = None;
        }
        self.no_longer_kept(&wiped);
    }

    /// Tells that these attempts' cards can't be used again any more.
    pub(crate) fn no_longer_kept(&mut self, attempts: &[AttemptId]) {
        for id in attempts {
            self.tell_attempt(*id);
            self.let_go(*id);
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// When the actor must wake by itself.
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        let now = self.now();
        let attempts = self.attempts.values().filter_map(|live| live.due(now));
        let reversals = self.reversals.values().filter_map(|live| live.due(now));
        let tries = [&self.retry, &self.look, &self.twins.again, &self.compare_next];
        let tries = tries.into_iter().filter_map(|again| again.next(now));
        attempts.chain(reversals).chain(tries).min()
    }

    /// The attempts whose time has come.
    pub(crate) fn due_attempts(&self, now: Timestamp) -> Vec<AttemptId> {
        self.attempts
            .iter()
            .filter(|(_, live)| live.due(now).is_some_and(|due| due <= now))
            .map(|(id, _)| *id)
            .collect()
    }

    /// The reversals whose time has come.
    pub(crate) fn due_reversals(&self, now: Timestamp) -> Vec<ReversalId> {
        self.reversals
            .iter()
            .filter(|(_, live)| live.due(now).is_some_and(|due| due <= now))
            .map(|(id, _)| *id)
            .collect()
    }

    /// The account that an attempt was sent with, if it is still configured and still the same one (`RULES.md` 6).
    pub(crate) fn served(&self, account: &vezne_core::account::AccountRef) -> Option<&Served> {
        self.accounts.get(&account.id).filter(|served| served.account.reference.endpoint == account.endpoint)
    }

    pub(crate) fn attempt_view(&self, live: &LiveAttempt) -> AttemptView {
        let mut view = self.view_of(&live.attempt);
        view.slot_wait_ms = live.slot_wait.map(Millis::as_millis);
        view
    }

    /// The view of any attempt, live or read from the journal.
    pub(crate) fn view_of(&self, attempt: &Attempt) -> AttemptView {
        let id = attempt.intent.attempt;
        let mut view = AttemptView::of(attempt, self.now());
        view.can_be_asked &= self.served(&attempt.intent.account).is_some();
        view.same_card_until = self.kept.until(id);
        view.not_written_down = self.holds_attempt(id);
        view
    }

    pub(crate) fn reversal_view(&self, reversal: &Reversal) -> ReversalView {
        let mut view = ReversalView::of(reversal, self.now());
        view.not_written_down = self.holds_reversal(reversal.intent.reversal);
        view
    }

    pub(crate) fn tell_attempt(&self, id: AttemptId) {
        if let Some(live) = self.attempts.get(&id) {
            self.tell(Change::Attempt(Box::new(self.attempt_view(live))));
        }
    }

    pub(crate) fn tell_reversal(&self, id: ReversalId) {
        if let Some(live) = self.reversals.get(&id) {
            self.tell(Change::Reversal(Box::new(self.reversal_view(&live.reversal))));
        }
    }

    pub(crate) fn tell(&self, change: Change) {
        // Nobody listening is fine: a front that comes later asks for everything.
        let _listeners = self.changes.send(change);
    }

    /// Lets go of what is settled and followed to its end.
    pub(crate) fn let_go(&mut self, id: AttemptId) {
        let now = self.now();
        let done = self.attempts.get(&id).is_some_and(|live| {
            live.attempt.state.is_final()
                && live.card.is_none()
                // Its card may be used again: whoever sees it must hear when that is over.
                && self.kept.until(id).is_none()
                && !live.asking
                && !live.probing
                && live.due(now).is_none()
                && !live.attempt.needs_attention(now)
                // After 24 hours it stands in Needs attention, and nothing but the clock says when.
                && !live.attempt.state.is_unconfirmed()
        });
        if done && !self.holds_attempt(id) {
            self.attempts.remove(&id);
        }
    }

    pub(crate) fn let_go_reversal(&mut self, id: ReversalId) {
        let now = self.now();
        let done = self.reversals.get(&id).is_some_and(|live| {
            live.reversal.state.is_final()
                && !live.asking
                && live.due(now).is_none()
                && !live.reversal.needs_attention()
        });
        if done && !self.holds_reversal(id) {
            self.reversals.remove(&id);
        }
    }
}
