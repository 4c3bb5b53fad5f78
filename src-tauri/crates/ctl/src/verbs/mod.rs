//! One file a verb.

pub(crate) mod ask;
pub(crate) mod backup;
pub(crate) mod close;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod note;
pub(crate) mod operator_add;
pub(crate) mod operator_list;
pub(crate) mod options;
pub(crate) mod pay;
pub(crate) mod printer;
pub(crate) mod rebuild;
pub(crate) mod receipt;
pub(crate) mod record_return;
pub(crate) mod repair;
pub(crate) mod resolve;
pub(crate) mod reverse;
pub(crate) mod sandbox;
pub(crate) mod set_aside;
pub(crate) mod show;
pub(crate) mod verify;
