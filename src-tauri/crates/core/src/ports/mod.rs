//! What the till asks of the world. A port exists only where two implementations do: the real thing, and a simulated one.

mod gateway;
mod journal;

pub use gateway::{
    BankPage, Gateway, OptionsQuestion, OptionsTicket, OrderSummary, PayAnswerOrOrder, PayCall, PayResult, Rate,
    ReadFault, ReversalBaseline, ReversalCall, TryOut,
};
pub use journal::{CardTrace, Journal, JournalFault, MissingSpan, PaymentHistory, Unfinished};

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::account::PagePlace;
use crate::ids::AttemptId;
use crate::record::Operator;
use crate::time::Timestamp;

/// A future that a port returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Waits until then; returns at once when it has passed. Sleeping follows a monotonic clock.
    fn sleep_until(&self, until: Timestamp) -> Answer<'static, ()>;
}

/// Randomness for ids, references and nonces.
pub trait Entropy: Send + Sync {
    /// Sixteen random bytes.
    fn sixteen(&self) -> [u8; 16];
}

/// Where the bank's page is shown, and where returns are caught.
pub trait BankPages: Send + Sync {
    /// A return address for an attempt, made before the payment is sent, for a page that will be shown in that place.
    ///
    /// # Errors
    /// Words for a person when no return can be caught (nothing has been sent then).
    fn return_address(
        &self,
        attempt: AttemptId,
        account: &crate::account::AccountRef,
        place: PagePlace,
    ) -> Answer<'_, Result<String, String>>;

    /// Shows the page of an attempt.
    ///
    /// # Errors
    /// Words for a person when it can't be shown.
    fn open(&self, attempt: AttemptId, page: BankPage) -> Answer<'_, Result<(), String>>;

    /// Closes the page of an attempt, if it is open.
    fn close(&self, attempt: AttemptId) -> Answer<'_, ()>;
}

/// Checks PINs.
pub trait Pins: Send + Sync {
    /// Whether the PIN is this operator's. `None` stands for an unknown name and must take as long.
    fn verify<'a>(&'a self, operator: Option<&'a Operator>, pin: &'a str) -> Answer<'a, bool>;

    /// Whether this operator's PIN can be checked at all: not when it was set under a key that is lost for good.
    fn can_verify<'a>(&'a self, operator: &'a Operator) -> Answer<'a, bool>;
}

/// Shared handles to the ports that the till needs.
#[derive(Clone)]
pub struct Ports {
    /// The journal.
    pub journal: Arc<dyn Journal>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The bank's pages.
    pub pages: Arc<dyn BankPages>,
    /// PINs.
    pub pins: Arc<dyn Pins>,
}
