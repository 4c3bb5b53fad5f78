use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::PASSPHRASE_VARIABLE;
use crate::environment::Environment;
use crate::error::VaultError;

/// The shortest passphrase that a person may choose at the prompt.
const SHORTEST: usize = 8;

type Prompt = dyn Fn(PassphraseRequest) -> Option<SecretString> + Send + Sync;

/// What the passphrase is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassphraseRequest {
    /// To open the sealed file that is there.
    Open,
    /// To make a new sealed file: ask twice, and say that a lost passphrase cannot be recovered.
    Choose,
}

/// Where the sealed file's passphrase comes from: `VEZNE_PASSPHRASE` first, then whoever may be asked.
#[derive(Clone)]
pub enum PassphraseSource {
    /// The environment only: for scripts.
    Environment,
    /// A question when the environment is silent. It may block as long as a person needs; `None` means given up.
    Prompt(Arc<Prompt>),
}

impl PassphraseSource {
    /// Asks `question` when the environment is silent.
    pub fn prompt(question: impl Fn(PassphraseRequest) -> Option<SecretString> + Send + Sync + 'static) -> Self {
        Self::Prompt(Arc::new(question))
    }

    pub(crate) fn get(
        &self,
        environment: &Environment,
        request: PassphraseRequest,
    ) -> Result<SecretString, VaultError> {
        match environment.get(PASSPHRASE_VARIABLE) {
            Ok(passphrase) => return Ok(passphrase),
            Err(VaultError::EnvironmentMissing { .. }) => {}
            Err(other) => return Err(other),
        }
        let asked = match self {
            Self::Environment => None,
            Self::Prompt(question) => question(request),
        };
        // Exposed only to be counted.
        let passphrase =
            asked.filter(|typed| !typed.expose_secret().is_empty()).ok_or(VaultError::PassphraseMissing)?;
        match request {
            PassphraseRequest::Choose if passphrase.expose_secret().chars().count() < SHORTEST => {
                Err(VaultError::PassphraseTooShort { shortest: SHORTEST })
            }
            PassphraseRequest::Choose | PassphraseRequest::Open => Ok(passphrase),
        }
    }
}

impl fmt::Debug for PassphraseSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Prompt(_) => "Prompt",
        })
    }
}
