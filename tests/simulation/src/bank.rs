//! The bank and its page: what customers do there, what the bank decides, and how they come back.

use vezne_core::account::{GatewayKind, PagePlace};
use vezne_core::attempt::{ReturnFields, ReturnHint};
use vezne_core::ids::AttemptId;
use vezne_core::text::ForeignText;

use crate::books::{PaymentNumber, Shown};
use crate::gateway::answers;
use crate::schedule::{Behaviour, Returns};
use crate::world::{Happening, State};

/// When the customer has typed the code.
const TYPES: u64 = 20_000;
/// How long the bank takes to decide.
const DECIDES: u64 = 1_000;
/// How long a slow bank takes.
pub(crate) const DECIDES_LATE: u64 = 240_000;
/// When a window is closed by hand after the code was typed.
const CLOSES: u64 = 2_000;
/// When the bank decides although the window is gone.
const DECIDES_GONE: u64 = 60_000;
/// When the gateway gives up a payment that nobody decided.
pub(crate) const GIVES_UP: u64 = 900_000;
/// When money moves although the gateway said no.
pub(crate) const CHARGES_ALL_THE_SAME: u64 = 30_000;
/// How late a late return is.
const RETURNS_LATE: u64 = 60_000;
/// How long a page takes to come back.
const RETURNS: u64 = 500;

/// A bank page before a customer.
#[derive(Debug, Clone)]
struct Page {
    attempt: AttemptId,
    payment: PaymentNumber,
    /// The life of the desk that opened it: only that one knows the return's nonce.
    life: u32,
    place: PagePlace,
    open: bool,
    /// Whether the code was typed.
    submitted: bool,
}

/// The pages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pages(Vec<Page>);

impl Pages {
    fn of(&mut self, attempt: AttemptId) -> Option<&mut Page> {
        self.0.iter_mut().rev().find(|page| page.attempt == attempt)
    }

    /// The desk's process is gone, and its windows with it.
    pub(crate) fn process_gone(&mut self, life: u32) {
        for page in self.0.iter_mut().filter(|page| page.life == life && page.place == PagePlace::Window) {
            page.open = false;
        }
    }

    /// Whether a page of this attempt is open.
    pub(crate) fn is_open(&self, attempt: AttemptId) -> bool {
        self.0.iter().any(|page| page.attempt == attempt && page.open)
    }

    /// Whether this life of the desk gave out the address that the page comes back to.
    pub(crate) fn knows_its_nonce(&self, attempt: AttemptId, life: u32) -> bool {
        self.0.iter().any(|page| page.attempt == attempt && page.life == life)
    }

    /// The desk closes the page, or a person does.
    pub(crate) fn close(&mut self, attempt: AttemptId) {
        for page in self.0.iter_mut().filter(|page| page.attempt == attempt && page.place == PagePlace::Window) {
            page.open = false;
        }
    }

    /// The page leaves its window for the system's browser.
    pub(crate) fn moves(&mut self, attempt: AttemptId) {
        if let Some(page) = self.of(attempt) {
            page.place = PagePlace::Browser;
        }
    }
}

/// The page is before the customer.
pub(crate) fn page_opens(state: &mut State, attempt: AttemptId, place: PagePlace) {
    let payments = state.books.payments.iter().enumerate();
    let newest = payments.rev().find(|(_, payment)| payment.attempt == attempt && payment.challenged);
    let Some((number, behaviour)) = newest.map(|(number, payment)| (number, payment.behaviour)) else { return };
    let life = state.life;
    state.pages.0.push(Page { attempt, payment: number, life, place, open: true, submitted: false });
    let now = state.now();
    match behaviour {
        Behaviour::Walks | Behaviour::Silent | Behaviour::BadPage | Behaviour::NoThenYes => {}
        Behaviour::Approves
        | Behaviour::Declines
        | Behaviour::Cancels
        | Behaviour::LateYes
        | Behaviour::LateNo
        | Behaviour::GoneYes
        | Behaviour::GoneNo => state.later(now + TYPES, Happening::ActsAtBank(attempt)),
    }
}

