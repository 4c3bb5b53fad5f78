//! The loop: one thing at a time, in the order in which it came.

use tokio::sync::{mpsc, oneshot};
use vezne_core::answers::{Probe, ReversalAnswer, StatusAnswer};
use vezne_core::attempt::{Event, PageEnd, Preparation};
use vezne_core::ids::{AttemptId, HeldId, OperatorId, ReversalId};
use vezne_core::ports::PayResult;
use vezne_core::reversal;
use vezne_core::time::{Millis, Timestamp};

use crate::authority::{Known, NoAuthority};
use crate::close::{CloseError, Drawing, Drawn};
use crate::compare::{self, Prepared};
use crate::desk::Desk;
use crate::handle::Command;
use crate::operators::{Leave, NewOperator};
use crate::quote::Quote;
use crate::request::{PayError, ReverseError, SettleError};
use crate::reverse::ReversalQuote;
use crate::settle::Word;
use crate::view::{AttemptView, ReversalView};

/// What comes back from the tasks that wait for the network.
pub(crate) enum Inward {
    Quoted(Box<Quote>, oneshot::Sender<Result<AttemptView, PayError>>),
    SlotWait(AttemptId, Millis),
    Prepared { attempt: AttemptId, return_url: String, preparation: Box<Preparation> },
    Paid(AttemptId, Box<PayResult>),
    TokenRenewed(AttemptId, bool),
    PageShown(AttemptId),
    PageNotShown(AttemptId),
    StatusAnswered { attempt: AttemptId, answer: Box<StatusAnswer>, asked: Timestamp },
    Probed(AttemptId, Probe),
    KeptLongEnough(AttemptId),
    HeldLongEnough(HeldId),
    Word(Box<Word>, Result<Known, NoAuthority>),
    OperatorLeave(Box<NewOperator>, Box<Leave>, oneshot::Sender<Result<OperatorId, SettleError>>),
    ReversalQuoted(Box<ReversalQuote>, oneshot::Sender<Result<ReversalView, ReverseError>>),
    Reversed(ReversalId, Box<ReversalAnswer>),
    ReversalTokenRenewed(ReversalId, bool),
    ComparisonPrepared(Option<OperatorId>, Result<Box<Prepared>, CloseError>, compare::Reply),
    CloseDrawn(Box<Drawing>, Box<Drawn>),
    ReversalRead { reversal: ReversalId, reading: Box<reversal::Reading>, asked: Timestamp },
}

/// Runs until told to close or until nobody holds the till.
pub(crate) async fn run(mut desk: Desk, mut inbox: mpsc::Receiver<Command>) {
    let Some(mut inward) = desk.inward_inbox.take() else { return };
    desk.look_at_the_journal();
    loop {
        let wake = desk.next_wake();
        let clock = desk.ports.clock.clone();
        let journal = desk.ports.journal.clone();
        // Only the waiting is raced; whatever is begun is carried to its end, so no journal write is dropped half-way.
        tokio::select! {
            biased;
            Some(news) = inward.recv() => desk.inward(news).await,
            command = inbox.recv() => match command {
                None => {
                    desk.end_comparison().await;
                    break;
                }
                Some(Command::Close(done)) => {
                    // What a comparison has found so far is kept, and whoever watches it is told that it is over.
                    desk.end_comparison().await;
                    desk.write_held().await;
                    let _closed = done.send(());
                    break;
                }
                Some(command) => desk.command(command).await,
            },
            () = journal.news() => {}
            () = async { match wake { Some(at) => clock.sleep_until(at).await, None => std::future::pending().await } } => {}
        }
        desk.whatever_is_due().await;
    }
    tracing::info!("the till is closed");
}

impl Desk {
    async fn command(&mut self, command: Command) {
        match command {
            Command::Options(request, reply) => self.options(request, reply),
            Command::Order(account, order, reply) => self.order(&account, order, reply),
            Command::Hold(held, card) => self.hold_card(held, *card),
            Command::HoldAgain(of, cvc, reply) => {
                let _front = reply.send(self.hold_again(of, cvc));
            }
            Command::Pay(request, reply) => self.pay(*request, reply).await,
            Command::Cancel(attempt, reply) => {
                let _front = reply.send(self.person(attempt, Event::CancelRequested).await.map(|_| ()));
            }
            Command::Returned(attempt, hint) => self.hint(attempt, Event::ReturnArrived(hint)).await,
            Command::PageGone(attempt, end) => self.hint(attempt, Event::PageGone(end)).await,
            Command::PageMoved(attempt, reply) => {
                let _front = reply.send(self.person(attempt, Event::PageMoved).await);
            }
            Command::Ask(attempt, reply) => {
                let _front = reply.send(self.person(attempt, Event::AskRequested).await.map(|_| ()));
            }
            Command::AskReversal(reversal, reply) => {
                let asked = self.person_on_reversal(reversal, reversal::Event::AskRequested).await;
                let _front = reply.send(asked.map(|_| ()));
            }
            Command::Settle(request, reply) => self.settle(*request, reply).await,
            Command::SettleReversal(word, reply) => self.settle_a_reversal(*word, reply).await,
            Command::SettleList(words, authority, reply) => self.listed(words, *authority, reply),
            Command::RecordReturn(request, reply) => self.returned_in_portal(*request, reply).await,
            Command::Returns(payment, reply) => {
                let _front = reply.send(self.show_returns(payment).await);
            }
            Command::Reverse(request, reply) => self.reverse(*request, reply).await,
            Command::AddOperator(new, reply) => self.add_operator(new, reply),
            Command::AddNote(note, reply) => {
                let _front = reply.send(self.add_note(*note).await);
            }
            Command::Attempt(attempt, reply) => {
                let _front = reply.send(self.show_attempt(attempt).await);
            }
            Command::Reversal(reversal, reply) => {
                let _front = reply.send(self.show_reversal(reversal).await);
            }
            Command::Payment(payment, reply) => {
                let _front = reply.send(self.show_payment(payment).await);
            }
            Command::OpenAttempts(reply) => {
                let _front = reply.send(self.open_attempts());
            }
            Command::Guard(question, reply) => {
                let _front = reply.send(self.look_at_guard(*question).await);
            }
            Command::Attention(reply) => {
                let _front = reply.send(self.attention());
            }
            Command::JournalState(reply) => {
                let _front = reply.send(self.journal.clone());
            }
            Command::Day(command) => self.day(command).await,
            Command::ForgetCards => self.forget_cards(),
            Command::Close(done) => {
                let _front = done.send(());
            }
        }
    }

