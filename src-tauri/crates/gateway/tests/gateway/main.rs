//! Both gateways over real HTTP, against a server that answers with exactly the bytes a test wants.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests and their scripted server"
)]

mod finrota_pay;
mod once;
mod options;
mod pace;
mod reading;
mod reversals;
mod secrets;
mod server;
mod sign_in;
mod status;
mod tls;
mod world;
mod yolcu360_pay;
