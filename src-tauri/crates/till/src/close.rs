//! Closing the day. What a close says is drawn up beside the actor, because the first one of an old journal reads all of it;
//! the actor only writes it down. When something else was written meanwhile the journal refuses it, and it is drawn up again.

use tokio::sync::oneshot;
use vezne_core::close::{Basis, Closed, DayClose};
use vezne_core::ids::OperatorId;
use vezne_core::ports::JournalFault;
use vezne_core::record::{Batch, Record};

use crate::actor::Inward;
use crate::desk::Desk;
use crate::view::{Change, ComparingView, JournalState};

/// How often a close is drawn up beside the actor before the actor does it itself, with nothing written in between.
const TRIES: u8 = 5;

/// Why a day was not closed, or not compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    /// Something that happened is not written down yet: a close would leave it out, so it waits.
    #[error("something that happened is not written down yet: {0}")]
    NotWritten(String),
    /// There is no close of that number.
    #[error("there is no day close of that number")]
    NotFound,
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
    Close(Option<OperatorId>, Reply),
    Compare(u32, Option<OperatorId>, oneshot::Sender<Result<ComparingView, CloseError>>),
    StopComparing,
    Comparing(oneshot::Sender<Option<ComparingView>>),
}

/// A close that is being drawn up.
pub(crate) struct Drawing {
    pub(crate) operator: Option<OperatorId>,
    tries: u8,
    reply: Reply,
}

impl Desk {
    pub(crate) async fn day(&mut self, command: DayCommand) {
        match command {
            DayCommand::Close(operator, reply) => self.close_day(operator, reply).await,
            DayCommand::Compare(number, operator, reply) => {
                let begun = self.compare_close(number, operator).await;
                let _front = reply.send(begun);
            }
            DayCommand::StopComparing => self.stop_comparing().await,
            DayCommand::Comparing(reply) => {
                let _front = reply.send(self.comparing());
            }
        }
    }

    /// Begins to draw up a close. Nothing is waited for: what is in progress or unknown is listed in it.
    async fn close_day(&mut self, operator: Option<OperatorId>, reply: Reply) {
        // What is held is written first, if it can be: else it would lie in the next close, and this one would not say so.
        self.write_held().await;
        if let JournalState::NotWritten(why) = &self.journal {
            let _front = reply.send(Err(CloseError::NotWritten(why.clone())));
            return;
        }
        self.draw_up(Drawing { operator, tries: TRIES, reply });
    }

    fn draw_up(&self, drawing: Drawing) {
        let (journal, zone) = (self.ports.journal.clone(), self.time_zone.clone());
        let inward = self.inward.clone();
        tokio::spawn(async move {
            let basis = journal.close_basis(zone).await;
            let _till_closed = inward.send(Inward::CloseDrawn(Box::new(drawing), basis.map(Box::new)));
        });
    }

    /// The close is drawn up: it is written down, or drawn up anew.
    pub(crate) async fn close_drawn(&mut self, drawing: Drawing, basis: Result<Box<Basis>, JournalFault>) {
        let Drawing { operator, tries, reply } = drawing;
        if reply.is_closed() {
            tracing::info!("a day close was given up before it was made");
            return;
        }
        let written = match basis {
            Ok(basis) => self.write_close(*basis, operator).await,
            Err(fault) => Err(CloseError::Journal(fault)),
        };
        let written = match (written, tries.checked_sub(1)) {
            (Err(CloseError::Journal(JournalFault::CloseOutrun)), Some(tries)) => {
                self.draw_up(Drawing { operator, tries, reply });
                return;
            }
            // Here nothing else is written in between.
            (Err(CloseError::Journal(JournalFault::CloseOutrun)), None) => self.close_at_once(operator).await,
            (written, _) => written,
        };
        if let Ok(closed) = &written {
            tracing::info!(number = closed.close.number, anchor = %closed.anchor, "the day is closed");
            self.missing_span = None;
            self.tell(Change::Closed { number: closed.close.number });
        }
        let _front = reply.send(written);
    }

    async fn close_at_once(&mut self, operator: Option<OperatorId>) -> Result<Closed, CloseError> {
        let basis = self.ports.journal.close_basis(self.time_zone.clone()).await.map_err(CloseError::Journal)?;
        self.write_close(basis, operator).await
    }

    async fn write_close(&mut self, basis: Basis, operator: Option<OperatorId>) -> Result<Closed, CloseError> {
        let now = self.now();
        let close = basis.close(now, &self.time_zone, operator);
        let number = close.number;
        let batch = Batch { records: vec![Record::DayClosed(Box::new(close.clone()))], names: Vec::new() };
        match self.write(batch, now).await {
            Ok(()) => {}
            Err(JournalFault::CloseOutrun) => return Err(CloseError::Journal(JournalFault::CloseOutrun)),
            Err(fault) => return self.close_that_got_in(close, fault).await,
        }
        let closed = self.ports.journal.day_close(Some(number)).await.map_err(CloseError::Journal)?;
        closed.ok_or(CloseError::NotFound)
    }

    /// The journal said no, and it may have got in all the same: whoever is told "not closed" must be able to believe it.
    async fn close_that_got_in(&mut self, close: DayClose, fault: JournalFault) -> Result<Closed, CloseError> {
        tracing::error!(%fault, "the day close could not be written down");
        if self.ports.journal.reopen().await.is_ok()
            && let Ok(Some(found)) = self.ports.journal.day_close(Some(close.number)).await
            && found.close == close
        {
            return Ok(found);
        }
        Err(CloseError::Journal(fault))
    }
}
