//! The till with every port simulated: what is written down before what is done, and what becomes of it.

#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(test)]
mod bank_page;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod journal_faults;
#[cfg(test)]
mod order;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod sent_once;
