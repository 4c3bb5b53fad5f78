#![doc = include_str!("../README.md")]

mod account;
mod body;
mod call;
mod challenge;
mod client;
mod config;
mod errors;
mod field;
mod finrota;
mod money;
mod rate;
pub mod reading;
mod retry;
mod secret_body;
mod token;
mod yolcu360;

use std::sync::Arc;

use vezne_core::account::GatewayKind;
use vezne_core::ports::Gateway;

pub use challenge::is_private;
pub use config::{ConnectError, Deadlines, GatewayConfig, Login, endpoint, fingerprint, is_loopback};

/// The gateway of one merchant account. Nothing is sent yet.
///
/// # Errors
/// When the address may not be spoken to (plain http off loop-back), or its certificates could not be checked.
pub fn connect(config: GatewayConfig, login: Login) -> Result<Arc<dyn Gateway>, ConnectError> {
    Ok(match config.kind {
        GatewayKind::Finrota => Arc::new(finrota::Finrota::new(config, login)?),
        GatewayKind::Yolcu360 => Arc::new(yolcu360::Yolcu360::new(config, login)?),
    })
}
