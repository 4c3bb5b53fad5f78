//! The till's handle: what fronts hold.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, oneshot};
use vezne_core::account::Account;
use vezne_core::attempt::{PageEnd, ReturnHint};
use vezne_core::card::{CardDetails, Cvc};
use vezne_core::close::Closed;
use vezne_core::guard::Block;
use vezne_core::ids::{AccountId, AttemptId, HeldId, OperatorId, PaymentId, ReversalId};
use vezne_core::note::Note;
use vezne_core::order::OrderId;
use vezne_core::ports::{Clock, Entropy, Gateway, JournalFault, OrderSummary, Ports, ReadFault};
use vezne_core::record::Operator;
use vezne_core::text::TypedText;

use crate::actor;
use crate::close::{CloseError, DayCommand};
use crate::listed::Settled;
use crate::operators::NewOperator;
use crate::request::{
    Authority, GuardQuestion, ListedWord, OptionsRequest, PayError, PayRequest, PortalReturn, ReversalVerdict,
    ReverseError, ReverseRequest, SettleError, SettleRequest, Shown,
};
use crate::returns::ReturnsView;
use crate::settle::ReversalWord;
use crate::view::{AttemptView, Change, ComparingView, JournalState, PaymentView, ReversalView};

/// How many changes a slow listener may be behind before it must take a snapshot again.
const CHANGES_KEPT: usize = 1024;
/// How many commands may wait for the actor.
const COMMANDS_QUEUED: usize = 64;

/// An account with its gateway.
#[derive(Clone)]
pub struct Served {
    /// The account.
    pub account: Account,
    /// Its gateway.
    pub gateway: Arc<dyn Gateway>,
}

/// Everything a till is made of.
pub struct TillParts {
    /// The world.
    pub ports: Ports,
    /// The merchant accounts.
    pub accounts: HashMap<AccountId, Served>,
    /// The desk's time zone: it decides what a business day is.
    pub time_zone: jiff::tz::TimeZone,
}

/// What the actor is asked.
pub(crate) enum Command {
    Options(OptionsRequest, oneshot::Sender<Result<Shown, ReadFault>>),
    Order(AccountId, OrderId, oneshot::Sender<Result<OrderSummary, ReadFault>>),
    Hold(HeldId, Box<CardDetails>),
    HoldAgain(AttemptId, Cvc, oneshot::Sender<Result<HeldId, PayError>>),
    Pay(Box<PayRequest>, oneshot::Sender<Result<AttemptView, PayError>>),
    Cancel(AttemptId, oneshot::Sender<Result<(), SettleError>>),
    Returned(AttemptId, ReturnHint),
    PageGone(AttemptId, PageEnd),
    PageMoved(AttemptId, oneshot::Sender<Result<(), SettleError>>),
    Ask(AttemptId, oneshot::Sender<Result<(), SettleError>>),
    AskReversal(ReversalId, oneshot::Sender<Result<(), SettleError>>),
    Settle(Box<SettleRequest>, oneshot::Sender<Result<AttemptView, SettleError>>),
    SettleReversal(Box<ReversalWord>, oneshot::Sender<Result<ReversalView, SettleError>>),
    SettleList(Vec<ListedWord>, Box<Authority>, oneshot::Sender<Result<Settled, SettleError>>),
    RecordReturn(Box<PortalReturn>, oneshot::Sender<Result<ReversalView, ReverseError>>),
    Returns(PaymentId, oneshot::Sender<Result<ReturnsView, ReverseError>>),
    Reverse(Box<ReverseRequest>, oneshot::Sender<Result<ReversalView, ReverseError>>),
    AddOperator(Box<NewOperator>, oneshot::Sender<Result<OperatorId, SettleError>>),
    AddNote(Box<Note>, oneshot::Sender<Result<(), SettleError>>),
    Attempt(AttemptId, oneshot::Sender<Result<Option<AttemptView>, JournalFault>>),
    Reversal(ReversalId, oneshot::Sender<Result<Option<ReversalView>, JournalFault>>),
    Payment(PaymentId, oneshot::Sender<Result<Option<PaymentView>, JournalFault>>),
    OpenAttempts(oneshot::Sender<Vec<AttemptView>>),
    Guard(Box<GuardQuestion>, oneshot::Sender<Result<Option<Block>, PayError>>),
    Attention(oneshot::Sender<(Vec<AttemptView>, Vec<ReversalView>)>),
    JournalState(oneshot::Sender<JournalState>),
    Day(DayCommand),
    ForgetCards,
    Close(oneshot::Sender<()>),
}