/// The customer does what customers like this one do, if the page is still there.
pub(crate) fn customer_acts(state: &mut State, attempt: AttemptId) {
    let Some(page) = state.pages.of(attempt).filter(|page| page.open) else { return };
    page.submitted = true;
    let number = page.payment;
    let Some(behaviour) = state.books.payments.get(number).map(|payment| payment.behaviour) else { return };
    let now = state.now();
    let (decides, yes) = match behaviour {
        Behaviour::Approves => (DECIDES, true),
        Behaviour::Declines | Behaviour::Cancels => (DECIDES, false),
        Behaviour::LateYes => (DECIDES_LATE, true),
        Behaviour::LateNo => (DECIDES_LATE, false),
        Behaviour::GoneYes | Behaviour::GoneNo => {
            state.later(now + CLOSES, Happening::WindowClosed(attempt));
            (DECIDES_GONE, behaviour == Behaviour::GoneYes)
        }
        Behaviour::Walks | Behaviour::Silent | Behaviour::BadPage | Behaviour::NoThenYes => return,
    };
    state.later(now + decides, Happening::Decides(number, yes, None));
}

/// The bank decides.
pub(crate) fn decides(state: &mut State, number: PaymentNumber, yes: bool, reply: crate::world::ReplyTo) {
    let now = state.now();
    let Some(payment) = state.books.payments.get(number).filter(|payment| !payment.is_decided()) else { return };
    let (attempt, challenged, customer) = (payment.attempt, payment.challenged, payment.customer);
    state.note(20, format_args!("the bank decides about {attempt}: {}", if yes { "yes" } else { "no" }));
    if yes {
        state.books.charge(number, now);
    } else {
        let stays = answers::order_stays_pending(state);
        state.books.fail(number, now, stays);
    }
    if let Some(reply) = reply {
        let answer = if yes { answers::paid(state, number) } else { answers::not_paid(state, number) };
        let _nobody_waits = reply.send(answer);
    }
    if challenged && state.pages.is_open(attempt) {
        let returns = state.schedule.scene.customers.get(customer).map_or(Returns::Once, |one| one.returns);
        comes_back(state, attempt, yes, returns);
    }
}

fn comes_back(state: &mut State, attempt: AttemptId, yes: bool, returns: Returns) {
    let Some(hint) = hint(state, attempt, yes, returns != Returns::Hidden) else { return };
    let now = state.now();
    let again = || Happening::Returns(attempt, Box::new(hint.clone()));
    match returns {
        Returns::Once | Returns::Hidden => state.later(now + RETURNS, again()),
        Returns::Twice => {
            state.later(now + RETURNS, again());
            state.later(now + RETURNS + 700, again());
        }
        Returns::Late => state.later(now + RETURNS_LATE, again()),
        Returns::Never => {}
    }
}

/// A return in the gateway's words, true or forged.
pub(crate) fn hint(state: &State, attempt: AttemptId, yes: bool, own_page: bool) -> Option<ReturnHint> {
    let told = state.told.attempts.get(&attempt)?;
    let text = |text: &str| Some(ForeignText::filter(text));
    let fields = match state.schedule.scene.gateway {
        GatewayKind::Finrota => ReturnFields {
            success: text(if yes { "true" } else { "false" }),
            client_reference: text(&told.reference),
            ..ReturnFields::default()
        },
        GatewayKind::Yolcu360 => ReturnFields {
            status: text(if yes { "success" } else { "failed" }),
            order: told.order.as_deref().and_then(text),
            ..ReturnFields::default()
        },
    };
    Some(ReturnHint { fields, own_page })
}

/// The gateway gives a payment up that nobody decided and nobody is deciding.
pub(crate) fn gives_up(state: &mut State, number: PaymentNumber) {
    let now = state.now();
    let deciding = state.pages.0.iter().any(|page| page.payment == number && page.submitted);
    let Some(payment) = state.books.payments.get(number) else { return };
    if payment.shown(now) == Shown::Pending && !deciding {
        state.note(21, format_args!("the gateway gives payment {number} up"));
        let stays = answers::order_stays_pending(state);
        state.books.fail(number, now, stays);
    }
}
