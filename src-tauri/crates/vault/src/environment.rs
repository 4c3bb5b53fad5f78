use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use crate::error::VaultError;

/// Where environment variables are read from.
#[derive(Debug, Clone)]
pub enum Environment {
    /// This process's own.
    Process,
    /// Exactly these. With them the vault keeps away from the operating system's keychain, so that a test cannot write into
    /// the keychain of whoever runs it.
    Given(BTreeMap<String, SecretString>),
}

impl Environment {
    /// Exactly these variables.
    pub fn given<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::Given(variables.into_iter().map(|(name, value)| (name.to_owned(), SecretString::from(value))).collect())
    }

    /// A variable's value; an empty one counts as not set.
    pub(crate) fn get(&self, variable: &str) -> Result<SecretString, VaultError> {
        let missing = || VaultError::EnvironmentMissing { variable: variable.to_owned() };
        let value = match self {
            Self::Process => match std::env::var(variable) {
                Ok(value) => SecretString::from(value),
                Err(std::env::VarError::NotPresent) => return Err(missing()),
                Err(std::env::VarError::NotUnicode(_)) => {
                    let variable = variable.to_owned();
                    return Err(VaultError::EnvironmentWrong { variable, allowed: "text in UTF-8" });
                }
            },
            Self::Given(variables) => variables.get(variable).cloned().ok_or_else(missing)?,
        };
        // Exposed only to see whether there is anything.
        if value.expose_secret().is_empty() { Err(missing()) } else { Ok(value) }
    }

    /// Whether a switch is on: set, and not `0`.
    pub(crate) fn is_on(&self, variable: &str) -> bool {
        self.get(variable).is_ok_and(|value| value.expose_secret() != "0")
    }
}