/// A handle to the one till of a journal. Cheap to clone; the till ends when [`Till::close`] is called or all are gone.
#[derive(Clone)]
pub struct Till {
    commands: mpsc::Sender<Command>,
    changes: broadcast::Sender<Change>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Till {
    /// Starts the till: takes up every attempt and reversal that is not settled, then waits for commands.
    ///
    /// # Errors
    /// The journal's fault when what must be taken up can't be read.
    pub async fn start(parts: TillParts) -> Result<Self, JournalFault> {
        let (commands, inbox) = mpsc::channel(COMMANDS_QUEUED);
        let (changes, _) = broadcast::channel(CHANGES_KEPT);
        let (clock, entropy) = (Arc::clone(&parts.ports.clock), Arc::clone(&parts.ports.entropy));
        let mut desk = crate::desk::Desk::new(parts, changes.clone());
        desk.take_up().await?;
        tokio::spawn(actor::run(desk, inbox));
        Ok(Self { commands, changes, clock, entropy })
    }

    /// Every change from now on. A listener that lags must take snapshots again.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// The installment options for a card.
    ///
    /// # Errors
    /// Why they can't be had.
    pub async fn options(&self, request: OptionsRequest) -> Result<Shown, ReadFault> {
        self.ask(|reply| Command::Options(request, reply)).await.unwrap_or(Err(closing_read()))
    }

    /// An order's summary.
    ///
    /// # Errors
    /// Why it can't be had.
    pub async fn order(&self, account: AccountId, order: OrderId) -> Result<OrderSummary, ReadFault> {
        self.ask(|reply| Command::Order(account, order, reply)).await.unwrap_or(Err(closing_read()))
    }

    /// What would stand in the way of a payment, before anything of a card is known. Nothing is asked of the gateway.
    ///
    /// # Errors
    /// [`PayError::UnknownAccount`], [`PayError::WrongSubject`], or the journal's fault.
    pub async fn guard(&self, question: GuardQuestion) -> Result<Option<Block>, PayError> {
        self.ask(|reply| Command::Guard(Box::new(question), reply)).await.unwrap_or(Err(PayError::Closing))
    }

    /// Hands a card over for a payment that is about to be asked for ([`PayMeans::Held`](crate::PayMeans::Held)).
    ///
    /// It is held, with its CVC, for at most 120 seconds, and goes when an attempt is made with it, when another one is
    /// handed over, at [`Till::forget_cards`], and with the till. A payment that comes to no attempt leaves it held.
    pub async fn hold(&self, card: CardDetails) -> HeldId {
        let held = HeldId::from_parts(self.clock.now(), ten(self.entropy.as_ref()));
        let _closing = self.commands.send(Command::Hold(held, Box::new(card))).await;
        held
    }

    /// The same for the card of an attempt that was declined, refused or not sent a moment ago: only the CVC is asked
    /// again. The card stays kept until an attempt is made with it, and is held no longer than it is kept.
    ///
    /// # Errors
    /// [`PayError::CardForgotten`] when no card of this attempt is kept.
    pub async fn hold_again(&self, of: AttemptId, cvc: Cvc) -> Result<HeldId, PayError> {
        self.ask(|reply| Command::HoldAgain(of, cvc, reply)).await.unwrap_or(Err(PayError::Closing))
    }

    /// Begins a payment; returns once it is written down. What becomes of it comes as changes.
    ///
    /// # Errors
    /// Why it was not begun; nothing was sent then.
    pub async fn pay(&self, request: PayRequest) -> Result<AttemptView, PayError> {
        self.ask(|reply| Command::Pay(Box::new(request), reply)).await.unwrap_or(Err(PayError::Closing))
    }

    /// Cancels an attempt that has not been sent yet.
    ///
    /// # Errors
    /// When it may have left.
    pub async fn cancel(&self, attempt: AttemptId) -> Result<(), SettleError> {
        self.ask(|reply| Command::Cancel(attempt, reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// A return from the bank, already bound to its attempt by the nonce.
    pub async fn returned(&self, attempt: AttemptId, hint: ReturnHint) {
        let _gone = self.commands.send(Command::Returned(attempt, hint)).await;
    }

    /// The bank's page of an attempt is gone.
    pub async fn page_gone(&self, attempt: AttemptId, end: PageEnd) {
        let _gone = self.commands.send(Command::PageGone(attempt, end)).await;
    }

    /// The bank's page leaves its window for the system's browser: said when the window is gone, before the page is opened
    /// there. From then on it counts as gone only when its return came or its time is over.
    ///
    /// # Errors
    /// When no page is open in a window, or nobody could say afterwards what became of it. Then it must not be opened.
    pub async fn page_moved(&self, attempt: AttemptId) -> Result<(), SettleError> {
        self.ask(|reply| Command::PageMoved(attempt, reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// Asks the gateway about an attempt now; the answer comes as a change.
    ///
    /// # Errors
    /// When there is nothing to ask about.
    pub async fn ask_again(&self, attempt: AttemptId) -> Result<(), SettleError> {
        self.ask(|reply| Command::Ask(attempt, reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// Asks the gateway about a reversal now; the answer comes as a change.
    ///
    /// # Errors
    /// When there is nothing to ask about.
    pub async fn ask_reversal_again(&self, reversal: ReversalId) -> Result<(), SettleError> {
        self.ask(|reply| Command::AskReversal(reversal, reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// A supervisor's word on an attempt.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn settle(&self, request: SettleRequest) -> Result<AttemptView, SettleError> {
        self.ask(|reply| Command::Settle(Box::new(request), reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// A supervisor's word on a reversal: done or not done, as the settling of an unknown one or the counter-entry of one
    /// that is settled, or that its alarms have been seen.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn settle_reversal(
        &self,
        reversal: ReversalId,
        verdict: ReversalVerdict,
        authority: Authority,
        saw: Option<TypedText>,
    ) -> Result<ReversalView, SettleError> {
        let word = Box::new(ReversalWord { reversal, verdict, authority, saw });
        self.ask(|reply| Command::SettleReversal(word, reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// Settles a list of unknown attempts with one PIN: what nobody can confirm, and what has been unknown for a day. What
    /// came of each stands beside it; one that can't be settled stops no other.
    ///
    /// # Errors
    /// Why nothing of the list was taken.
    pub async fn settle_list(&self, words: Vec<ListedWord>, authority: Authority) -> Result<Settled, SettleError> {
        let asked = self.ask(|reply| Command::SettleList(words, Box::new(authority), reply));
        asked.await.unwrap_or(Err(SettleError::Closing))
    }

    /// What may be given back of a payment, and which way. Nothing is asked of the gateway.
    ///
    /// # Errors
    /// Why nothing can be said of it.
    pub async fn returns(&self, payment: PaymentId) -> Result<ReturnsView, ReverseError> {
        self.ask(|reply| Command::Returns(payment, reply)).await.unwrap_or(Err(ReverseError::Closing))
    }

    /// Writes down what went back by hand in the gateway's own portal. Nothing is sent.
    ///
    /// # Errors
    /// Why it was not written down.
    pub async fn record_return(&self, request: PortalReturn) -> Result<ReversalView, ReverseError> {
        self.ask(|reply| Command::RecordReturn(Box::new(request), reply)).await.unwrap_or(Err(ReverseError::Closing))
    }

    /// Begins a void or refund; returns once it is written down. What becomes of it comes as changes.
    ///
    /// # Errors
    /// Why it was not begun; nothing was sent then.
    pub async fn reverse(&self, request: ReverseRequest) -> Result<ReversalView, ReverseError> {
        self.ask(|reply| Command::Reverse(Box::new(request), reply)).await.unwrap_or(Err(ReverseError::Closing))
    }

    /// Adds an operator. The first one needs nobody's leave; once a supervisor exists, one must agree.
    ///
    /// # Errors
    /// Why not.
    pub async fn add_operator(
        &self,
        operator: Operator,
        authority: Option<Authority>,
    ) -> Result<OperatorId, SettleError> {
        let new = Box::new(NewOperator { operator, authority });
        self.ask(|reply| Command::AddOperator(new, reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// Closes the day: one event that covers everything since the last close. Nothing is waited for, nothing is stopped: what
    /// is in progress or unknown is listed in it, and settled in a later one.
    ///
    /// # Errors
    /// Why not. No close was made then, except that [`CloseError::NotKnown`] leaves it open until the journal can be read.
    pub async fn close_day(&self, operator: Option<OperatorId>) -> Result<Closed, CloseError> {
        self.close_day_as(operator, None).await
    }

    /// The same, with a supervisor's word: it is needed where a restored backup left something out, and the close would end
    /// the rule that stands for it ([`CloseError::NeedsSupervisor`]).
    ///
    /// # Errors
    /// As [`Till::close_day`].
    pub async fn close_day_as(
        &self,
        operator: Option<OperatorId>,
        authority: Option<Authority>,
    ) -> Result<Closed, CloseError> {
        let asked = |reply| Command::Day(DayCommand::Close(operator, authority, reply));
        self.ask(asked).await.unwrap_or(Err(CloseError::Closing))
    }

    /// Begins to ask the gateways about every payment of a close. How far it has come is told by [`Change::Comparing`]; what it
    /// found is kept with the close when it is over. A till that is closed in between keeps nothing of it but the answers.
    ///
    /// # Errors
    /// Why it was not begun.
    pub async fn compare_close(&self, number: u32, operator: Option<OperatorId>) -> Result<ComparingView, CloseError> {
        let asked = |reply| Command::Day(DayCommand::Compare(number, operator, reply));
        self.ask(asked).await.unwrap_or(Err(CloseError::Closing))
    }

    /// Stops the comparison that is under way: what was found so far is kept.
    pub async fn stop_comparing(&self) {
        let _gone = self.commands.send(Command::Day(DayCommand::StopComparing)).await;
    }

    /// The comparison that is under way, if there is one.
    pub async fn comparing(&self) -> Option<ComparingView> {
        self.ask(|reply| Command::Day(DayCommand::Comparing(reply))).await.flatten()
    }

    /// Writes a note about a payment down. It is never changed.
    ///
    /// # Errors
    /// When there is no such payment, or the journal can't be written.
    pub async fn add_note(&self, note: Note) -> Result<(), SettleError> {
        self.ask(|reply| Command::AddNote(Box::new(note), reply)).await.unwrap_or(Err(SettleError::Closing))
    }

    /// One attempt as it stands.
    ///
    /// # Errors
    /// The journal's fault.
    pub async fn attempt(&self, attempt: AttemptId) -> Result<Option<AttemptView>, JournalFault> {
        self.ask(|reply| Command::Attempt(attempt, reply)).await.unwrap_or(Err(closing_journal()))
    }

    /// One reversal as it stands.
    ///
    /// # Errors
    /// The journal's fault.
    pub async fn reversal(&self, reversal: ReversalId) -> Result<Option<ReversalView>, JournalFault> {
        self.ask(|reply| Command::Reversal(reversal, reply)).await.unwrap_or(Err(closing_journal()))
    }

    /// One payment as it stands.
    ///
    /// # Errors
    /// The journal's fault.
    pub async fn payment(&self, payment: PaymentId) -> Result<Option<PaymentView>, JournalFault> {
        self.ask(|reply| Command::Payment(payment, reply)).await.unwrap_or(Err(closing_journal()))
    }

    /// Every attempt that has no outcome yet, newest first.
    pub async fn open_attempts(&self) -> Vec<AttemptView> {
        self.ask(Command::OpenAttempts).await.unwrap_or_default()
    }

    /// Everything that needs attention.
    pub async fn attention(&self) -> (Vec<AttemptView>, Vec<ReversalView>) {
        self.ask(Command::Attention).await.unwrap_or_default()
    }

    /// How the journal does.
    pub async fn journal_state(&self) -> JournalState {
        self.ask(Command::JournalState).await.unwrap_or(JournalState::Written)
    }

    /// Wipes every card that is held, or kept for "same card again": at lock and new sale.
    pub async fn forget_cards(&self) {
        let _gone = self.commands.send(Command::ForgetCards).await;
    }

    /// Ends the till. What is under way stays written down and is taken up at the next start.
    pub async fn close(&self) {
        let _closed = self.ask(Command::Close).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.ok()?;
        answer.await.ok()
    }
}

/// Ten random bytes for an id.
pub(crate) fn ten(entropy: &dyn Entropy) -> [u8; 10] {
    let sixteen = entropy.sixteen();
    let mut ten = [0; 10];
    for (to, from) in ten.iter_mut().zip(sixteen) {
        *to = from;
    }
    ten
}

const fn closing_read() -> ReadFault {
    ReadFault::CouldNotAsk(vezne_core::answers::CouldNotAsk::Offline)
}

fn closing_journal() -> JournalFault {
    JournalFault::NotWritable("the till is closing".to_owned())
}
