#![doc = include_str!("../README.md")]

mod actor;
mod advance;
mod again;
mod ask;
mod authority;
mod desk;
mod fitness;
mod handle;
mod held;
mod kept;
mod misses;
mod notes;
mod open;
mod operators;
mod prepare;
mod quote;
mod request;
mod returnable;
mod reverse;
mod send;
mod settle;
mod start;
mod steady;
mod task;
mod twins;
mod unwritten;
mod view;

pub use handle::{Served, Till, TillParts};
pub use request::{
    Authority, GuardQuestion, OptionsRequest, PayError, PayMeans, PayRequest, ReverseError, ReverseRequest,
    ReverseSize, SettleError, SettleRequest, Shown, Verdict,
};
pub use view::{
    AlarmView, AttemptView, Change, JournalState, Money as MoneyView, PaymentView, Progress, ReasonView, ReversalView,
    not_sent_code, vezne_code,
};
