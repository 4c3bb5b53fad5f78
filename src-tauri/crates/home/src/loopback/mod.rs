//! The bank's page in the system's browser, and its way back: a small HTTP server on this machine only.

mod browser;
mod form;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod pages;
mod registry;
mod serve;

use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::{OnceCell, mpsc};
use tokio::task::JoinHandle;
use vezne_core::account::{AccountRef, PagePlace};
use vezne_core::attempt::ReturnHint;
use vezne_core::ids::{AttemptId, Nonce};
use vezne_core::ports::{Answer, BankPage, BankPages, Entropy};

pub use browser::{Started, open_in_browser, secret_variables};
pub use form::{RETURN_BODY_BYTES, RETURN_QUERY_BYTES, return_fields};
use registry::Registry;

/// How many returns may wait for the till.
const RETURNS_QUEUED: usize = 64;

/// A return from the bank, already bound to its attempt by the nonce.
#[derive(Debug)]
pub struct Returned {
    /// The attempt.
    pub attempt: AttemptId,
    /// What it said: a hint.
    pub hint: ReturnHint,
}

/// Something a front tells its person about the bank's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The page waits in the browser.
    Opened {
        /// The attempt.
        attempt: AttemptId,
    },
    /// No browser could be opened: the person opens this address themselves, once, on this machine.
    OpenYourself {
        /// The attempt.
        attempt: AttemptId,
        /// The address; good for one use.
        address: String,
    },
}

/// Whoever is told.
pub type Notices = Arc<dyn Fn(Notice) + Send + Sync>;

/// Opens an address for a person; may block.
pub type Opener = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// The bank's pages in the system's browser.
///
/// It listens only once an attempt needs a return address. Dropping it ends the listening.
pub struct Loopback {
    entropy: Arc<dyn Entropy>,
    opener: Opener,
    notices: Notices,
    registry: Arc<Registry>,
    returns: mpsc::Sender<Returned>,
    port: OnceCell<u16>,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Loopback {
    /// A loop-back that is not listening yet, and the returns that it will catch.
    #[must_use]
    pub fn new(entropy: Arc<dyn Entropy>, opener: Opener, notices: Notices) -> (Arc<Self>, mpsc::Receiver<Returned>) {
        let (returns, caught) = mpsc::channel(RETURNS_QUEUED);
        let loopback = Self {
            entropy,
            opener,
            notices,
            registry: Arc::default(),
            returns,
            port: OnceCell::new(),
            serving: Mutex::default(),
        };
        (Arc::new(loopback), caught)
    }

    /// Where returns are handed in, for whoever else catches them.
    pub(crate) fn returns(&self) -> mpsc::Sender<Returned> {
        self.returns.clone()
    }

    async fn port(&self) -> Result<u16, String> {
        let port = self.port.get_or_try_init(|| async {
            let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
            let port = listener.local_addr()?.port();
            let serving = tokio::spawn(serve::serve(listener, port, Arc::clone(&self.registry), self.returns.clone()));
            *self.serving.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(serving);
            Ok(port)
        });
        port.await.copied().map_err(|error: std::io::Error| format!("no return from the bank can be caught: {error}"))
    }

    async fn address_for(&self, attempt: AttemptId) -> Result<String, String> {
        let port = self.port().await?;
        let nonce = self.registry.expect_return(attempt, Nonce::from_random(self.entropy.sixteen()));
        Ok(format!("http://127.0.0.1:{port}/return/{}", nonce.expose()))
    }

    /// Lays the page of an attempt ready at an address of this machine, where it can be fetched once.
    ///
    /// # Errors
    /// Words for a person when it can't be handed on.
    pub async fn lay_ready(&self, attempt: AttemptId, page: BankPage) -> Result<String, String> {
        pages::check(&page)?;
        let port = self.port().await?;
        // A page that changes its place half-way stands in no list here yet.
        self.registry.expect_return(attempt, Nonce::from_random(self.entropy.sixteen()));
        let nonce = Nonce::from_random(self.entropy.sixteen());
        // Also a page whose return address is none of ours: one that leaves its window for the browser.
        self.registry.expect_return(attempt, Nonce::from_random(self.entropy.sixteen()));
        self.registry.put_page(attempt, nonce, page);
        Ok(format!("http://127.0.0.1:{port}/bank/{}", nonce.expose()))
    }

    async fn show(&self, attempt: AttemptId, page: BankPage) -> Result<(), String> {
        let address = self.lay_ready(attempt, page).await?;
        let (opener, notices) = (Arc::clone(&self.opener), Arc::clone(&self.notices));
        // Not waited for: a browser in a terminal lives as long as its page.
        tokio::task::spawn_blocking(move || match opener(&address) {
            Ok(()) => notices(Notice::Opened { attempt }),
            Err(error) => {
                tracing::warn!(%attempt, %error, "no browser could be opened for the bank's page");
                notices(Notice::OpenYourself { attempt, address });
            }
        });
        Ok(())
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        let serving = self.serving.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(serving) = serving {
            serving.abort();
        }
    }
}

impl std::fmt::Debug for Loopback {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Loopback").field("port", &self.port.get()).finish_non_exhaustive()
    }
}

impl BankPages for Loopback {
    fn return_address(
        &self,
        attempt: AttemptId,
        _account: &AccountRef,
        _place: PagePlace,
    ) -> Answer<'_, Result<String, String>> {
        Box::pin(self.address_for(attempt))
    }

    fn open(&self, attempt: AttemptId, page: BankPage) -> Answer<'_, Result<(), String>> {
        Box::pin(self.show(attempt, page))
    }

    fn close(&self, attempt: AttemptId) -> Answer<'_, ()> {
        // A tab of someone's browser can't be closed from here; a page that was not fetched yet can be withheld.
        self.registry.take_page_of(attempt);
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests;
