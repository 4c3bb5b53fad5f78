//! Adding an operator.

use std::sync::Arc;

use tokio::sync::oneshot;
use vezne_core::ids::OperatorId;
use vezne_core::ports::Ports;
use vezne_core::record::{Batch, Operator, Record};
use vezne_core::rights::{Act, Role};

use crate::actor::Inward;
use crate::authority::{self, NoAuthority, by_name};
use crate::desk::Desk;
use crate::misses::Misses;
use crate::request::{Authority, SettleError};

type Reply = oneshot::Sender<Result<OperatorId, SettleError>>;

/// An operator to be added, and on whose leave.
pub(crate) struct NewOperator {
    pub(crate) operator: Operator,
    pub(crate) authority: Option<Authority>,
}

/// The leave that was found, and among which operators.
pub(crate) struct Leave {
    /// Who agreed; nobody where nobody needs to.
    supervisor: Result<Option<OperatorId>, NoAuthority>,
    among: Vec<Operator>,
}

impl Desk {
    /// Asks for leave beside the actor: the first operator needs nobody's; once a supervisor exists, one must agree.
    pub(crate) fn add_operator(&self, new: Box<NewOperator>, reply: Reply) {
        let ports = self.ports.clone();
        let misses = Arc::clone(&self.misses);
        let inward = self.inward.clone();
        tokio::spawn(async move {
            let among = match ports.journal.operators().await {
                Ok(operators) => operators,
                Err(fault) => {
                    let _front = reply.send(Err(SettleError::Journal(fault)));
                    return;
                }
            };
            let supervisor = leave(&ports, &misses, new.authority.as_ref(), &among).await;
            let _till_closed = inward.send(Inward::OperatorLeave(new, Box::new(Leave { supervisor, among }), reply));
        });
    }

    /// The leave is here: the operator is written down, or it is said why not.
    pub(crate) async fn operator_leave(&mut self, new: Box<NewOperator>, leave: Leave, reply: Reply) {
        if reply.is_closed() {
            tracing::info!("an operator was given up before being added");
            return;
        }
        match self.ports.journal.operators().await {
            Ok(operators) if operators != leave.among => {
                // Somebody else was added meanwhile: what needed nobody's leave may need one now.
                self.add_operator(new, reply);
            }
            Ok(operators) => {
                let _front = reply.send(self.write_operator(*new, leave.supervisor, &operators).await);
            }
            Err(fault) => {
                let _front = reply.send(Err(SettleError::Journal(fault)));
            }
        }
    }

    async fn write_operator(
        &mut self,
        new: NewOperator,
        supervisor: Result<Option<OperatorId>, NoAuthority>,
        operators: &[Operator],
    ) -> Result<OperatorId, SettleError> {
        let NewOperator { operator, authority } = new;
        let mut records = Vec::new();
        if let (Some(supervisor), Some(authority)) = (supervisor?, authority) {
            records.push(Record::RightUsed {
                operator: supervisor,
                act: Act::AddOperator,
                reason: authority.reason,
                about: None,
            });
        }
        if by_name(operators, operator.name.as_str()).is_some() {
            return Err(SettleError::NameTaken);
        }
        let id = operator.id;
        records.push(Record::OperatorAdded(operator));
        let now = self.now();
        self.write(Batch { records, names: Vec::new() }, now).await.map_err(SettleError::Journal)?;
        Ok(id)
    }
}

async fn leave(
    ports: &Ports,
    misses: &Misses,
    authority: Option<&Authority>,
    among: &[Operator],
) -> Result<Option<OperatorId>, NoAuthority> {
    if !is_supervised(ports, among).await {
        return Ok(None);
    }
    let authority = authority.ok_or(NoAuthority::NotASupervisor)?;
    authority::check(ports, misses, authority, Act::AddOperator).await.map(Some)
}

/// Whether there is a supervisor whose PIN can be checked. After the chain's key is lost for good there is none, and the
/// desk must not be locked for ever; the new epoch in the journal tells of it.
async fn is_supervised(ports: &Ports, operators: &[Operator]) -> bool {
    for supervisor in operators.iter().filter(|known| known.role == Role::Supervisor) {
        if ports.pins.can_verify(supervisor).await {
            return true;
        }
    }
    false
}
