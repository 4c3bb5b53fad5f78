//! `kill -9` at chosen and at random moments of real payments, again and again, and after each restart the question whether
//! journal and ledger still agree.
//!
//! - [`dice`]: chance that repeats itself.
//! - [`plan`]: what is paid, what goes wrong and when the program falls, all from a [`kind`] and a seed; [`moment`] has the
//!   moments.
//! - [`trap`]: waits for the moment and kills; [`wire`] is its ear on the way to the gateways, [`victim`] what it kills.
//! - [`stand`]: one home that many payments fall in, with the practice gateways behind the wire.
//! - [`books`] and [`oracle`]: what the journal says and what the gateways would say; [`rules`] holds them against each other.
//! - [`drill`]: one payment killed, restarted and judged; [`shift`]: many of them in one home; [`window`]: by the desk.
//! - [`tally`]: the table that runs add up in.

pub mod books;
pub mod dice;
pub mod drill;
pub mod kind;
pub mod moment;
pub mod oracle;
pub mod plan;
pub mod rules;
pub mod shift;
pub mod stand;
pub mod tally;
pub mod trap;
pub mod victim;
pub mod window;
pub mod wire;
