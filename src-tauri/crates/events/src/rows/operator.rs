//! An operator as it is looked up.

use vezne_core::ports::JournalFault;
use vezne_core::record::Operator;
use vezne_core::rights::Role;
use vezne_core::text::fold;

use crate::event::Event;

/// An operator as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct OperatorRow {
    /// The operator.
    pub operator_id: String,
    /// The desk.
    pub desk_id: String,
    /// The name that staff see.
    pub name: String,
    /// The folded name: unique.
    pub name_key: String,
    /// The role's word.
    pub role: String,
    /// The PIN's hash.
    pub pin_hash: String,
    /// When the operator was added, in milliseconds since 1970.
    pub added_ms: i64,
    /// The event's number.
    pub seq: i64,
}

/// The row of an operator.
#[must_use]
pub fn operator(operator: &Operator, event: &Event) -> OperatorRow {
    OperatorRow {
        operator_id: operator.id.to_string(),
        desk_id: event.desk_id.clone(),
        name: operator.name.as_str().to_owned(),
        name_key: fold(operator.name.as_str()),
        role: role_word(operator.role).to_owned(),
        pin_hash: operator.pin_hash.clone(),
        added_ms: event.at_ms,
        seq: event.seq,
    }
}

/// The word of a role in its column.
#[must_use]
pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Cashier => "cashier",
        Role::Supervisor => "supervisor",
    }
}

impl OperatorRow {
    /// The operator of this row.
    ///
    /// # Errors
    /// [`JournalFault::Unreadable`] when a column holds what no operator has.
    pub fn operator(&self) -> Result<Operator, JournalFault> {
        let unreadable = |what: &str| JournalFault::Unreadable(format!("the {what} of operator {}", self.operator_id));
        let role = [Role::Cashier, Role::Supervisor].into_iter().find(|role| role_word(*role) == self.role);
        Ok(Operator {
            id: self.operator_id.parse().map_err(|_| unreadable("id"))?,
            name: self.name.parse().map_err(|_| unreadable("name"))?,
            role: role.ok_or_else(|| unreadable("role"))?,
            pin_hash: self.pin_hash.clone(),
        })
    }
}
