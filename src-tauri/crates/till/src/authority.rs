//! Who may do it: a supervisor's name and PIN, checked for one act. A PIN is checked beside the actor, never in it.

use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::OperatorId;
use vezne_core::ports::{JournalFault, Ports};
use vezne_core::record::Operator;
use vezne_core::rights::{Act, Role};
use vezne_core::text::{TypedText, fold};
use vezne_core::time::Millis;

use crate::misses::{Misses, held_back};
use crate::request::{Authority, SettleError};

/// Why an authority was not accepted.
pub(crate) enum NoAuthority {
    /// Unknown name, wrong PIN, or not the role that the act needs: not told apart.
    NotASupervisor,
    /// The operators can't be read.
    Journal(JournalFault),
}

impl From<NoAuthority> for SettleError {
    fn from(no: NoAuthority) -> Self {
        match no {
            NoAuthority::NotASupervisor => Self::NotASupervisor,
            NoAuthority::Journal(fault) => Self::Journal(fault),
        }
    }
}

/// Somebody whose name and PIN were right.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    operator: OperatorId,
    role: Role,
}

impl Known {
    /// Whether they may do it.
    pub(crate) fn may(self, act: Act) -> Result<OperatorId, NoAuthority> {
        if self.role.may(act) {
            return Ok(self.operator);
        }
        tracing::warn!(operator = %self.operator, ?act, "an operator may not do this");
        Err(NoAuthority::NotASupervisor)
    }
}

/// Checks name and PIN. It takes as long for an unknown name as for a known one, and longer with each wrong PIN in a row:
/// call it from a task only.
pub(crate) async fn know(ports: &Ports, misses: &Misses, authority: &Authority) -> Result<Known, NoAuthority> {
    let operators = ports.journal.operators().await.map_err(NoAuthority::Journal)?;
    let found = by_name(&operators, &authority.name);
    let tries = misses.under(&authority.name, &operators);
    let mut missed = tries.lock().await;
    let right_pin = ports.pins.verify(found, &authority.pin).await;
    if let (Some(operator), true) = (found, right_pin) {
        *missed = 0;
        return Ok(Known { operator: operator.id, role: operator.role });
    }
    *missed = missed.saturating_add(1);
    tracing::warn!(in_a_row = *missed, "an operator's name or PIN was not accepted");
    let wait = held_back(*missed);
    if wait > Millis::ZERO {
        ports.clock.sleep_until(ports.clock.now().after(wait)).await;
    }
    Err(NoAuthority::NotASupervisor)
}

/// Checks name, PIN and role, as [`know`] does.
pub(crate) async fn check(
    ports: &Ports,
    misses: &Misses,
    authority: &Authority,
    act: Act,
) -> Result<OperatorId, NoAuthority> {
    know(ports, misses, authority).await?.may(act)
}

/// A name as it is compared.
pub(crate) fn key_of(name: &str) -> String {
    fold(name.trim())
}

/// The operator of this name, however it is written.
pub(crate) fn by_name<'a>(operators: &'a [Operator], name: &str) -> Option<&'a Operator> {
    let wanted = key_of(name);
    operators.iter().find(|operator| key_of(operator.name.as_str()) == wanted)
}

/// The supervisor's word, as it is kept with what it settled.
pub(crate) fn word(operator: OperatorId, authority: &Authority, saw: Option<TypedText>) -> SupervisorWord {
    SupervisorWord { operator, reason: authority.reason.clone(), saw }
}
