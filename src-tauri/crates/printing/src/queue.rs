//! What waits for a printer. Pure: the time is an argument, and what must be done is asked for.
//!
//! A job is printed once. It is sent again only while nothing of it has left the desk. Once something may have left and
//! nobody knows the end, a person says whether it came out; what is printed after that is a copy with a number.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use vezne_core::time::{Millis, Timestamp};

use crate::trouble::{End, Trouble};

/// How long a job waits after each failure; the last one for ever after.
const PAUSES: [Millis; 4] = [Millis::seconds(2), Millis::seconds(5), Millis::seconds(15), Millis::seconds(30)];

/// A job's number in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(u64);

impl JobId {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// It waits for its turn. Nothing of it has left.
    Waiting {
        /// How often it failed.
        failures: u32,
        /// Why it failed the last time.
        trouble: Option<Trouble>,
        /// When it is tried next.
        due: Timestamp,
    },
    /// It is on its way.
    Printing {
        /// How often it failed before.
        failures: u32,
    },
    /// A person is asked whether it came out, or told that it says something that is so no more.
    Asked {
        /// What happened.
        trouble: Trouble,
    },
}

/// A paper to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// Which paper: a name that stays the same for its copies.
    pub paper: String,
    /// The number of the copy; none for the first paper.
    pub copy: Option<NonZeroU32>,
    /// When it was ordered.
    pub ordered: Timestamp,
    /// Where it stands.
    pub stand: Stand,
}

impl Job {
    /// Whether it will be printed by itself, or is being printed.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        match self.stand {
            Stand::Waiting { .. } | Stand::Printing { .. } => true,
            Stand::Asked { .. } => false,
        }
    }
}

/// What a person says of a paper of which nobody knows whether it came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It came out.
    CameOut,
    /// Print it again, as the copy of this number.
    Copy(NonZeroU32),
    /// It is not needed any more.
    Drop,
}

/// Why the queue does not do what it was told. Nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// This paper is on its way already: a second click.
    #[error("This paper is already on its way to the printer.")]
    UnderWay,
    /// This number stands in the queue already.
    #[error("This copy of the paper stands in the queue already.")]
    NumberTaken,
    /// There is no such job.
    #[error("There is no such print job any more.")]
    NoSuchJob,
    /// Not as it stands now.
    #[error("That can't be done with the print job as it stands now.")]
    NotNow,
}

/// One printer's queue. As data it can be written down, and read after a restart.
///
/// The numbers of copies come from whoever orders: a paper is also issued by other ways than this printer, and counted over
/// all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    last: u64,
    jobs: Vec<Job>,
}

impl Queue {
    /// What waits, is printed or asked about, oldest first.
    #[must_use]
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Whether this paper will be printed by itself, or is being printed: whoever clicks now wants the same one.
    #[must_use]
    pub fn is_under_way(&self, paper: &str) -> bool {
        self.jobs.iter().any(|job| job.paper == paper && job.is_under_way())
    }

    /// Orders a paper: the first one without a number, each further one as the copy of its number.
    ///
    /// # Errors
    /// When it is on its way already, or this number of it stands in the queue.
    pub fn order(&mut self, paper: &str, copy: Option<NonZeroU32>, now: Timestamp) -> Result<JobId, Refusal> {
        if self.is_under_way(paper) {
            return Err(Refusal::UnderWay);
        }
        if self.jobs.iter().any(|job| job.paper == paper && job.copy == copy) {
            return Err(Refusal::NumberTaken);
        }
        self.last = self.last.saturating_add(1);
        let id = JobId(self.last);
        let stand = Stand::Waiting { failures: 0, trouble: None, due: now };
        self.jobs.push(Job { id, paper: paper.to_owned(), copy, ordered: now, stand });
        Ok(id)
    }

