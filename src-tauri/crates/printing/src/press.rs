//! A printer at work: takes orders, writes down, sends, tells.

use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};
use vezne_core::ports::Answer as Answered;
use vezne_core::time::Timestamp;

use crate::queue::{Answer, Job, JobId, Queue, Refusal, Stand};
use crate::talk::Manner;
use crate::trouble::{End, Trouble};
use crate::way::{Way, send_to_known};

/// What a press needs of whoever it prints for.
pub trait Papers: Send + Sync + 'static {
    /// The bytes of a job's paper, marked as a copy if the job is one.
    ///
    /// # Errors
    /// When it can't be made now; it is tried again.
    fn bytes<'a>(&'a self, job: &'a Job) -> Answered<'a, io::Result<Vec<u8>>>;

    /// Whether a job's paper still says what is so. One that does not is not printed: a person is told.
    ///
    /// # Errors
    /// When that can't be found out now; making its bytes then fails as well.
    fn is_current<'a>(&'a self, job: &'a Job) -> Answered<'a, io::Result<bool>>;

    /// Writes the queue down, so that it is there after a restart.
    ///
    /// # Errors
    /// When it can't be written. Then nothing that depends on it is done.
    fn keep<'a>(&'a self, queue: &'a Queue) -> Answered<'a, io::Result<()>>;
}

/// The press has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// It does not work any more.
    #[error("The printer's queue is closed.")]
    Stopped,
    /// The queue does not do that.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be written down, so it was not done.
    #[error("{}", Trouble::NotKept)]
    NotKept,
}

type Change = Box<dyn FnOnce(&mut Queue, Timestamp) -> Result<(), Refusal> + Send>;

enum Order {
    /// A change of the queue.
    Change(Change, oneshot::Sender<Result<(), Closed>>),
    /// The end, told when it has come.
    Stop(oneshot::Sender<()>),
}

/// How long a paper that is on its way may still take when the press is stopped.
const GRACE: Duration = Duration::from_secs(3);

/// A printer's queue at work. Dropping it stops it; what is on its way then is asked about after the next start.
#[derive(Debug, Clone)]
pub struct Press {
    orders: mpsc::Sender<Order>,
    queue: watch::Receiver<Queue>,
}

impl Press {
    /// Takes up a queue as it was written down. Must be called within a tokio runtime.
    #[must_use]
    pub fn start(mut queue: Queue, way: Way, manner: Manner, papers: Arc<dyn Papers>) -> Self {
        queue.restarted();
        let (orders, taken) = mpsc::channel(16);
        let (shown, seen) = watch::channel(queue.clone());
        let work = Work { queue, shown, way, manner, papers, answers: false, stopping: None };
        tokio::spawn(work.run(taken));
        Self { orders, queue: seen }
    }

    /// The queue, and every change of it.
    #[must_use]
    pub fn queue(&self) -> watch::Receiver<Queue> {
        self.queue.clone()
    }

    /// Orders a paper: the first one without a number, each further one as the copy of its number.
    ///
    /// # Errors
    /// When it is on its way already, this number stands in the queue, or it could not be written down.
    pub async fn order(&self, paper: &str, copy: Option<NonZeroU32>) -> Result<(), Closed> {
        let paper = paper.to_owned();
        self.change(Box::new(move |queue, now| queue.order(&paper, copy, now).map(drop))).await
    }

    /// Says what a person saw of a paper that is asked about.
    ///
    /// # Errors
    /// When nobody asked, or it could not be written down.
    pub async fn answer(&self, id: JobId, answer: Answer) -> Result<(), Closed> {
        self.change(Box::new(move |queue, now| queue.answer(id, answer, now))).await
    }

    /// Takes back a paper that waits.
    ///
    /// # Errors
    /// When something of it may have left, or it could not be written down.
    pub async fn cancel(&self, id: JobId) -> Result<(), Closed> {
        self.change(Box::new(move |queue, _| queue.cancel(id))).await
    }

    /// A person has seen to the printer: what waits is tried at once.
    ///
    /// # Errors
    /// When it could not be written down.
    pub async fn hurry(&self) -> Result<(), Closed> {
        self.change(Box::new(|queue, now| {
            queue.hurry(now);
            Ok(())
        }))
        .await
    }

    /// Ends it, and answers when it prints and writes down nothing more. A paper on its way gets three seconds to end; after
    /// that a person is asked about it at the next start.
    pub async fn stop(&self) {
        let (tell, told) = oneshot::channel();
        if self.orders.send(Order::Stop(tell)).await.is_ok() {
            // It may have ended by itself meanwhile.
            told.await.ok();
        }
    }

