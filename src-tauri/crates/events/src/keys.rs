//! The keys of the chain, as the journal is handed them.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// The secret with which events are chained, and the id under which each event names it.
#[derive(Clone)]
pub struct ChainKey {
    id: String,
    secret: Zeroizing<[u8; 32]>,
}

impl ChainKey {
    /// A key of 32 secret bytes. The id is public: it stands in every event.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: Zeroizing<[u8; 32]>) -> Self {
        Self { id: id.into(), secret }
    }

    /// The id that events name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The bytes, for the keyed hashes of the chain and nothing else.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ChainKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How older keys are found: by the id that an event names; `None` when the key is lost.
pub type KeyLookup = Arc<dyn Fn(&str) -> Option<ChainKey> + Send + Sync>;

/// The key for new events, and the way to older ones.
#[derive(Clone)]
pub struct Keys {
    current: ChainKey,
    older: KeyLookup,
}

impl Keys {
    /// A key, and a look-up for those before it.
    pub fn new(current: ChainKey, older: impl Fn(&str) -> Option<ChainKey> + Send + Sync + 'static) -> Self {
        Self { current, older: Arc::new(older) }
    }

    /// One key, and none before it.
    #[must_use]
    pub fn only(current: ChainKey) -> Self {
        Self::new(current, |_| None)
    }

    /// The key for new events.
    #[must_use]
    pub const fn current(&self) -> &ChainKey {
        &self.current
    }

    /// The key of this id, if it is not lost.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<ChainKey> {
        if id == self.current.id { Some(self.current.clone()) } else { (self.older)(id) }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keys").field("current", &self.current).finish_non_exhaustive()
    }
}
