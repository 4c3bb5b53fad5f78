//! The printer's queue as people meet it: what waits is taken back or tried at once, what is asked about is answered, and another
//! printer is set up meanwhile.

use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError};

use tokio::sync::watch;
use vezne_core::ids::{OperatorId, PaymentId};
use vezne_core::papers::{PaperName, PaperWay, PaperWithdrawn};
use vezne_core::ports::Journal as _;
use vezne_core::record::{Batch, Record};
use vezne_printing::{Answer, Job, Press, Queue, Stand, Trouble};
use vezne_settings::Settings;

use super::kept::Kept;
use super::{PaperFault, Papers, Seen};

impl Papers {
    /// Goes on with other settings of papers and the printer, also while payments are under way. What waits is printed at the
    /// printer that it is now.
    pub async fn change(&self, settings: Settings) {
        let _turn = self.inner.turn.lock().await;
        self.stop_printing().await;
        *self.inner.told.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        self.start_printing().await;
        self.inner.presses.send_modify(|count| *count = count.saturating_add(1));
    }

    /// Tells of the printer's queue, of every change of it, and of a change of the printer. Ends with the last press: when the
    /// papers are gone.
    pub async fn follow(self, mut tell: impl FnMut(&Self, &Queue) + Send) {
        let mut presses = self.inner.presses.subscribe();
        let mut queue = self.queue();
        loop {
            let seen = queue.as_mut().map(|queue| queue.borrow_and_update().clone()).unwrap_or_default();
            tell(&self, &seen);
            // A press that ends says nothing more; the next one, or that there is none, is told of.
            loop {
                tokio::select! {
                    more = more(&mut queue) => if more { break } else { queue = None },
                    next = presses.changed() => {
                        if next.is_err() {
                            return;
                        }
                        queue = self.queue();
                        break;
                    }
                }
            }
        }
    }

    /// Says what a person saw of a paper that is asked about. Where it says something that is so no more, what is printed
    /// instead is the paper as it is now: a copy of the same one, or another one.
    ///
    /// # Errors
    /// [`PaperFault::NoPrinter`], [`PaperFault::JobGone`], or what keeps a copy from being ordered.
    pub async fn answer(&self, job: u64, seen: Seen, operator: Option<OperatorId>) -> Result<(), PaperFault> {
        // The turn first: the printer may be changed meanwhile.
        let _turn = self.inner.turn.lock().await;
        let press = self.press()?;
        let Job { id, paper: name, copy, stand, .. } = self.job(&press, job)?;
        let payment = self.payment_of(&name, copy);
        let outdated = matches!(stand, Stand::Asked { trouble: Trouble::Outdated });
        let answer = match seen {
            Seen::CameOut => Answer::CameOut,
            Seen::Drop => Answer::Drop,
            Seen::Copy => {
                let asked = self.inner.pile.get(&name, copy).ok_or(PaperFault::JobGone)?.paper();
                let paper = self.inner.pile.anew(asked).await?.ok_or(PaperFault::NoOutcome)?;
                if press.queue().borrow().is_under_way(paper.name.as_str()) {
                    return Err(PaperFault::UnderWay);
                }
                if outdated {
                    // It goes first, so that its number is free: nobody has it.
                    press.answer(id, Answer::Drop).await?;
                    self.withdraw(&name, copy, payment, operator).await?;
                }
                let issued = self.issue_in_turn(&paper, PaperWay::Printer, operator).await?;
                self.inner.pile.put(Kept::of(&paper, issued.copy));
                if outdated || paper.name.as_str() != name {
                    press.order(paper.name.as_str(), issued.copy).await?;
                }
                match issued.copy {
                    _ if outdated => return Ok(()),
                    Some(number) if paper.name.as_str() == name => Answer::Copy(number),
                    Some(_) | None => Answer::Drop,
                }
            }
        };
        press.answer(id, answer).await?;
        if outdated {
            self.withdraw(&name, copy, payment, operator).await?;
        }
        Ok(())
    }

    /// Writes down that a paper was taken back before anything of it left: its number is free again.
    async fn withdraw(
        &self,
        paper: &str,
        copy: Option<NonZeroU32>,
        payment: Option<PaymentId>,
        operator: Option<OperatorId>,
    ) -> Result<(), PaperFault> {
        let paper: PaperName = paper.parse().map_err(|_| PaperFault::JobGone)?;
        let withdrawn = PaperWithdrawn { paper, copy, payment, operator };
        let batch = Batch { records: vec![Record::PaperWithdrawn(withdrawn)], names: Vec::new() };
        Ok(self.inner.journal.append(batch, self.inner.clock.now()).await?)
    }

    /// Takes back a paper that waits. Nothing of it has left, so its number is free again.
    ///
    /// # Errors
    /// [`PaperFault::NoPrinter`], [`PaperFault::JobGone`], or that something of it may have left.
    pub async fn cancel(&self, job: u64, operator: Option<OperatorId>) -> Result<(), PaperFault> {
        // The turn first: the printer may be changed meanwhile.
        let _turn = self.inner.turn.lock().await;
        let press = self.press()?;
        let Job { id, paper, copy, .. } = self.job(&press, job)?;
        let payment = self.payment_of(&paper, copy);
        // Out of the queue first: what is written down as taken back is printed no more, however this ends.
        press.cancel(id).await?;
        self.withdraw(&paper, copy, payment, operator).await
    }

    fn payment_of(&self, paper: &str, copy: Option<NonZeroU32>) -> Option<PaymentId> {
        self.inner.pile.get(paper, copy).and_then(|kept| kept.paper().payment)
    }

    /// A person has seen to the printer: what waits is tried at once.
    ///
    /// # Errors
    /// [`PaperFault::NoPrinter`] or [`PaperFault::NotKept`].
    pub async fn hurry(&self) -> Result<(), PaperFault> {
        Ok(self.press()?.hurry().await?)
    }

    /// What a paper in the queue says in one line, and what it is about.
    #[must_use]
    pub fn words_of(&self, job: &Job) -> Option<(String, String)> {
        let paper = self.inner.pile.get(&job.paper, job.copy)?.paper();
        Some((paper.document.title.as_str().to_owned(), paper.subject))
    }

    fn job(&self, press: &Press, number: u64) -> Result<Job, PaperFault> {
        let queue = press.queue();
        let found = queue.borrow().jobs().iter().find(|one| one.id.number() == number).cloned();
        found.ok_or(PaperFault::JobGone)
    }
}

/// Whether there is another change of a queue; false when it has ended.
async fn more(queue: &mut Option<watch::Receiver<Queue>>) -> bool {
    match queue {
        Some(queue) => queue.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}
