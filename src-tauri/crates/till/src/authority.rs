//! Who may do it: a supervisor's name and PIN, checked for one act.

use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::OperatorId;
use vezne_core::ports::{JournalFault, Ports};
use vezne_core::record::{Operator, Record};
use vezne_core::rights::{Act, Role};
use vezne_core::text::{TypedText, fold};

use crate::desk::Desk;
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

/// Checks name, PIN and role. It takes as long for an unknown name as for a known one.
pub(crate) async fn check(ports: &Ports, authority: &Authority, act: Act) -> Result<OperatorId, NoAuthority> {
    let operators = ports.journal.operators().await.map_err(NoAuthority::Journal)?;
    let found = by_name(&operators, &authority.name);
    let right_pin = ports.pins.verify(found, &authority.pin).await;
    match found {
        Some(operator) if right_pin && operator.role.may(act) => Ok(operator.id),
        Some(_) | None => {
            tracing::warn!(?act, "a supervisor's name or PIN was not accepted");
            Err(NoAuthority::NotASupervisor)
        }
    }
}

fn by_name<'a>(operators: &'a [Operator], name: &str) -> Option<&'a Operator> {
    let wanted = fold(name.trim());
    operators.iter().find(|operator| fold(operator.name.as_str()) == wanted)
}

/// The supervisor's word, as it is kept with what it settled.
pub(crate) fn word(operator: OperatorId, authority: &Authority, saw: Option<TypedText>) -> SupervisorWord {
    SupervisorWord { operator, reason: authority.reason.clone(), saw }
}

impl Desk {
    /// Whether there is a supervisor whose PIN can be checked. After the chain's key is lost for good there is none, and
    /// the desk must not be locked for ever; the new epoch in the journal tells of it.
    async fn is_supervised(&self, operators: &[Operator]) -> bool {
        for supervisor in operators.iter().filter(|known| known.role == Role::Supervisor) {
            if self.ports.pins.can_verify(supervisor).await {
                return true;
            }
        }
        false
    }

    /// Adds an operator: the first needs nobody's leave; once a supervisor exists, one must agree.
    pub(crate) async fn add_operator(
        &mut self,
        operator: Operator,
        authority: Option<Authority>,
    ) -> Result<OperatorId, SettleError> {
        let operators = self.ports.journal.operators().await.map_err(SettleError::Journal)?;
        let supervised = self.is_supervised(&operators).await;
        let mut records = Vec::new();
        if supervised {
            let authority = authority.ok_or(SettleError::NotASupervisor)?;
            let supervisor = check(&self.ports, &authority, Act::AddOperator).await?;
            records.push(Record::RightUsed {
                operator: supervisor,
                act: Act::AddOperator,
                reason: authority.reason.clone(),
                about: None,
            });
        }
        if by_name(&operators, operator.name.as_str()).is_some() {
            return Err(SettleError::NameTaken);
        }
        let id = operator.id;
        records.push(Record::OperatorAdded(operator));
        let batch = vezne_core::record::Batch { records, names: Vec::new() };
        let now = self.now();
        self.write(batch, now).await.map_err(SettleError::Journal)?;
        Ok(id)
    }
}
