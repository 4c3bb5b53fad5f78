#![doc = include_str!("../README.md")]

mod actor;
mod advance;
mod again;
mod ask;
mod authority;
mod close;
mod compare;
mod desk;
mod fitness;
mod handle;
mod held;
mod kept;
mod listed;
mod misses;
mod notes;
mod open;
mod operators;
mod overtaken;
mod portal;
mod prepare;
mod quote;
mod request;
mod returnable;
mod returns;
mod reverse;
mod send;
mod settle;
mod start;
mod steady;
mod task;
mod twins;
mod unwritten;
mod view;

pub use close::CloseError;
pub use handle::{Served, Till, TillParts};
pub use listed::{LIST_MOST, Settled};
pub use request::{
    Authority, GuardQuestion, ListedWord, OptionsRequest, PayError, PayMeans, PayRequest, PortalReturn,
    ReversalVerdict, ReverseError, ReverseRequest, ReverseSize, SettleError, SettleRequest, Shown, Verdict,
};
pub use returns::{ReturnsView, SumsView, Way, WhyNothing, WhyPortal, WhyRefund};
pub use view::{
    AlarmView, AttemptView, Change, ComparingView, ContradictionView, JournalState, Money as MoneyView, PaymentView,
    Progress, ReasonView, ReversalView, not_sent_code, vezne_code,
};
