//! Closing the day. What a close says is drawn up beside the actor, because the first one of an old journal reads all of it;
//! the actor only writes it down. When something else was written meanwhile the journal refuses it, and it is drawn up again.

use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use vezne_core::close::{Basis, Closed, DayClose};
use vezne_core::ids::OperatorId;
use vezne_core::ports::JournalFault;
use vezne_core::record::{Batch, Record};
use vezne_core::rights::Act;
use vezne_core::text::TypedText;

use crate::actor::Inward;
use crate::authority::{Known, NoAuthority};
use crate::compare;
use crate::desk::Desk;
use crate::request::Authority;
use crate::settle::Word;
use crate::view::{Change, ComparingView, JournalState};

/// How often a close is drawn up beside the actor where that is a moment's work.
const TRIES: u8 = 6;
/// How often where it is more.
const TRIES_OF_A_LONG_ONE: u8 = 30;
/// For how long the actor may stand still.
const A_MOMENT: Duration = Duration::from_millis(500);

/// Why a day was not closed, or not compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    /// Something that happened is not written down yet: a close would leave it out, so it waits.
    #[error("something that happened is not written down yet: {0}")]
    NotWritten(String),
    /// There is no close of that number.
    #[error("there is no day close of that number")]
    NotFound,
    /// A restored backup left something out, and this close would end the rule that stands for it: a supervisor must agree.
    #[error("a restored backup left something out: closing over it needs a supervisor")]
    NeedsSupervisor,
    /// Unknown name, wrong PIN, or no supervisor.
    #[error("this is not the name and PIN of a supervisor")]
    NotASupervisor,
    /// The journal took it, or may have, and can't be read now: whether the day is closed is told when it can.
    #[error("whether the day is closed is not known yet: the journal can't be read now")]
    NotKnown,
    /// A comparison is under way already.
    #[error("a day close is being compared already")]
    Comparing,
    /// The journal can't be read or written.
    #[error("{0}")]
    Journal(JournalFault),
    /// The till is closing.
    #[error("the till is closing")]
    Closing,
}

pub(crate) type Reply = oneshot::Sender<Result<Closed, CloseError>>;

/// What the actor is asked about day closes.
pub(crate) enum DayCommand {
    Close(Option<OperatorId>, Option<Authority>, Reply),
    Compare(u32, Option<OperatorId>, compare::Reply),
    StopComparing,
    Comparing(oneshot::Sender<Option<ComparingView>>),
}

/// A supervisor's right that a close uses.
pub(crate) struct Right {
    operator: OperatorId,
    reason: TypedText,
}

/// A close that is being drawn up.
pub(crate) struct Drawing {
    operator: Option<OperatorId>,
    right: Option<Right>,
    /// How often it was drawn up already.
    tries: u8,
    reply: Reply,
}

/// What came of drawing one up, and how long that took.
pub(crate) struct Drawn {
    basis: Result<Basis, JournalFault>,
    took: Duration,
}

impl Desk {
    pub(crate) async fn day(&mut self, command: DayCommand) {
        match command {
            DayCommand::Close(operator, authority, reply) => self.close_day(operator, authority, reply).await,
            DayCommand::Compare(number, operator, reply) => self.compare_close(number, operator, reply),
            DayCommand::StopComparing => self.stop_comparing().await,
            DayCommand::Comparing(reply) => {
                let _front = reply.send(self.comparing());
            }
        }
    }

    /// Begins to close the day. Nothing is waited for: what is in progress or unknown is listed in it.
    async fn close_day(&mut self, operator: Option<OperatorId>, authority: Option<Authority>, reply: Reply) {
        match (self.missing_span, authority) {
            (None, _) => self.begin_close(operator, None, reply).await,
            (Some(_), Some(authority)) => self.check_word(Word::Close(operator, authority, reply)),
            (Some(_), None) => {
                let _front = reply.send(Err(CloseError::NeedsSupervisor));
            }
        }
    }

    /// The PIN of a close over what is missing was checked.
    pub(crate) async fn close_over_missing(
        &mut self,
        operator: Option<OperatorId>,
        authority: Authority,
        known: Result<Known, NoAuthority>,
        reply: Reply,
    ) {
        match known.and_then(|known| known.may(Act::CloseOverMissing)) {
            Ok(supervisor) => {
                let right = Right { operator: supervisor, reason: authority.reason };
                self.begin_close(operator, Some(right), reply).await;
            }
            Err(NoAuthority::NotASupervisor) => {
                let _front = reply.send(Err(CloseError::NotASupervisor));
            }
            Err(NoAuthority::Journal(fault)) => {
                let _front = reply.send(Err(CloseError::Journal(fault)));
            }
        }
    }

    async fn begin_close(&mut self, operator: Option<OperatorId>, right: Option<Right>, reply: Reply) {
        // What is held is written first, if it can be: else it would lie in the next close, and this one would not say so.
        self.write_held().await;
        if let Some(error) = self.not_now() {
            let _front = reply.send(Err(error));
            return;
        }
        self.draw_up(Drawing { operator, right, tries: 0, reply });
    }

    /// What stands in the way of any close.
    fn not_now(&self) -> Option<CloseError> {
        match &self.journal {
            JournalState::NotWritten(why) => Some(CloseError::NotWritten(why.clone())),
            JournalState::Written | JournalState::Refusing { .. } => {
                self.close_doubt.is_some().then_some(CloseError::NotKnown)
            }
        }
    }