    /// The job that is to be printed now, if it is time. Papers come out in the order in which they were ordered; one that
    /// is asked about holds up nothing.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<&Job> {
        self.first_waiting().filter(|(_, due)| *due <= now).map(|(job, _)| job)
    }

    /// When something is to be printed next; none while nothing waits, or something is on its way.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.first_waiting().map(|(_, due)| due)
    }

    fn first_waiting(&self) -> Option<(&Job, Timestamp)> {
        if self.jobs.iter().any(|job| matches!(job.stand, Stand::Printing { .. })) {
            return None;
        }
        self.jobs.iter().find_map(|job| match job.stand {
            Stand::Waiting { due, .. } => Some((job, due)),
            Stand::Printing { .. } | Stand::Asked { .. } => None,
        })
    }

    /// Says that a job is being sent. To be written down before its first byte leaves.
    ///
    /// # Errors
    /// When it is not its turn.
    pub fn begin(&mut self, id: JobId, now: Timestamp) -> Result<(), Refusal> {
        if self.next(now).map(|job| job.id) != Some(id) {
            return Err(Refusal::NotNow);
        }
        let job = self.job(id)?;
        if let Stand::Waiting { failures, .. } = job.stand {
            job.stand = Stand::Printing { failures };
        }
        Ok(())
    }

    /// Says how that ended.
    ///
    /// # Errors
    /// When the job is not on its way.
    pub fn ended(&mut self, id: JobId, end: End, now: Timestamp) -> Result<(), Refusal> {
        let job = self.job(id)?;
        let Stand::Printing { failures } = job.stand else { return Err(Refusal::NotNow) };
        match end {
            End::Confirmed | End::Taken => self.jobs.retain(|job| job.id != id),
            End::NothingLeft(trouble) => job.stand = waiting_again(failures, trouble, now),
            End::Unknown(trouble) => job.stand = Stand::Asked { trouble },
        }
        Ok(())
    }

    /// Says that a paper which waits tells something that is so no more: it is not printed, and a person is told.
    ///
    /// # Errors
    /// When something of it may have left.
    pub fn outdated(&mut self, id: JobId) -> Result<(), Refusal> {
        let job = self.job(id)?;
        let Stand::Waiting { .. } = job.stand else { return Err(Refusal::NotNow) };
        job.stand = Stand::Asked { trouble: Trouble::Outdated };
        Ok(())
    }

    /// Says what a person saw.
    ///
    /// # Errors
    /// When nobody asked, or it is outdated: then it can only be dropped.
    pub fn answer(&mut self, id: JobId, answer: Answer, now: Timestamp) -> Result<(), Refusal> {
        let job = self.job(id)?;
        let Stand::Asked { trouble } = job.stand else { return Err(Refusal::NotNow) };
        match answer {
            Answer::CameOut | Answer::Copy(_) if trouble == Trouble::Outdated => return Err(Refusal::NotNow),
            Answer::CameOut | Answer::Copy(_) | Answer::Drop => {}
        }
        let paper = job.paper.clone();
        if let Answer::Copy(number) = answer {
            // First, so that nothing is lost when it is refused.
            self.order(&paper, Some(number), now)?;
        }
        self.jobs.retain(|job| job.id != id);
        Ok(())
    }

    /// Takes back a job of which nothing has left. Its number is not given again: whoever counts has counted it.
    ///
    /// # Errors
    /// When something may have.
    pub fn cancel(&mut self, id: JobId) -> Result<(), Refusal> {
        let job = self.job(id)?;
        let Stand::Waiting { .. } = job.stand else { return Err(Refusal::NotNow) };
        self.jobs.retain(|job| job.id != id);
        Ok(())
    }

    /// A person has seen to the printer: what waits is tried at once.
    pub fn hurry(&mut self, now: Timestamp) {
        for job in &mut self.jobs {
            if let Stand::Waiting { due, .. } = &mut job.stand {
                *due = (*due).min(now);
            }
        }
    }

    /// The desk was started: what was on its way when it stopped may have come out or not.
    pub fn restarted(&mut self) {
        for job in &mut self.jobs {
            if matches!(job.stand, Stand::Printing { .. }) {
                job.stand = Stand::Asked { trouble: Trouble::Stopped };
            }
        }
    }

    fn job(&mut self, id: JobId) -> Result<&mut Job, Refusal> {
        self.jobs.iter_mut().find(|job| job.id == id).ok_or(Refusal::NoSuchJob)
    }
}

fn waiting_again(failures: u32, trouble: Trouble, now: Timestamp) -> Stand {
    let place = usize::try_from(failures).unwrap_or(usize::MAX);
    let pause = PAUSES.get(place).or(PAUSES.last()).copied().unwrap_or(Millis::ZERO);
    Stand::Waiting { failures: failures.saturating_add(1), trouble: Some(trouble), due: now.after(pause) }
}

#[cfg(test)]
mod tests;
