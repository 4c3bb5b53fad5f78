//! An open till with everything that the commands need beside it: the real desk's, or the training one's.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};

use vezne_core::account::Account;
use vezne_core::ids::AccountId;
use vezne_core::ports::Clock;
use vezne_home::Papers;
use vezne_journal::Journal;
use vezne_settings::Settings;
use vezne_till::{Shown, Till};
use vezne_vault::ChainKey;

use crate::bank::BankWindows;
use crate::view::{Code, Fault, Practice};

/// An open till.
pub struct Session {
    /// The till.
    pub till: Till,
    /// The journal, for lists.
    pub journal: Arc<Journal>,
    /// Receipts, and the way to the printer.
    pub papers: Papers,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What the desk was told.
    pub settings: Settings,
    /// The accounts that can be used, by id.
    pub accounts: HashMap<AccountId, Account>,
    /// The bank's windows; `None` where there is no screen, as in tests.
    pub windows: Option<Arc<BankWindows>>,
    /// The chain's present key: new PINs are hashed under it.
    pub chain_key: ChainKey,
    /// The practice table, in training mode.
    pub training: Option<Practice>,
    /// Option lists that the window was shown, by the number it names at Pay; the newest 64 are kept.
    pub shown: Mutex<HashMap<u32, Shown>>,
    /// The next such number.
    pub next_list: AtomicU32,
}

impl Session {
    /// Whether there is a screen, on which other programs may be opened.
    #[must_use]
    pub const fn has_screen(&self) -> bool {
        self.windows.is_some()
    }

    /// Whether this is training: no money moves, and every paper and table says so.
    #[must_use]
    pub fn is_training(&self) -> bool {
        self.papers.is_training()
    }

    /// The bank's windows.
    ///
    /// # Errors
    /// [`Code::NoPage`] where there are none.
    pub fn bank(&self) -> Result<&Arc<BankWindows>, Fault> {
        self.windows.as_ref().ok_or(Fault::new(Code::NoPage))
    }
}

/// What the commands find in Tauri's state.
pub trait Sessions: Send + Sync {
    /// The open till, or why there is none.
    ///
    /// # Errors
    /// The fault to show.
    fn session(&self) -> Result<Arc<Session>, Fault>;
}
