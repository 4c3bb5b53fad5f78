//! What is written down of an attempt, and how the entries fold into it.

use serde::{Deserialize, Serialize};

use crate::answers::Probe;
use crate::asking::Asked;
use crate::attempt::event::{PageEnd, ReturnHint};
use crate::attempt::state::{Alarm, Contradiction, Heard, State};
use crate::attempt::{Asking, Attempt, Intent, Page, Returns};
use crate::evidence::Claim;
use crate::limits;
use crate::status::{Baseline, Reading};
use crate::time::Timestamp;

/// How many moments of answered questions are remembered.
const ANSWERED_KEPT: usize = 8;

/// One line of an attempt's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The attempt was opened: its first entry.
    Opened(Box<Intent>),
    /// What stood at the gateway before.
    BaselineRead(Baseline),
    /// It came to stand here.
    Entered(Box<State>),
    /// What the pay answer said.
    Heard(Box<Heard>),
    /// The bank's page was asked for.
    PageOpened,
    /// The bank's page is gone.
    PageGone(PageEnd),
    /// The bank's page left its window for the system's browser.
    PageMoved,
    /// A return came; at most the first twenty are written.
    Returned(ReturnHint),
    /// A return contrary to the final outcome caused its one question.
    ContraryReturnAsked,
    /// The gateway was asked.
    Asked {
        /// When the question left.
        asked: Timestamp,
        /// What the answer says of this attempt.
        reading: Box<Reading>,
    },
    /// `installment-info` was asked as a second sign.
    Probed(Probe),
    /// The gateway's later word contradicts the final outcome.
    Contradicted(Contradiction),
    /// An alarm was raised.
    Alarmed(Alarm),
}

/// Why entries don't fold into an attempt: the journal is damaged or from another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// There are none.
    #[error("the attempt has no entries")]
    Empty,
    /// The first one is not `Opened`.
    #[error("the attempt's first entry does not open it")]
    NotOpened,
    /// There is a second `Opened`.
    #[error("the attempt is opened twice")]
    OpenedTwice,
}

impl Attempt {
    /// A new attempt, from its first entry.
    #[must_use]
    pub fn open(intent: Intent, at: Timestamp) -> Self {
        Self {
            intent,
            opened: at,
            state: State::Ready,
            since: at,
            outcome_since: at,
            sent: None,
            baseline: None,
            heard: None,
            page: Page::None,
            moved: false,
            returns: Returns::default(),
            asking: Asking::default(),
            contradiction: None,
            answered: None,
            alarms: Vec::new(),
        }
    }

    /// The attempt that these entries tell of, in their order, each with the time at which it was written.
    ///
    /// # Errors
    /// [`FoldError`] when they can't belong to one attempt.
    pub fn fold(entries: impl IntoIterator<Item = (Timestamp, Entry)>) -> Result<Self, FoldError> {
        let mut entries = entries.into_iter();
        let mut attempt = match entries.next() {
            None => return Err(FoldError::Empty),
            Some((at, Entry::Opened(intent))) => Self::open(*intent, at),
            Some(_) => return Err(FoldError::NotOpened),
        };
        for (at, entry) in entries {
            attempt.apply(&entry, at)?;
        }
        Ok(attempt)
    }

    /// Adds one entry.
    ///
    /// # Errors
    /// [`FoldError::OpenedTwice`].
    pub fn apply(&mut self, entry: &Entry, at: Timestamp) -> Result<(), FoldError> {
        match entry {
            Entry::Opened(_) => return Err(FoldError::OpenedTwice),
            Entry::BaselineRead(baseline) => self.baseline = Some(baseline.clone()),
            Entry::Entered(state) => self.enter(state, at),
            Entry::Heard(heard) => self.heard = Some((**heard).clone()),
            Entry::PageOpened => self.page = Page::Open { since: at },
            Entry::PageGone(_) => self.page = Page::Gone { since: at },
            Entry::PageMoved => {
                self.page = Page::Open { since: at };
                self.moved = true;
            }
            Entry::Returned(hint) => self.note_return(hint, at),
            Entry::ContraryReturnAsked => self.returns.contrary_asked = true,
            Entry::Asked { asked, reading } => self.note_reading(reading, *asked),
            Entry::Probed(probe) => {
                self.asking.probe = Some((*probe, at));
                if *probe == Probe::StillOpen {
                    self.asking.still_open.push(at);
                }
            }
            Entry::Contradicted(contradiction) => self.contradiction = Some(contradiction.clone()),
            Entry::Alarmed(alarm) => self.alarms.push(alarm.clone()),
        }
        Ok(())
    }

