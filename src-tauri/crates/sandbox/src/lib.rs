#![doc = include_str!("../README.md")]

mod answer;
mod apply;
mod bank;
mod card_table;
mod clock;
mod dispatch;
mod fault;
mod fault_file;
mod fields;
mod finrota;
mod ledger;
mod money;
mod options;
mod order_table;
mod practice;
mod request;
mod scene;
mod server;
#[cfg(test)]
mod tests;
mod tls;
mod wire;
mod world;
mod yolcu360;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use crate::bank::PRACTICE_CODE;
pub use crate::fault::{Call, CutPoint, Fault, FaultRule, Gateway, Occurrence, When};
pub use crate::fault_file::{FaultFileError, parse_faults};
pub use crate::finrota::{FINROTA_API_KEY, FINROTA_SECRET_KEY};
pub use crate::ledger::{Charge, ChargeKind, Counts, LedgerSnapshot, RequestSeen, Reversal};
pub use crate::practice::{PracticeCard, PracticeOrder, practice_cards, practice_orders};
pub use crate::yolcu360::{YOLCU360_KEY, YOLCU360_SECRET};

use crate::bank::Session;
use crate::server::{Door, Shared};
use crate::world::{Knobs, Origins, World};

/// How the sandbox is started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The port on loop-back; 0 takes any free one.
    pub port: u16,
    /// Rules that are armed from the start.
    pub faults: Vec<FaultRule>,
    /// How long a scene that never answers keeps the connection open. Default 150 s, longer than any client should wait.
    pub hold: Duration,
    /// The bank's timers: a late return, a frame's timer, a status that shows late. Default 3 s.
    pub bank_delay: Duration,
    /// How long access tokens live. Default 24 h, as Finrota's do.
    pub token_lifetime: Duration,
    /// Whether the documented limits of Yolcu360 (30, 10 and 100 a minute) answer 429. Default true.
    pub limit_rates: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            port: 0,
            faults: Vec::new(),
            hold: Duration::from_secs(150),
            bank_delay: Duration::from_secs(3),
            token_lifetime: Duration::from_secs(24 * 60 * 60),
            limit_rates: true,
        }
    }
}

/// A challenge as the gateway knows it: what a bank that meant ill would know too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeSeen {
    /// Finrota's `clientReferenceCode` or Yolcu360's order id.
    pub key: String,
    /// Where the customer is sent back to.
    pub return_url: String,
}

/// A running sandbox: both gateways, the bank and the ledger on one port. Dropping it ends it.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    port: u16,
    stop: watch::Sender<bool>,
    accepting: [JoinHandle<()>; 2],
}

impl Sandbox {
    /// Starts on loop-back.
    ///
    /// # Errors
    /// When the port, or a second one for https, cannot be had.
    pub async fn start(settings: Settings) -> std::io::Result<Sandbox> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await?;
        let port = listener.local_addr()?.port();
        let tls_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let tls_port = tls_listener.local_addr()?.port();
        let knobs = Knobs {
            bank_delay: settings.bank_delay,
            token_lifetime: settings.token_lifetime,
            limit_rates: settings.limit_rates,
        };
        let origins =
            Origins { plain: format!("http://127.0.0.1:{port}"), tls: format!("https://127.0.0.1:{tls_port}") };
        let world = World::new(knobs, origins, settings.faults);
        let shared = Arc::new(Shared::new(world, settings.hold));
        let (stop, stopped) = watch::channel(false);
        let tls = Door::Tls(tls::acceptor()?);
        let accepting = [
            tokio::spawn(server::serve(listener, Door::Plain, Arc::clone(&shared), stopped.clone())),
            tokio::spawn(server::serve(tls_listener, tls, Arc::clone(&shared), stopped)),
        ];
        Ok(Sandbox { shared, port, stop, accepting })
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The base address of Finrota for an account's `base_url`.
    pub fn finrota_url(&self) -> String {
        self.url("/finrota")
    }

    /// The base address of Yolcu360 for an account's `base_url`.
    pub fn yolcu360_url(&self) -> String {
        self.url("/yolcu360/api/v1")
    }

    /// Where the bank's pages live.
    pub fn bank_url(&self) -> String {
        self.url("/bank")
    }

    /// Where the ledger is read.
    pub fn ledger_url(&self) -> String {
        self.url("/ledger")
    }

    /// The port that was taken.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What was really charged so far; the same as `GET /ledger`.
    pub fn ledger(&self) -> LedgerSnapshot {
        self.shared.with(|world| world.ledger.snapshot.clone())
    }

    /// The requests seen so far, oldest first; the same as `GET /ledger/requests`. The newest 10 000 are kept.
    pub fn requests(&self) -> Vec<RequestSeen> {
        self.shared.with(|world| world.ledger.requests.iter().cloned().collect())
    }

    /// The challenges that were opened so far, in no order.
    pub fn challenges(&self) -> Vec<ChallengeSeen> {
        self.shared.with(|world| {
            let seen = |session: &Session| ChallengeSeen {
                key: session.purchase.key.clone(),
                return_url: session.purchase.return_url.to_string(),
            };
            world.sessions.values().map(seen).collect()
        })
    }

    /// Arms one more rule.
    pub fn add_fault(&self, rule: FaultRule) {
        self.shared.with(|world| world.armed.add(rule));
    }

    /// Disarms all rules.
    pub fn clear_faults(&self) {
        self.shared.with(|world| world.armed.clear());
    }

    /// Ends all connections and frees the port.
    pub async fn stop(self) {
        // The receivers live in the accepting tasks, so a failed send means that they are gone already.
        let _ = self.stop.send(true);
        for accepting in self.accepting {
            if let Err(error) = accepting.await {
                tracing::warn!(%error, "the sandbox ended badly");
            }
        }
    }
}