    async fn inward(&mut self, news: Inward) {
        match news {
            Inward::Quoted(quote, reply) => self.quoted(*quote, reply).await,
            Inward::SlotWait(attempt, wait) => {
                if let Some(live) = self.attempts.get_mut(&attempt) {
                    live.slot_wait = Some(wait);
                }
                self.tell_attempt(attempt);
            }
            Inward::Prepared { attempt, return_url, preparation } => {
                if let Some(live) = self.attempts.get_mut(&attempt) {
                    live.slot_wait = None;
                    live.return_url = return_url;
                }
                self.hint(attempt, Event::Prepared(*preparation)).await;
            }
            Inward::Paid(attempt, result) => self.paid(attempt, *result).await,
            Inward::TokenRenewed(attempt, true) => self.hint(attempt, Event::TokenRenewed).await,
            Inward::TokenRenewed(attempt, false) => self.hint(attempt, Event::TokenUnavailable).await,
            Inward::PageShown(attempt) => self.page_shown(attempt).await,
            Inward::PageNotShown(attempt) => self.hint(attempt, Event::PageGone(PageEnd::LoadFailed)).await,
            Inward::StatusAnswered { attempt, answer, asked } => self.status_answered(attempt, &answer, asked).await,
            Inward::Probed(attempt, probe) => {
                if let Some(live) = self.attempts.get_mut(&attempt) {
                    live.probing = false;
                    live.paused_until = None;
                }
                self.hint(attempt, Event::Probed(probe)).await;
            }
            Inward::KeptLongEnough(attempt) => {
                self.kept.wipe_one(attempt);
                self.no_longer_kept(&[attempt]);
            }
            Inward::HeldLongEnough(held) => self.held.wipe_one(held),
            Inward::Word(word, known) => self.word_checked(*word, known).await,
            Inward::OperatorLeave(new, leave, reply) => self.operator_leave(new, *leave, reply).await,
            Inward::CloseDrawn(drawing, drawn) => self.close_drawn(*drawing, *drawn).await,
            Inward::ComparisonPrepared(operator, prepared, reply) => {
                self.comparison_prepared(operator, prepared, reply).await;
            }
            Inward::ReversalQuoted(quote, reply) => self.reversal_quoted(*quote, reply).await,
            Inward::Reversed(id, answer) => self.on_reversal(id, reversal::Event::Answered(*answer)).await,
            Inward::ReversalTokenRenewed(id, true) => self.on_reversal(id, reversal::Event::TokenRenewed).await,
            Inward::ReversalTokenRenewed(id, false) => self.on_reversal(id, reversal::Event::TokenUnavailable).await,
            Inward::ReversalRead { reversal, reading, asked } => {
                self.reversal_read(reversal, *reading, asked).await;
            }
        }
    }

    /// Whatever happens by the clock alone.
    async fn whatever_is_due(&mut self) {
        let now = self.now();
        self.steady.look(now);
        self.held.wipe_old(now);
        let wiped = self.kept.wipe_old(now);
        self.no_longer_kept(&wiped);
        if self.retry.is_due(now) {
            self.write_held().await;
        }
        self.look_at_twins_again().await;
        self.look_at_the_journal();
        for attempt in self.due_attempts(now) {
            self.hint(attempt, Event::Due).await;
        }
        for id in self.due_reversals(now) {
            self.on_reversal(id, reversal::Event::Due).await;
        }
        self.compare_on().await;
        self.sweep();
    }

    /// Hands an attempt an event that nobody waits for an answer to; a refusal is normal (late, twice, over).
    pub(crate) async fn hint(&mut self, attempt: AttemptId, event: Event) {
        let word = event.word();
        if let Err(refusal) = self.advance(attempt, event).await {
            tracing::debug!(%attempt, event = word, %refusal, "an event came too late to matter");
        }
    }
}
