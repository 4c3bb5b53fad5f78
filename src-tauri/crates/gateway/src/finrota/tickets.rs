//! Installment tokens: kept here, never handed out. A ticket names the answer they came with.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;
use vezne_core::attempt::Intent;
use vezne_core::card::Bin;
use vezne_core::ids::AttemptReference;
use vezne_core::limits::OPTIONS_AGE;
use vezne_core::money::Money;
use vezne_core::options::{Plan, ProgramId};
use vezne_core::ports::OptionsTicket;
use vezne_core::time::Timestamp;

/// Answers that are kept at once; the oldest goes first.
const TICKETS_MOST: usize = 64;

/// One token and what it pays.
pub(super) struct Row {
    pub(super) program: ProgramId,
    pub(super) installments: u8,
    pub(super) total: Money,
    pub(super) token: SecretString,
}

struct Kept {
    row: Row,
    /// The attempt that used it and may use it once more, because its first sending was not processed (401).
    bound_to: Option<AttemptReference>,
}

struct Ticket {
    number: u64,
    at: Timestamp,
    /// The program that counts when the plan names none.
    default: Option<ProgramId>,
    bin: Bin,
    rows: Vec<Kept>,
}

/// A token taken out to be used.
pub(super) struct Taken {
    pub(super) token: SecretString,
    ticket: OptionsTicket,
    program: ProgramId,
    installments: u8,
    total: Money,
}

/// The tickets of one account.
pub(super) struct Tickets {
    state: Mutex<State>,
}

struct State {
    next: u64,
    tickets: VecDeque<Ticket>,
}

impl Tickets {
    pub(super) fn new() -> Self {
        let mut start = [0_u8; 8];
        // Begins anywhere, so that a ticket of an earlier connection names nothing here. Without randomness only the
        // checks of program and total stand between them.
        let _filled = getrandom::fill(&mut start);
        Self { state: Mutex::new(State { next: u64::from_be_bytes(start), tickets: VecDeque::new() }) }
    }

    fn with<T>(&self, now: Timestamp, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.tickets.retain(|ticket| now.since(ticket.at) <= OPTIONS_AGE);
        act(&mut state)
    }

    /// Keeps the tokens of an answer.
    pub(super) fn keep(&self, bin: Bin, default: Option<ProgramId>, rows: Vec<Row>, now: Timestamp) -> OptionsTicket {
        self.with(now, |state| {
            let number = state.next;
            state.next = number.wrapping_add(1);
            while state.tickets.len() >= TICKETS_MOST {
                state.tickets.pop_front();
            }
            let rows = rows.into_iter().map(|row| Kept { row, bound_to: None }).collect();
            state.tickets.push_back(Ticket { number, at: now, default, bin, rows });
            OptionsTicket(number)
        })
    }

    /// Takes out the token of a plan. `None` when it is gone, was used by another attempt, or belongs to another card or
    /// total.
    pub(super) fn take(&self, ticket: OptionsTicket, plan: &Plan, intent: &Intent, now: Timestamp) -> Option<Taken> {
        self.with(now, |state| {
            let found = state.tickets.iter_mut().find(|kept| kept.number == ticket.0)?;
            if intent.card().is_none_or(|card| !same_card(card.bin, found.bin)) {
                return None;
            }
            let program = plan.program.clone().or_else(|| found.default.clone())?;
            let place = found.rows.iter().position(|kept| {
                kept.row.program == program
                    && kept.row.installments == plan.option.installments
                    && kept.row.total == plan.option.total
                    && kept.bound_to.as_ref().is_none_or(|attempt| *attempt == intent.reference)
            })?;
            let Row { program, installments, total, token } = found.rows.swap_remove(place).row;
            Some(Taken { token, ticket, program, installments, total })
        })
    }

    /// Puts a token back that was not used up: for this attempt alone, when its request arrived and was not processed;
    /// for any, when it never left.
    pub(super) fn put_back(&self, taken: Taken, bound_to: Option<AttemptReference>, now: Timestamp) {
        let Taken { token, ticket, program, installments, total } = taken;
        self.with(now, |state| {
            if let Some(found) = state.tickets.iter_mut().find(|kept| kept.number == ticket.0) {
                found.rows.push(Kept { row: Row { program, installments, total, token }, bound_to });
            }
        });
    }
}

/// Whether two BINs can be one card's: as many digits as both have.
fn same_card(one: Bin, other: Bin) -> bool {
    one.as_str().starts_with(other.as_str()) || other.as_str().starts_with(one.as_str())
}
