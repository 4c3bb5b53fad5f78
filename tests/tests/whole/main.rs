//! The whole product, played from outside: the real `veznectl`, real HTTP, a real file, and the sandbox's ledger as the
//! witness. One program, so that tests which wait do so side by side.

mod asking_is_off;
mod at_the_bank;
mod canaries;
mod closes;
mod damage;
mod full_later;
mod leaks;
mod refusals;
mod restart;
mod reversals;
mod rows;
mod sales;
mod truth;
