//! The two HTTP clients of an account: one for reads, one for calls that move money.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect, retry};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::config::{ConnectError, GatewayConfig};

/// The clients of one account.
pub(crate) struct Clients {
    /// For sign-in, options, status: connections are kept and HTTP/2 may be used.
    pub(crate) reads: Client,
    /// For payments and reversals (`RULES.md` 5). reqwest repeats requests that an HTTP/2 server gave back or that met a
    /// connection closed while idle; here there is neither HTTP/2 nor an idle connection, and repeating is off.
    pub(crate) money: Client,
}

impl Clients {
    pub(crate) fn new(config: &GatewayConfig) -> Result<Self, ConnectError> {
        let reads = shared(config, &[b"h2", b"http/1.1"])?
            .retry(retry::never())
            .pool_idle_timeout(Duration::from_secs(30))
            .build();
        let money =
            shared(config, &[b"http/1.1"])?.retry(retry::never()).http1_only().pool_max_idle_per_host(0).build();
        Ok(Self { reads: reads.map_err(|_| ConnectError::Client)?, money: money.map_err(|_| ConnectError::Client)? })
    }
}

/// What both clients have in common. No redirect is followed by either: it would carry the token, or the card, to
/// wherever the answer says. No proxy is used, whatever the system or the environment names.
fn shared(config: &GatewayConfig, protocols: &[&[u8]]) -> Result<ClientBuilder, ConnectError> {
    let mut tls = tls(config)?;
    tls.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(config.base_url.scheme() == "https")
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(config.deadlines.connect)
        .user_agent(concat!("Vezne/", env!("CARGO_PKG_VERSION"))))
}

/// TLS 1.2 and 1.3 by ring, trusting what the operating system trusts.
fn tls(config: &GatewayConfig) -> Result<ClientConfig, ConnectError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| ConnectError::Client)?;
    if config.base_url.scheme() == "https" {
        return Ok(builder.with_platform_verifier().map_err(|_| ConnectError::Certificates)?.with_no_client_auth());
    }
    // Plain http on loop-back needs no certificates, and a machine without any must still run practice accounts.
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}