    fn draw_up(&self, drawing: Drawing) {
        let (journal, zone) = (self.ports.journal.clone(), self.time_zone.clone());
        let inward = self.inward.clone();
        tokio::spawn(async move {
            let began = Instant::now();
            let basis = journal.close_basis(zone).await;
            let drawn = Drawn { basis, took: began.elapsed() };
            let _till_closed = inward.send(Inward::CloseDrawn(Box::new(drawing), Box::new(drawn)));
        });
    }

    /// The close is drawn up: it is written down, or drawn up anew.
    pub(crate) async fn close_drawn(&mut self, drawing: Drawing, drawn: Drawn) {
        let Drawing { operator, right, tries, reply } = drawing;
        if reply.is_closed() {
            tracing::info!("a day close was given up before it was made");
            return;
        }
        let written = match drawn.basis {
            Ok(basis) => self.write_close(basis, operator, right.as_ref()).await,
            Err(fault) => Err(CloseError::Journal(fault)),
        };
        let tries = tries.saturating_add(1);
        let written = match written {
            Err(CloseError::Journal(JournalFault::CloseOutrun)) if tries < tries_before_at_once(drawn.took) => {
                self.draw_up(Drawing { operator, right, tries, reply });
                return;
            }
            // Here nothing else is written in between.
            Err(CloseError::Journal(JournalFault::CloseOutrun)) => self.close_at_once(operator, right.as_ref()).await,
            written => written,
        };
        if let Ok(closed) = &written {
            self.is_closed(closed);
        }
        let _front = reply.send(written);
    }

    fn is_closed(&mut self, closed: &Closed) {
        tracing::info!(number = closed.close.number, anchor = %closed.anchor, "the day is closed");
        self.missing_span = None;
        self.tell(Change::Closed { number: closed.close.number });
    }

    async fn close_at_once(
        &mut self,
        operator: Option<OperatorId>,
        right: Option<&Right>,
    ) -> Result<Closed, CloseError> {
        let basis = self.ports.journal.close_basis(self.time_zone.clone()).await.map_err(CloseError::Journal)?;
        self.write_close(basis, operator, right).await
    }

    async fn write_close(
        &mut self,
        basis: Basis,
        operator: Option<OperatorId>,
        right: Option<&Right>,
    ) -> Result<Closed, CloseError> {
        self.write_held().await;
        if let Some(error) = self.not_now() {
            return Err(error);
        }
        let now = self.now();
        let used = match (basis.missing, right) {
            (None, _) => None,
            // A backup was restored under a running till's eyes: the right is asked for all the same.
            (Some(_), None) => return Err(CloseError::NeedsSupervisor),
            (Some(_), Some(Right { operator, reason })) => Some(Record::RightUsed {
                operator: *operator,
                act: Act::CloseOverMissing,
                reason: reason.clone(),
                about: None,
            }),
        };
        let close = basis.close(now, &self.time_zone, operator);
        // The close first: it covers everything before it, and stands where it says.
        let records = std::iter::once(Record::DayClosed(Box::new(close.clone()))).chain(used).collect();
        match self.ports.journal.append(Batch { records, names: Vec::new() }, now).await {
            Ok(()) => match self.ports.journal.day_close(Some(close.number)).await {
                Ok(closed) => closed.ok_or(CloseError::NotFound),
                Err(fault) => Err(self.doubt_close(close, &fault)),
            },
            Err(JournalFault::CloseOutrun) => Err(CloseError::Journal(JournalFault::CloseOutrun)),
            Err(fault) => self.close_that_got_in(close, fault).await,
        }
    }

    /// The journal said no, and it may have got in all the same: whoever is told "not closed" must be able to believe it.
    async fn close_that_got_in(&mut self, close: DayClose, fault: JournalFault) -> Result<Closed, CloseError> {
        tracing::error!(%fault, "the day close could not be written down");
        if let Err(fault) = self.ports.journal.reopen().await {
            return Err(self.doubt_close(close, &fault));
        }
        match self.ports.journal.day_close(Some(close.number)).await {
            Ok(Some(found)) if found.close == close => Ok(found),
            Ok(_) => Err(CloseError::Journal(fault)),
            Err(fault) => Err(self.doubt_close(close, &fault)),
        }
    }

    /// Whether it is closed can't be read now: that is looked at again with whatever else is in doubt.
    fn doubt_close(&mut self, close: DayClose, fault: &JournalFault) -> CloseError {
        tracing::error!(%fault, number = close.number, "whether the day is closed can't be read");
        self.close_doubt = Some(Box::new(close));
        self.retry.set(self.now());
        CloseError::NotKnown
    }

    /// The journal may be back: is the day closed?
    pub(crate) async fn look_into_close(&mut self) {
        let Some(close) = &self.close_doubt else { return };
        match self.ports.journal.day_close(Some(close.number)).await {
            Ok(found) => {
                let close = self.close_doubt.take();
                match found.filter(|found| close.is_some_and(|close| *close == found.close)) {
                    Some(found) => self.is_closed(&found),
                    None => tracing::info!("the day close that was in doubt was not made"),
                }
            }
            Err(fault) => tracing::warn!(%fault, "whether the day is closed can't be read yet"),
        }
    }
}

/// How often a close is drawn up beside the actor before the actor does it itself, with nothing written in between: soon where
/// that is a moment's work, and late where the desk would stand still for it.
fn tries_before_at_once(took: Duration) -> u8 {
    if took < A_MOMENT { TRIES } else { TRIES_OF_A_LONG_ONE }
}