    fn enter(&mut self, state: &State, at: Timestamp) {
        let by_hand = match state {
            State::Approved { evidence, .. } | State::Declined { evidence, .. } => {
                evidence.rank() == crate::evidence::Rank::Supervisor
            }
            State::Sending(_) => {
                self.sent = Some(at);
                false
            }
            State::Ready
            | State::Reauthorising
            | State::AtBank
            | State::Confirming(_)
            | State::Unknown(_)
            | State::SetAside(_)
            | State::Refused(_)
            | State::NotSent(_) => false,
        };
        if by_hand {
            self.answered = self.contradiction.take().or(self.answered.take());
            self.alarms.clear();
        }
        if state.outcome() != self.state.outcome() {
            self.outcome_since = at;
        }
        self.state = state.clone();
        self.since = at;
        self.asking.here = Asked::default();
    }

    fn note_return(&mut self, hint: &ReturnHint, at: Timestamp) {
        self.returns.count = self.returns.count.saturating_add(1);
        self.returns.last = Some(at);
        let claim = self.claim_of(hint);
        // Said again, it was said when it was first said: a page that is loaded anew does not begin a new time for a second sign.
        if let Some(claim) = claim.filter(|claim| self.returns.claim.is_none_or(|(known, _)| known != *claim)) {
            self.returns.claim = Some((claim, at));
        }
        if self.is_own_page(hint) {
            self.returns.error.clone_from(&hint.fields.error);
        }
        if self.causes_question(claim.is_some(), at) {
            self.returns.question = Some(at);
        }
    }

    /// Whether a return at `at` may cause a question: one in two seconds, and always the one that ends the customer's
    /// time at the bank. Where nobody can be asked, only an explicit one says anything.
    fn causes_question(&self, explicit: bool, at: Timestamp) -> bool {
        match self.state {
            State::AtBank => true,
            State::Confirming(_) | State::Unknown(_) | State::SetAside(_) => {
                let last = self.returns.question;
                let rested = last.is_none_or(|last| at < last || at.since(last) >= limits::RETURN_QUESTION_GAP);
                rested && (self.can_be_asked() || explicit)
            }
            State::Ready
            | State::Sending(_)
            | State::Reauthorising
            | State::Approved { .. }
            | State::Declined { .. }
            | State::Refused(_)
            | State::NotSent(_) => false,
        }
    }

    fn note_reading(&mut self, reading: &Reading, asked: Timestamp) {
        let asking = &mut self.asking;
        asking.asked = asking.asked.saturating_add(1);
        asking.last = Some(asked);
        asking.here.note(asked);
        if reading.answered() {
            if asking.answered.len() >= ANSWERED_KEPT {
                asking.answered.remove(0);
            }
            asking.answered.push(asked);
        }
        asking.reading = Some(reading.clone());
    }

    /// Whether this return has become the window's own page: without a page of the bank's, it can't have.
    #[must_use]
    pub fn is_own_page(&self, hint: &ReturnHint) -> bool {
        hint.own_page && self.page != Page::None
    }

    /// What this return claims, if it is explicit for this attempt.
    #[must_use]
    pub fn claim_of(&self, hint: &ReturnHint) -> Option<Claim> {
        hint.claim(&self.intent.subject, self.intent.reference.as_str()).filter(|_| self.is_own_page(hint))
    }

    /// Whether this return may be written down. The last place is kept for one that is the window's own page, so that
    /// images and frames in the bank's page can't crowd out the real one.
    #[must_use]
    pub fn may_note_return(&self, hint: &ReturnHint) -> bool {
        let places = if self.is_own_page(hint) { limits::RETURNS_KEPT } else { limits::RETURNS_KEPT.saturating_sub(1) };
        self.returns.count < places
    }
}
