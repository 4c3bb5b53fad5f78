//! The till with every port simulated: what is written down before what is done, and what becomes of it.

#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(test)]
mod after_final;
#[cfg(test)]
mod bank_page;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod held;
#[cfg(test)]
mod journal_faults;
#[cfg(test)]
mod listeners;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod order;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod overtaken;
#[cfg(test)]
mod pins;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod reversals;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod same_card;
#[cfg(test)]
mod sent_once;
#[cfg(test)]
mod set_aside;
#[cfg(test)]
mod views;
#[cfg(test)]
mod without_query;
