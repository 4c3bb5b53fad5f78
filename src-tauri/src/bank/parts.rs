//! What the windows are put together from.

use std::sync::Arc;

use tokio::sync::mpsc;
use vezne_core::ports::{Clock, Entropy};
use vezne_home::{Loopback, Returned};
use vezne_settings::Settings;

/// What the windows are put together from.
pub struct PagesParts {
    /// The loop-back way.
    pub loopback: Arc<Loopback>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The settings.
    pub settings: Settings,
    /// Where returns go.
    pub returns: mpsc::Sender<Returned>,
}