    async fn change(&self, change: Change) -> Result<(), Closed> {
        let (tell, told) = oneshot::channel();
        self.orders.send(Order::Change(change, tell)).await.map_err(|_| Closed::Stopped)?;
        told.await.map_err(|_| Closed::Stopped)?
    }
}

struct Work {
    queue: Queue,
    shown: watch::Sender<Queue>,
    way: Way,
    manner: Manner,
    papers: Arc<dyn Papers>,
    /// Whether this printer has ever answered a question.
    answers: bool,
    /// Who waits for the end, once it is asked for.
    stopping: Option<oneshot::Sender<()>>,
}

fn now() -> Timestamp {
    Timestamp::from(jiff::Timestamp::now())
}

impl Work {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        loop {
            if let Some(waits) = self.stopping.take() {
                // Whoever waited may be gone; it is the end all the same.
                waits.send(()).ok();
                return;
            }
            if let Some(job) = self.begin().await {
                let end = self.print(&job, &mut orders).await;
                self.end(job.id, end).await;
                continue;
            }
            let pause = self.queue.due().map(|due| due.since(now()).as_duration());
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => return,
                },
                () = sleep(pause.unwrap_or_default()), if pause.is_some() => {}
            }
        }
    }

    /// Changes the queue if that can be written down.
    async fn keep(&mut self, changed: Queue) -> Result<(), Closed> {
        self.papers.keep(&changed).await.map_err(|_| Closed::NotKept)?;
        self.queue = changed;
        self.shown.send_replace(self.queue.clone());
        Ok(())
    }

    async fn obey(&mut self, order: Order) {
        let (change, tell) = match order {
            Order::Change(change, tell) => (change, tell),
            Order::Stop(tell) => {
                self.stopping = Some(tell);
                return;
            }
        };
        let mut changed = self.queue.clone();
        let done = match change(&mut changed, now()) {
            Ok(()) => self.keep(changed).await,
            Err(refusal) => Err(refusal.into()),
        };
        // Whoever asked may be gone by now; what was done stays done.
        tell.send(done).ok();
    }

    /// The job whose turn it is, written down as on its way.
    async fn begin(&mut self) -> Option<Job> {
        let at = now();
        let job = self.queue.next(at).cloned()?;
        let mut changed = self.queue.clone();
        if matches!(self.papers.is_current(&job).await, Ok(false)) {
            changed.outdated(job.id).ok()?;
            if self.keep(changed.clone()).await.is_err() {
                // In memory only: after a restart it is found again.
                self.queue = changed;
                self.shown.send_replace(self.queue.clone());
            }
            return None;
        }
        changed.begin(job.id, at).ok()?;
        if self.keep(changed.clone()).await.is_ok() {
            return Some(job);
        }
        // In memory only, so that it is tried again later: on the disk it still waits.
        if changed.ended(job.id, End::NothingLeft(Trouble::NotKept), at).is_ok() {
            self.queue = changed;
            self.shown.send_replace(self.queue.clone());
        }
        None
    }

    /// Sends a job, and goes on taking orders meanwhile.
    async fn print(&mut self, job: &Job, orders: &mut mpsc::Receiver<Order>) -> End {
        let Ok(bytes) = self.papers.bytes(job).await else { return End::NothingLeft(Trouble::NotMade) };
        let (way, manner, mut answers) = (self.way.clone(), self.manner, self.answers);
        let errand = async move {
            let end = send_to_known(&way, &bytes, &manner, &mut answers).await;
            (end, answers)
        };
        tokio::pin!(errand);
        let mut last_call = None;
        loop {
            tokio::select! {
                (end, answers) = &mut errand => {
                    self.answers = answers;
                    return end;
                }
                order = orders.recv(), if last_call.is_none() => match order {
                    Some(order) => self.obey(order).await,
                    // Nobody holds the press any more: what is on its way is the last.
                    None => self.stopping = Some(oneshot::channel().0),
                },
                () = sleep_until(last_call.unwrap_or_else(Instant::now)), if last_call.is_some() => {
                    return End::Unknown(Trouble::Stopped);
                }
            }
            if self.stopping.is_some() && last_call.is_none() {
                last_call = Some(Instant::now() + GRACE);
            }
        }
    }

    async fn end(&mut self, id: JobId, end: End) {
        let mut changed = self.queue.clone();
        if changed.ended(id, end, now()).is_err() {
            return;
        }
        if self.keep(changed.clone()).await.is_err() {
            // What is on the disk says "on its way": after a restart a person is asked, which is the safe way to be wrong.
            self.queue = changed;
            self.shown.send_replace(self.queue.clone());
        }
        debug_assert!(self.queue.jobs().iter().all(|job| !matches!(job.stand, Stand::Printing { .. })));
    }
}
