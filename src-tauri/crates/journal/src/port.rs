//! The journal as the till asks for it.

use sqlx::pool::PoolConnection;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::oneshot;
use vezne_core::attempt::Attempt;
use vezne_core::close::{Basis, Closed};
use vezne_core::guard::{GuardKey, Neighbours};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId, ReversalId};
use vezne_core::ports::{self, Answer, CardTrace, JournalFault, MissingSpan, PaymentHistory, Unfinished};
use vezne_core::record::{Batch, Operator};
use vezne_core::reversal::Reversal;
use vezne_core::time::{Millis, Timestamp};

use crate::fault::{self, IntoFault};
use crate::space::Reserve;
use crate::writer::Work;
use crate::{Journal, closes, connect, reads};

impl Journal {
    /// A connection for a short read.
    pub(crate) async fn reading(&self) -> Result<PoolConnection<sqlx::Sqlite>, JournalFault> {
        let pool = self.pool.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let acquired = pool.acquire().await.fault();
        if acquired.is_err() {
            // A new connection goes by the name: that the file is gone says more than that it can't be opened.
            self.place.check()?;
        }
        acquired
    }

    /// Hands work to the writing task and waits for its answer.
    pub(crate) async fn ask_writer<T>(
        &self,
        work: impl FnOnce(oneshot::Sender<Result<T, JournalFault>>) -> Work,
    ) -> Result<T, JournalFault> {
        let closed = || JournalFault::NotWritable("the journal is closed".to_owned());
        let Some(writer) = &self.writer else {
            return Err(read_only());
        };
        let (reply, answer) = oneshot::channel();
        writer.send(work(reply)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// What a close made now would say: a long read, on a connection of its own and as of one moment.
    async fn basis(&self, zone: jiff::tz::TimeZone) -> Result<Basis, JournalFault> {
        self.place.check()?;
        let mut db = connect::reader(&self.files.database()).await.fault()?;
        let mut moment = db.begin().await.fault()?;
        let basis = closes::basis(&mut moment, zone).await;
        moment.rollback().await.fault()?;
        db.close().await.fault()?;
        basis
    }

    async fn reopen_all(&self) -> Result<(), JournalFault> {
        let database = self.files.database();
        let old = {
            let mut pool = self.pool.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            std::mem::replace(&mut *pool, connect::readers(&database))
        };
        // With every connection closed, SQLite reads its write-ahead log anew and tells what really got in.
        old.close().await;
        if self.writer.is_some() {
            return self.ask_writer(|reply| Work::Reopen { reply }).await;
        }
        self.reading().await.map(drop)
    }
}

fn read_only() -> JournalFault {
    JournalFault::NotWritable("the journal is open for reading only".to_owned())
}

/// Runs one read on a connection of the pool.
macro_rules! read {
    ($journal:ident, |$db:ident| $body:expr) => {
        Box::pin(async move {
            let mut connection = $journal.health.looked($journal.reading().await)?;
            let $db: &mut SqliteConnection = &mut connection;
            $journal.health.looked($body.await)
        })
    };
}

impl ports::Journal for Journal {
    fn append(&self, batch: Batch, at: Timestamp) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(self.ask_writer(move |reply| Work::Append { batch, at, reply }))
    }

    fn may_take_money(&self) -> Result<(), JournalFault> {
        if self.writer.is_none() {
            return Err(read_only());
        }
        if let Some(words) = self.health.damage() {
            return Err(JournalFault::Damaged(words));
        }
        if let Err(fault) = self.place.check() {
            // A full queue means that the writer comes to see it by itself.
            let _busy = self.writer.as_ref().map(|writer| writer.try_send(Work::Rescue));
            return Err(fault);
        }
        // Room may have been made since the reserve was used up: then it is filled again, here, before the next sale.
        Reserve::at(self.files.reserve()).has_room().map_err(|error| fault::of_io(&error))
    }

    fn news(&self) -> Answer<'_, ()> {
        Box::pin(self.health.news())
    }

    fn reopen(&self) -> Answer<'_, Result<(), JournalFault>> {
        Box::pin(self.reopen_all())
    }

    fn attempt(&self, attempt: AttemptId) -> Answer<'_, Result<Option<Attempt>, JournalFault>> {
        read!(self, |db| reads::attempt(db, &attempt.to_string()))
    }

    fn reversal(&self, reversal: ReversalId) -> Answer<'_, Result<Option<Reversal>, JournalFault>> {
        read!(self, |db| reads::reversal(db, &reversal.to_string()))
    }

    fn payment(&self, payment: PaymentId) -> Answer<'_, Result<Option<PaymentHistory>, JournalFault>> {
        read!(self, |db| reads::payment(db, payment))
    }

    fn find_reference(&self, reference: AttemptReference) -> Answer<'_, Result<Option<AttemptId>, JournalFault>> {
        read!(self, |db| reads::find_reference(db, &reference))
    }

    fn unfinished(&self, now: Timestamp, followed: Millis) -> Answer<'_, Result<Unfinished, JournalFault>> {
        read!(self, |db| reads::unfinished(db, now, followed))
    }

    fn neighbours<'a>(
        &'a self,
        key: &'a GuardKey,
        card: Option<CardTrace>,
    ) -> Answer<'a, Result<Neighbours, JournalFault>> {
        let desk = self.desk.to_string();
        read!(self, |db| reads::neighbours(db, &desk, key, card.as_ref()))
    }

    fn attempts_on<'a>(&'a self, key: &'a GuardKey) -> Answer<'a, Result<Vec<Attempt>, JournalFault>> {
        read!(self, |db| reads::attempts_on(db, key))
    }

    fn operators(&self) -> Answer<'_, Result<Vec<Operator>, JournalFault>> {
        read!(self, |db| reads::operators(db))
    }

    fn missing_span(&self) -> Answer<'_, Result<Option<MissingSpan>, JournalFault>> {
        read!(self, |db| reads::missing_span(db))
    }

    fn close_basis(&self, zone: jiff::tz::TimeZone) -> Answer<'_, Result<Basis, JournalFault>> {
        Box::pin(async move { self.health.looked(self.basis(zone).await) })
    }

    fn day_close(&self, number: Option<u32>) -> Answer<'_, Result<Option<Closed>, JournalFault>> {
        read!(self, |db| closes::close(db, number))
    }

    fn attempts_of_close(&self, closed: &Closed) -> Answer<'_, Result<Vec<AttemptId>, JournalFault>> {
        let closed = closed.clone();
        read!(self, |db| closes::attempts_of(db, &closed))
    }

    fn override_used(&self, attempt: AttemptId) -> Answer<'_, Result<bool, JournalFault>> {
        read!(self, |db| reads::override_used(db, attempt))
    }
}
